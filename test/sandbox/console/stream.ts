/** A watcher of a sandbox: what the console's page hears, without a browser. */
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { onTestFinished } from "vitest";

type Message = Record<string, any>;

export type Stream = {
  response: IncomingMessage;
  /** All messages so far. */
  messages: Message[];
  /** All that came, as text. */
  text(): string;
  /** The rows that a page would show now, by their keys. */
  rows(): Map<string, Message>;
  /** The requests that a page would show now. */
  requests(): Message[];
  close(): void;
};

/** Sends a request with Node's own client, because fetch does not let a test forge Host, or write a path as it likes. */
export const ask = (
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
  path = new URL(url).pathname,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, path, agent: false }, (response) => {
      let text = "";
      const end = () => resolve({ status: response.statusCode, headers: response.headers, text });
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        // A stream does not end by itself.
        if (!text.includes("data: ")) return;
        end();
        response.destroy();
      });
      response.on("end", end);
    });
    sent.on("error", reject).end();
  });

const applied = (messages: readonly Message[]) => {
  const rows = new Map<string, Message>();
  const requests = new Map<number, Message>();
  for (const message of messages) {
    if (message.whole) rows.clear();
    if (message.forgets) requests.clear();
    for (const row of message.rows ?? []) rows.set(row.key, row);
    for (const key of message.gone ?? []) rows.delete(key);
    for (const one of message.requests ?? []) requests.set(one.number, one);
  }
  return { rows, requests: [...requests.values()] };
};

/** Watches a sandbox until the test ends. Resolves with the first message. */
export const watch = async (url: string): Promise<Stream> => {
  const messages: Message[] = [];
  let whole = "";
  let rest = "";
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/_sandbox/events`, { agent: false }, resolve).on("error", reject).end();
  });
  onTestFinished(() => void response.destroy());
  response.on("error", () => {});
  response.setEncoding("utf8").on("data", (part: string) => {
    whole += part;
    const lines = `${rest}${part}`.split("\n\n");
    rest = lines.pop() ?? "";
    for (const line of lines)
      if (line.startsWith("data: ")) messages.push(JSON.parse(line.slice("data: ".length)));
  });
  const stream = {
    response,
    messages,
    text: () => whole,
    rows: () => applied(messages).rows,
    requests: () => applied(messages).requests,
    close: () => void response.destroy(),
  };
  await soon(() => messages.length > 0);
  return stream;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds that the sandbox tells by itself. */
export const soon = async (holds: () => boolean): Promise<void> => {
  for (let n = 0; n < 1000 && !holds(); n += 1) await pause(10);
  if (!holds()) throw new Error("It never came to hold.");
};
