/** The MCP endpoint: checks each request, then hands it to the server of its era. */
import {
  createMcpHandler,
  isLegacyRequest,
  type McpServer,
  type Server,
} from "@modelcontextprotocol/server";
import { type Caller, operator } from "../../../policy/caller.ts";
import { isRequest, requestIdsOf } from "../messages.ts";
import { withPlainErrors } from "../plain-errors.ts";
import { type Accepted, acceptedIn } from "./accept.ts";
import { type Body, readBody } from "./body.ts";
import type { OnRefused } from "./refusal-log.ts";
import { inAcceptedType } from "./response-type.ts";
import { refusal, withId } from "./rpc-error.ts";
import type { SessionLimits } from "./session-room.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createTokenEnds } from "./token-end.ts";
import type { VerifiedCaller } from "./verifier.ts";

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
  onRefused: OnRefused;
  onError(error: Error): void;
  /** Answers a request whose token ends before there is a response. */
  onTokenEnd(request: Request): Response;
};

/** Returns a response if the body is refused. */
export type BodyCheck = (body: Body) => Promise<Response | undefined>;

export type Endpoint = {
  serve(request: Request, verified: VerifiedCaller, checkBody: BodyCheck): Promise<Response>;
  sessions: Sessions;
  /** Ends the responses whose tokens have ended. */
  checkTokens(): void;
  close(): Promise<void>;
};

// Its answer is a stream without an end, also in the 2026 era.
const listens = (body: Body): boolean =>
  !Array.isArray(body) && isRequest(body) && body.method === "subscriptions/listen";

/** The id of the request, if there is just one. */
const idOf = (body: Body) => (Array.isArray(body) ? undefined : requestIdsOf(body)[0]);

export const createEndpoint = (options: EndpointOptions): Endpoint => {
  const { cacheScope, limits, onRefused, onError } = options;
  const serverFor = (caller: Caller) => withPlainErrors(options.factory(caller, cacheScope));
  const callers = new WeakMap<Request, Caller>();
  // If the SDK passes on another request than the one it was given, the caller is unknown and has no rights.
  const nobody: Caller = { ...operator, id: "nobody", readOnly: true };
  const modern = createMcpHandler(
    ({ requestInfo }) => serverFor((requestInfo && callers.get(requestInfo)) ?? nobody),
    { legacy: "reject", maxSubscriptions: 100, onerror: onError },
  );
  const sessions = createSessions(serverFor, limits, onRefused);
  const tokenEnds = createTokenEnds();

  const serveEra = async (
    request: Request,
    body: Body | undefined,
    caller: Caller,
    accepted: Accepted,
  ): Promise<Response> => {
    if (await isLegacyRequest(request, body))
      return sessions.serve({ request, body, caller, accepted });
    callers.set(request, caller);
    return modern.fetch(request, body === undefined ? {} : { parsedBody: body });
  };

  const dispatch = (
    request: Request,
    body: Body | undefined,
    verified: VerifiedCaller,
    accepted: Accepted,
  ): Promise<Response> =>
    tokenEnds.serve(
      verified,
      () => serveEra(request, body, verified.caller, accepted),
      () => options.onTokenEnd(request),
    );

  /** Ends the question that got a broken response, which is refused: nobody else would answer it. */
  const endQuestion = async (request: Request, body: Body | undefined, caller: Caller) => {
    const { headers } = request;
    if (body === undefined || !headers.has("mcp-session-id")) return;
    onRefused("invalid_response", { principal: caller.id });
    const accepted = acceptedIn(headers.get("accept"));
    const response = await sessions.serve({ request, body, caller, accepted });
    await response.body?.cancel();
  };

  const serveBody = async (
    request: Request,
    verified: VerifiedCaller,
    body: Body,
    checkBody: BodyCheck,
  ): Promise<Response> => {
    const about = { principal: verified.caller.id };
    if (options.isDraining() && requestIdsOf(body).length > 0) {
      onRefused("draining", about);
      return refusal(503, "The server is shutting down; nothing was done, send the request again", {
        headers: { "retry-after": "1", connection: "close" },
      });
    }
    const accepted = acceptedIn(request.headers.get("accept"));
    const mustStream = listens(body);
    if (!accepted.stream && (mustStream || !accepted.json)) {
      onRefused("not_acceptable", about);
      const types = mustStream ? "text/event-stream" : "application/json or text/event-stream";
      return refusal(406, `Not Acceptable: Accept must allow ${types}`);
    }
    const refused = await checkBody(body);
    if (refused !== undefined) return refused;
    const response = await dispatch(request, body, verified, accepted);
    return mustStream ? response : inAcceptedType(response, accepted, body);
  };

  return {
    serve: async (request, verified, checkBody) => {
      const { method, headers } = request;
      const { caller } = verified;
      if (method === "GET" || method === "DELETE")
        return dispatch(request, undefined, verified, acceptedIn(headers.get("accept")));
      if (method !== "POST")
        return refusal(405, "Method not allowed", { headers: { allow: "GET, POST, DELETE" } });
      const read = await readBody(request, limits.bodyBytes, (code) =>
        onRefused(code, { principal: caller.id }),
      );
      if ("refused" in read) {
        await endQuestion(request, read.instead, caller);
        return read.refused;
      }
      const response = await serveBody(request, verified, read.value, checkBody);
      return withId(response, idOf(read.value));
    },
    sessions,
    checkTokens: tokenEnds.check,
    close: async () => {
      tokenEnds.close();
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
};
