/** A transport for lines of JSON on two streams. Answers each line that is not JSON or too long, and goes on with the next. */
import type { Readable, Writable } from "node:stream";
import { parseJson } from "../../common/json.ts";
import type { Transport } from "./connection.ts";
import { batchProblem, rpcError } from "./messages.ts";

/** The most bytes in a line. */
export const mostBytes = 10 * 1024 * 1024;

const lineBreak = 10;

export type LineOptions = {
  input: Readable;
  output: Writable;
  /** Called when a line is skipped because it is too long. */
  onTooLong(): void;
};

/** Splits chunks into lines. Of a line that is too long, nothing is kept. */
const createSplitter = (onLine: (line: string) => void, onTooLong: () => void) => {
  let parts: Buffer[] = [];
  let size = 0;
  let skips = false;

  const end = (last: Buffer) => {
    const whole = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    const skipped = skips;
    [parts, size, skips] = [[], 0, false];
    if (!skipped) onLine(whole.toString("utf8"));
  };
  const skip = () => {
    if (!skips) onTooLong();
    [parts, skips] = [[], true];
  };
  const add = (part: Buffer): boolean => {
    size += part.length;
    if (size > mostBytes) skip();
    return !skips;
  };

  return {
    push: (chunk: Buffer) => {
      let start = 0;
      for (;;) {
        const index = chunk.indexOf(lineBreak, start);
        const part = chunk.subarray(start, index < 0 ? undefined : index);
        const isKept = add(part);
        if (index < 0) {
          if (isKept && part.length > 0) parts.push(part);
          return;
        }
        end(part);
        start = index + 1;
      }
    },
    /** The last line need not have a line break. */
    finish: () => end(Buffer.alloc(0)),
  };
};

/** Creates the transport. It does not close itself at the end of the input: calls that are running must still be answered. */
export const createLineTransport = ({ input, output, onTooLong }: LineOptions): Transport => {
  let closed = false;
  const send: Transport["send"] = (message) =>
    closed
      ? Promise.reject(new Error("The transport is closed"))
      : new Promise((resolve, reject) => {
          output.write(`${JSON.stringify(message)}\n`, (error) =>
            error ? reject(error) : resolve(),
          );
        });
  const answer = (error: unknown) => void send(error).catch(() => {});

  const onLine = (line: string) => {
    // Drops the byte order mark too, and the carriage return of a line end from Windows.
    const text = line.trim();
    if (text === "") return;
    const parsed = parseJson(text);
    if (parsed === undefined)
      return answer(rpcError(null, -32700, "Parse error: the line is not valid JSON"));
    const { value } = parsed;
    if (!Array.isArray(value)) return transport.onmessage?.(value);
    // Only protocol 2025-03-26 has batches. Its hosts must take responses that come one by one.
    const problem = batchProblem(value);
    if (problem !== undefined) return answer(problem);
    for (const member of value) transport.onmessage?.(member);
  };
  const splitter = createSplitter(onLine, () => {
    onTooLong();
    const why = `Invalid Request: the line has more than ${mostBytes} bytes and was skipped`;
    answer(rpcError(null, -32600, why));
  });
  const onError = (error: Error) => transport.onerror?.(error);

  const transport: Transport = {
    start: async () => {
      input.on("data", splitter.push).on("end", splitter.finish).on("error", onError);
    },
    send,
    close: async () => {
      if (closed) return;
      closed = true;
      input.off("data", splitter.push).off("end", splitter.finish).off("error", onError);
      input.pause();
      transport.onclose?.();
    },
  };
  return transport;
};
