/** One HTTP exchange as it was on the wire, kept so that it can be repeated to the byte. */
import { type IncomingMessage, request as open, type ServerResponse } from "node:http";

export type Sent = { method: string; path: string; headers: string[]; body: Buffer };

export type Got = {
  status: number;
  headers: string[];
  body: Buffer;
  /** How the connection broke before the answer was whole. */
  broken?: "reset" | "closed";
};

export const read = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const hop = /^(host|connection|keep-alive|transfer-encoding)$/i;

const onward = (headers: string[]): string[] =>
  headers.flatMap((name, index) =>
    index % 2 === 0 && !hop.test(name) ? [name, headers[index + 1] ?? ""] : [],
  );

const howOf = (error: unknown): "reset" | "closed" =>
  error instanceof Error && /^read ECONNRESET/.test(error.message) ? "reset" : "closed";

/** Repeats a request at another address. Never throws for the network: `broken` says what happened. */
export const exchange = (
  base: string,
  sent: Sent,
  signal: AbortSignal,
  more: string[] = [],
): Promise<Got> =>
  new Promise((resolve) => {
    const none = { status: 0, headers: [], body: Buffer.alloc(0) };
    const { host } = new URL(base);
    const headers = [...onward(sent.headers), "Host", host, ...more];
    const outgoing = open(`${base}${sent.path}`, { method: sent.method, headers, signal });
    outgoing.on("error", (error) => resolve({ ...none, broken: howOf(error) }));
    outgoing.on("response", (answer) => {
      const chunks: Buffer[] = [];
      const got = (): Got => ({
        status: answer.statusCode ?? 0,
        headers: answer.rawHeaders,
        body: Buffer.concat(chunks),
      });
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve(got()));
      answer.on("error", (error) => resolve({ ...got(), broken: howOf(error) }));
    });
    outgoing.end(sent.body);
  });

/** Repeats an answer, broken as it was. */
export const deliver = (outgoing: ServerResponse, got: Got): void => {
  const { socket } = outgoing;
  if (outgoing.destroyed || socket === null) return;
  if (got.broken !== undefined && got.status === 0)
    return void (got.broken === "reset" ? socket.resetAndDestroy() : socket.destroy());
  outgoing.sendDate = false;
  outgoing.writeHead(got.status, onward(got.headers));
  if (got.broken === undefined) outgoing.end(got.body);
  else outgoing.write(got.body, () => socket.destroy());
};
