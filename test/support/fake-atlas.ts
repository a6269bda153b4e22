/** A tiny HTTP server that answers as a test says and remembers what arrived: for what the sandbox would never answer. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Seen = {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
};

/** Answers one request; returning undefined leaves it to the defaults: a token, or 404. */
export type Responder = (
  seen: Seen,
  response: ServerResponse,
  count: number,
) => boolean | undefined;

export type FakeAtlas = {
  url: string;
  seen: Seen[];
  /** Requests to the Admin API, without those for tokens. */
  api(): Seen[];
  close(): Promise<void>;
};

/** An error body of Atlas has the status in it, whatever else a test leaves out. */
const asError = (status: number, body: object): object =>
  status >= 400 && status < 500 && !Array.isArray(body) ? { error: status, ...body } : body;

/** Answers with JSON; an object with a 4xx becomes an error of Atlas. A string is sent as it is. */
export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  const isObject = typeof body === "object" && body !== null;
  const told = isObject ? asError(status, body) : body;
  response.end(typeof told === "string" ? told : JSON.stringify(told));
  return true;
};

export const startFakeAtlas = async (respond: Responder): Promise<FakeAtlas> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one: Seen = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      seen.push(one);
      if (respond(one, response, seen.length)) return;
      if (one.path === "/api/oauth/token")
        json(response, 200, {
          access_token: `token-${seen.length}`,
          expires_in: 3600,
          token_type: "Bearer",
        });
      else if (one.path === "/api/oauth/revoke") json(response, 200, "");
      else
        json(response, 404, {
          error: 404,
          errorCode: "RESOURCE_NOT_FOUND",
          detail: "Cannot find resource.",
          reason: "Not Found",
          parameters: [],
        });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    api: () => seen.filter((one) => one.path.startsWith("/api/atlas/")),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
