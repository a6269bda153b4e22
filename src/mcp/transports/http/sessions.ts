/** Sessions of the 2025 era: what a client has said hello to, kept for the one principal who opened it. */
import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  isJSONRPCRequest,
  type McpServer,
  type RequestId,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Caller } from "../../../policy/caller.ts";
import { type StreamGone, watchOpenQuestions } from "./open-questions.ts";
import { watched } from "./response-end.ts";
import { refusal } from "./rpc-error.ts";

export type SessionLimits = {
  /** Most sessions in all, and of one principal. */
  sessions: number;
  sessionsEach: number;
  /** Milliseconds without a request or an open stream after which a session is closed. */
  idleMs: number;
};

export type Message = { request: Request; body: unknown; principal: Caller };

export type Sessions = {
  /** Serves one HTTP request of the 2025 era. */
  serve(message: Message): Promise<Response>;
  size(): number;
  /** Closes sessions whose principal is not what it was. */
  closeFor(isStale: (principal: Caller) => boolean): Promise<void>;
  close(): Promise<void>;
};

type Session = {
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server | McpServer;
  principal: Caller;
  streamGone: StreamGone;
  /** Responses under way, and when the last one was over. */
  open: number;
  usedAt: number;
};

/** Rights are part of who somebody is: a session never outlives the rights that it was opened with. */
const same = (one: Caller, other: Caller): boolean => JSON.stringify(one) === JSON.stringify(other);

const requestIdsOf = (body: unknown): RequestId[] =>
  [body].flat().flatMap((message) => (isJSONRPCRequest(message) ? [message.id] : []));

// A load balancer that sends a request id of 32 hexadecimal digits can choose by it, and finds it again in front of the session's id.
const placed = /^[0-9a-f]{32}$/;

const newId = (request: Request): string => {
  const place = request.headers.get("x-request-id") ?? "";
  return placed.test(place) ? `${place}-${randomUUID()}` : randomUUID();
};

/** Keeps the sessions; `connect` makes the server of a new one. */
export const createSessions = (
  connect: (principal: Caller) => Server | McpServer,
  limits: SessionLimits,
): Sessions => {
  const sessions = new Map<string, Session>();
  const isIdle = ({ open }: Session) => open === 0;
  const end = (id: string, session: Session): Promise<void> => {
    sessions.delete(id);
    return session.server.close().catch(() => {});
  };

  const sweep = setInterval(
    () => {
      const before = performance.now() - limits.idleMs;
      for (const [id, session] of sessions)
        if (isIdle(session) && session.usedAt < before) void end(id, session);
    },
    Math.min(limits.idleMs / 2, 60_000),
  );
  sweep.unref();

  /** Makes room for one more of a principal by ending its own longest idle one; false where there is none. */
  const makeRoom = async (principal: Caller): Promise<boolean> => {
    const own = [...sessions].filter(([, session]) => session.principal.id === principal.id);
    if (own.length < limits.sessionsEach && sessions.size < limits.sessions) return true;
    const [oldest] = own
      .filter(([, session]) => isIdle(session))
      .sort(([, one], [, other]) => one.usedAt - other.usedAt);
    if (oldest !== undefined) await end(...oldest);
    return oldest !== undefined;
  };

  const pass = async (session: Session, { request, body }: Message): Promise<Response> => {
    session.open += 1;
    const response = await session.transport
      .handleRequest(request, body === undefined ? {} : { parsedBody: body })
      .catch(() => refusal(500, "Internal server error", {}, -32603));
    return watched(response, (ending) => {
      session.open -= 1;
      session.usedAt = performance.now();
      if (ending === "gone") session.streamGone(requestIdsOf(body));
    });
  };

  const open = async (message: Message): Promise<Response> => {
    const { request, principal } = message;
    if (!(await makeRoom(principal)))
      return refusal(503, "There are too many open sessions; end one or try again later", {
        "retry-after": "30",
      });
    const id = newId(request);
    let initialized = false;
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => {
        initialized = true;
      },
    });
    const streamGone = watchOpenQuestions(transport);
    const server = connect(principal);
    const usedAt = performance.now();
    const session: Session = { transport, server, principal, streamGone, open: 0, usedAt };
    // It counts from here on, so that many at once find no more room than one after the other.
    sessions.set(id, session);
    transport.onclose = () => void sessions.delete(id);
    await server.connect(transport);
    const response = await pass(session, message);
    if (!initialized) await end(id, session);
    return response;
  };

  return {
    serve: async (message) => {
      const { request, body, principal } = message;
      const id = request.headers.get("mcp-session-id");
      if (id === null) {
        if (isInitializeRequest(body)) return open(message);
        return request.method === "GET"
          ? refusal(405, "Method not allowed", { allow: "POST" })
          : refusal(400, "Bad Request: Mcp-Session-Id header is required");
      }
      const session = sessions.get(id);
      // Another one's session is answered as one that does not exist.
      if (session === undefined || !same(session.principal, principal))
        return refusal(404, "Session not found", {}, -32001);
      return pass(session, message);
    },
    size: () => sessions.size,
    closeFor: async (isStale) => {
      const stale = [...sessions].filter(([, session]) => isStale(session.principal));
      await Promise.all(stale.map(([id, session]) => end(id, session)));
    },
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...sessions].map(([id, session]) => end(id, session)));
    },
  };
};
