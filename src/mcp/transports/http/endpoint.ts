/** The MCP endpoint: checks each request, then hands it to the server of its era. */
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

/** Creates a server for a caller: for one request in the 2026 era, for one session in the 2025 era. */
export type ServerFactory = (
  caller: Caller,
  cacheScope: "public" | "private",
) => Server | McpServer;

export type EndpointOptions = {
  factory: ServerFactory;
  cacheScope: "public" | "private";
  limits: SessionLimits & { bodyBytes: number };
  /** Whether the server is shutting down and refuses new calls. */
  isDraining(): boolean;
  onError(error: Error): void;
};

/** Returns a response if the body is refused. */
export type BodyCheck = (body: unknown) => Response | undefined;

export type Endpoint = {
  serve(request: Request, caller: Caller, checkBody: BodyCheck): Promise<Response>;
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

const readBody = async (
  request: Request,
  bodyBytes: number,
): Promise<{ body: unknown } | { refused: Response }> => {
  if (!isJsonContentType(request.headers.get("content-type")))
    return {
      refused: refusal(415, "Unsupported Media Type: Content-Type must be application/json"),
    };
  const read = await readRequestBody(request, bodyBytes);
  if (read.tooLarge)
    return {
      refused: refusal(413, `The body has more than ${bodyBytes} bytes`, { connection: "close" }),
    };
  const body = parse(read.text);
  return body === undefined
    ? { refused: refusal(400, "Parse error: Invalid JSON", {}, -32700) }
    : { body };
};

const hasRequests = (body: unknown): boolean =>
  [body].flat().some((message) => isJSONRPCRequest(message));

export const createEndpoint = (options: EndpointOptions): Endpoint => {
  const { factory, cacheScope, limits, onError } = options;
  const callers = new WeakMap<Request, Caller>();
  // If the SDK passes on another request than the one it was given, the caller is unknown and has no rights.
  const nobody: Caller = { ...operator, id: "nobody", readOnly: true };
  const modern = createMcpHandler(
    ({ requestInfo }) => factory((requestInfo && callers.get(requestInfo)) ?? nobody, cacheScope),
    { legacy: "reject", maxSubscriptions: 100, onerror: onError },
  );
  const sessions = createSessions((caller) => factory(caller, cacheScope), limits);

  const refuseWhileDraining: BodyCheck = (body) =>
    options.isDraining() && hasRequests(body)
      ? refusal(503, "The server is shutting down; nothing was done, send the request again", {
          "retry-after": "1",
          connection: "close",
        })
      : undefined;

  const dispatch = async (request: Request, body: unknown, caller: Caller): Promise<Response> => {
    if (await isLegacyRequest(request, body)) return sessions.serve({ request, body, caller });
    callers.set(request, caller);
    return modern.fetch(request, body === undefined ? {} : { parsedBody: body });
  };

  return {
    serve: async (request, caller, checkBody) => {
      const { method } = request;
      if (method === "GET" || method === "DELETE") return dispatch(request, undefined, caller);
      if (method !== "POST")
        return refusal(405, "Method not allowed", { allow: "GET, POST, DELETE" });
      const read = await readBody(request, limits.bodyBytes);
      if ("refused" in read) return read.refused;
      const { body } = read;
      return refuseWhileDraining(body) ?? checkBody(body) ?? dispatch(request, body, caller);
    },
    sessions,
    close: async () => {
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
};
