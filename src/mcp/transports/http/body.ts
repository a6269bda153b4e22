/** Reads the body of a request: JSON in UTF-8, of one message or a batch. */
import { isJsonContentType, type JSONRPCMessage } from "@modelcontextprotocol/server";
import { parseJson } from "../../../common/json.ts";
import { batchProblem, type RpcError, readMessage, rpcError } from "../messages.ts";
import type { RefusalCode } from "./refusal-log.ts";
import { refusal } from "./rpc-error.ts";

export type Body = JSONRPCMessage | JSONRPCMessage[];

/** `instead` is to be handled although the body is refused. */
type Read<T> = { value: T } | { refused: Response; instead?: JSONRPCMessage | undefined };

const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** Why a body of this type cannot be read. */
const typeProblem = (headers: Headers): string | undefined => {
  const type = headers.get("content-type");
  if (!isJsonContentType(type))
    return "Unsupported Media Type: Content-Type must be application/json";
  if (!/^(utf-?8|us-ascii)$/i.test(charset.exec(type ?? "")?.[1] ?? "utf-8"))
    return "Unsupported Media Type: the body must be in UTF-8";
  return /^(identity)?$/i.test(headers.get("content-encoding") ?? "")
    ? undefined
    : "Unsupported Media Type: the body must be sent without a Content-Encoding";
};

/** The bytes of the body as text. Undefined if there are too many. Throws if they are not UTF-8. */
const readText = async (request: Request, most: number): Promise<string | undefined> => {
  if (Number(request.headers.get("content-length")) > most) return undefined;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  let text = "";
  // Not cancelled where it is too long: the connection must carry the response.
  const reader = request.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return text + decoder.decode();
    size += value.byteLength;
    if (size > most) return undefined;
    text += decoder.decode(value, { stream: true });
  }
};

const parseError = (why: string): { refused: Response } => ({
  refused: refusal(400, `Parse error: ${why}`, { code: -32700 }),
});

const parse = (text: string): Read<unknown> => {
  if (text === "") return parseError("the body is empty");
  return parseJson(text) ?? parseError("the body is not valid JSON");
};

const refuse = (error: RpcError): { refused: Response } => ({
  refused: Response.json(error, { status: 400 }),
});

type One = { value: JSONRPCMessage } | { error: RpcError; instead?: JSONRPCMessage | undefined };

const readOne = (value: unknown): One => {
  const incoming = readMessage(value);
  if ("message" in incoming) return { value: incoming.message };
  if ("refused" in incoming) return { error: incoming.refused };
  // HTTP refuses a broken notification too, because a status is not an answer to it.
  return { error: rpcError(null, -32600, incoming.ignored), instead: incoming.instead };
};

/** A batch with a broken message is refused as a whole, so that nothing is done twice when it is sent again. */
const readBatch = (values: readonly unknown[]): Read<Body> => {
  const problem = batchProblem(values);
  if (problem !== undefined) return refuse(problem);
  const batch: JSONRPCMessage[] = [];
  for (const [index, value] of values.entries()) {
    const one = readOne(value);
    if ("error" in one) {
      const why = `In message ${index + 1} of the batch: ${one.error.error.message}`;
      return { ...refuse(rpcError(null, -32600, why)), instead: one.instead };
    }
    batch.push(one.value);
  }
  return { value: batch };
};

/** Reads JSON. `onRefused` is told of what an operator may want to know. */
export const readJson = async (
  request: Request,
  bodyBytes: number,
  onRefused: (code: RefusalCode) => void,
): Promise<Read<unknown>> => {
  const problem = typeProblem(request.headers);
  if (problem !== undefined) {
    onRefused("unsupported_media_type");
    return { refused: refusal(415, problem, { headers: { "accept-encoding": "identity" } }) };
  }
  let text: string | undefined;
  try {
    text = await readText(request, bodyBytes);
  } catch (error) {
    // A client that leaves within its request is nothing for the log.
    return parseError(error instanceof TypeError ? "the body is not UTF-8" : "the body broke off");
  }
  if (text === undefined) {
    onRefused("body_too_large");
    const headers = { connection: "close" };
    return { refused: refusal(413, `The body has more than ${bodyBytes} bytes`, { headers }) };
  }
  // Drops a byte order mark too.
  return parse(text.trim());
};

/** Reads one message or a batch. */
export const readBody = async (...given: Parameters<typeof readJson>): Promise<Read<Body>> => {
  const parsed = await readJson(...given);
  if ("refused" in parsed) return parsed;
  const { value } = parsed;
  if (Array.isArray(value)) return readBatch(value);
  const one = readOne(value);
  return "error" in one ? { ...refuse(one.error), instead: one.instead } : one;
};
