/** The endpoint of the program, spoken to in single HTTP requests: for what a well-behaved client would never send or show. */
import { request as open } from "node:http";
import { serveBundle } from "./bundle.ts";
import { type ProgramOptions, startOverHttp } from "./in-process.ts";
import { isBundle } from "./program.ts";
import { type Era, eras } from "./raw.ts";
import { within } from "./until.ts";

export { eras };

const info = { name: "raw", version: "1.0.0" };

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": info,
};

type Headers = Record<string, string>;
type Params = Record<string, unknown>;

const basic = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A message of the era of 2026 with the headers that it needs. */
export const modern = (method: string, params: Params = {}, meta: Params = {}) => ({
  headers: {
    ...basic,
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof params.name === "string" ? { "mcp-name": params.name } : {}),
  } as Headers,
  body: { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: { ...envelope, ...meta } } },
});

export const initialize = {
  headers: basic as Headers,
  body: {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: { elicitation: {} }, clientInfo: info },
  },
};

/** A message of the era of 2025 within a session. */
export const legacy = (
  session: string,
  method: string,
  params: Params = {},
  id: number | null = 1,
) => ({
  headers: { ...basic, "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" } as Headers,
  body: { jsonrpc: "2.0", ...(id === null ? {} : { id }), method, params },
});

export type Sendable = { headers: Headers; body: unknown };

export const post = (
  url: string,
  { headers, body }: Sendable,
  more: Headers = {},
  init: RequestInit = {},
) =>
  fetch(url, {
    method: "POST",
    headers: { ...headers, ...more },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });

/** The messages of an answer, whether it is JSON or a stream. */
const messagesOf = async (response: Response): Promise<any[]> => {
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("application/json"))
    return [JSON.parse(text)];
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice(6)));
};

/** The answer to the request itself, after all that was told on the way. */
export const answerOf = async (response: Response): Promise<any> =>
  (await messagesOf(response)).at(-1);

/** Opens a session and gives its id. */
export const openSession = async (url: string, more: Headers = {}): Promise<string> => {
  const response = await post(url, initialize, more);
  await response.text();
  const session = response.headers.get("mcp-session-id");
  if (session === null) throw new Error(`no session: ${response.status}`);
  await (await post(url, legacy(session, "notifications/initialized", {}, null), more)).text();
  return session;
};

/** Calls a tool in either era; `more` are headers. */
export const callTool = async (
  url: string,
  era: Era,
  name: string,
  args: object,
  more: Headers = {},
) => {
  const params = { name, arguments: args };
  const message =
    era === "2026"
      ? modern("tools/call", params)
      : legacy(await openSession(url, more), "tools/call", params);
  return answerOf(await post(url, message, more));
};

/** A request with headers that `fetch` would not send, such as Host. */
export const send = (
  url: string,
  method: string,
  headers: Headers,
  body = "",
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
      );
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });

export type HttpServed = {
  /** The endpoint, and the address of another path. */
  url: string;
  at(path: string): string;
  /** The metrics, where they have a port of their own. */
  metricsUrl: string | undefined;
  /** What it prints: nothing where it runs in this process. */
  stdout(): string;
  stderr(): string;
  /** Of its process; 0 where it runs in this one. */
  pid: number;
  /** Has the token file read again. */
  reload(): void;
  /** Ends it as a signal does, and gives the exit code. */
  end(signal?: NodeJS.Signals, boundMs?: number): Promise<number | null>;
};

/** Starts `http` on a free port. */
export const serveHttp = async (
  args: string[] = [],
  env: Record<string, string> = {},
  { bundle = isBundle, ...more }: Omit<ProgramOptions, "args" | "env"> & { bundle?: boolean } = {},
): Promise<HttpServed> => {
  if (!bundle) {
    const server = await startOverHttp({ args, env, ...more });
    return {
      ...server,
      stdout: () => "",
      pid: 0,
      at: (path) => new URL(path, server.url).href,
      end: (_signal, boundMs = 5000) => within(boundMs, server.end(), "the end").then(() => 0),
    };
  }
  const { line, stdout, stderr, child, pid, end } = await serveBundle(
    ["http", ...(args.includes("--port") ? [] : ["--port", "0"]), ...args],
    env,
  );
  const url = line.url ?? "";
  return {
    url,
    metricsUrl: line.metricsUrl,
    at: (path) => new URL(path, url).href,
    stdout,
    stderr,
    pid,
    reload: () => void child.kill("SIGHUP"),
    end: (signal = "SIGTERM", boundMs) => end(signal, boundMs),
  };
};
