/** The endpoint: every message to the leg of its era, once it is known to be small, JSON and not beyond its caller. */
import {
  createMcpHandler,
  isJSONRPCRequest,
  isJsonContentType,
  isLegacyRequest,
  type McpServer,
  readRequestBody,
  type Server,
} from "@modelcontextprotocol/server";
import { type Caller, operator } from "../../../policy/caller.ts";
import { refusal } from "./rpc-error.ts";
import { createSessions, type SessionLimits, type Sessions } from "./sessions.ts";

/** A fresh server for a principal: of one request in the era of 2026, of one session before. */
export type ServerFactory = (
  principal: Caller,
  cacheScope: "public" | "private",
) => Server | McpServer;

export type EndpointOptions = {
  factory: ServerFactory;
  cacheScope: "public" | "private";
  limits: SessionLimits & { bodyBytes: number };
  /** Whether new calls are refused because the end has come. */
  isDraining(): boolean;
  onError(error: Error): void;
};

/** Refuses a body that was read, or lets it pass. */
export type Admission = (body: unknown) => Response | undefined;

export type Endpoint = {
  serve(request: Request, principal: Caller, admit: Admission): Promise<Response>;
  sessions: Sessions;
  close(): Promise<void>;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const startsWork = (body: unknown): boolean =>
  [body].flat().some((message) => isJSONRPCRequest(message));

export const createEndpoint = (options: EndpointOptions): Endpoint => {
  const { factory, cacheScope, limits, onError } = options;
  const callers = new WeakMap<Request, Caller>();
  const modern = createMcpHandler(
    // Nobody is set only if the SDK made another request of ours; then nobody has any rights.
    ({ requestInfo }) =>
      factory(
        (requestInfo && callers.get(requestInfo)) ?? { ...operator, id: "nobody", readOnly: true },
        cacheScope,
      ),
    { legacy: "reject", maxSubscriptions: 100, onerror: onError },
  );
  const sessions = createSessions((principal) => factory(principal, cacheScope), limits);

  const serve: Endpoint["serve"] = async (request, principal, admit) => {
    let body: unknown;
    if (request.method === "POST") {
      if (!isJsonContentType(request.headers.get("content-type")))
        return refusal(415, "Unsupported Media Type: Content-Type must be application/json");
      const read = await readRequestBody(request, limits.bodyBytes);
      if (read.tooLarge)
        return refusal(413, `The body has more than ${limits.bodyBytes} bytes`, {
          connection: "close",
        });
      body = parse(read.text);
      if (body === undefined) return refusal(400, "Parse error: Invalid JSON", {}, -32700);
      if (options.isDraining() && startsWork(body))
        return refusal(503, "This server is ending; nothing was done, send it again", {
          "retry-after": "1",
          connection: "close",
        });
      const refused = admit(body);
      if (refused !== undefined) return refused;
    } else if (request.method !== "GET" && request.method !== "DELETE")
      return refusal(405, "Method not allowed", { allow: "GET, POST, DELETE" });
    if (await isLegacyRequest(request, body)) return sessions.serve({ request, body, principal });
    callers.set(request, principal);
    return modern.fetch(request, body === undefined ? {} : { parsedBody: body });
  };

  return {
    serve,
    sessions,
    close: async () => {
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
};
