/** Sessions of the 2025 era. Only the caller that opened a session can use it. */
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
import { type OnStreamEnd, watchOpenQuestions } from "./open-questions.ts";
import { watchEnd } from "./response-end.ts";
import { refusal } from "./rpc-error.ts";

export type SessionLimits = {
  /** The most open sessions, in all and for one caller. */
  sessions: number;
  sessionsEach: number;
  /** A session is closed after so many milliseconds without a request or an open stream. */
  idleMs: number;
};

export type Message = { request: Request; body: unknown; caller: Caller };

export type Sessions = {
  /** Serves one HTTP request of the 2025 era. */
  serve(message: Message): Promise<Response>;
  size(): number;
  /** Closes the sessions of callers that are stale. */
  closeFor(isStale: (caller: Caller) => boolean): Promise<void>;
  close(): Promise<void>;
};

type Session = {
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server | McpServer;
  caller: Caller;
  onStreamEnd: OnStreamEnd;
  /** The number of open responses, and when the last one ended. */
  open: number;
  usedAt: number;
};

/** Compares the rights too: a session must not outlive the rights that it was opened with. */
const isSame = (one: Caller, other: Caller): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const requestIdsOf = (body: unknown): RequestId[] =>
  [body].flat().flatMap((message) => (isJSONRPCRequest(message) ? [message.id] : []));

// nginx's $request_id. A session's id begins with it, so that a load balancer can route later requests by the same
// value (examples/nginx.conf).
const routingKey = /^[0-9a-f]{32}$/;

const newId = (request: Request): string => {
  const key = request.headers.get("x-request-id") ?? "";
  return routingKey.test(key) ? `${key}-${randomUUID()}` : randomUUID();
};

/** `connect` creates the server of a new session. */
export const createSessions = (
  connect: (caller: Caller) => Server | McpServer,
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

  /** At a limit, ends the caller's own session that has been idle longest. False if none of them is idle. */
  const makeRoom = async (caller: Caller): Promise<boolean> => {
    const own = [...sessions].filter(([, session]) => session.caller.id === caller.id);
    if (own.length < limits.sessionsEach && sessions.size < limits.sessions) return true;
    const [oldest] = own
      .filter(([, session]) => isIdle(session))
      .sort(([, one], [, other]) => one.usedAt - other.usedAt);
    if (oldest !== undefined) await end(...oldest);
    return oldest !== undefined;
  };

  const forward = async (session: Session, { request, body }: Message): Promise<Response> => {
    session.open += 1;
    const response = await session.transport
      .handleRequest(request, body === undefined ? {} : { parsedBody: body })
      .catch(() => refusal(500, "Internal server error", {}, -32603));
    return watchEnd(response, (ending) => {
      session.open -= 1;
      session.usedAt = performance.now();
      if (ending === "aborted") session.onStreamEnd(requestIdsOf(body));
    });
  };

  const open = async (message: Message): Promise<Response> => {
    const { request, caller } = message;
    if (!(await makeRoom(caller)))
      return refusal(503, "Too many open sessions; end one or try again later", {
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
    const onStreamEnd = watchOpenQuestions(transport);
    const server = connect(caller);
    const usedAt = performance.now();
    const session: Session = { transport, server, caller, onStreamEnd, open: 0, usedAt };
    // Stored before the first await, so that concurrent requests count against the limits.
    sessions.set(id, session);
    transport.onclose = () => void sessions.delete(id);
    await server.connect(transport);
    const response = await forward(session, message);
    if (!initialized) await end(id, session);
    return response;
  };

  return {
    serve: async (message) => {
      const { request, body, caller } = message;
      const id = request.headers.get("mcp-session-id");
      if (id === null) {
        if (isInitializeRequest(body)) return open(message);
        return request.method === "GET"
          ? refusal(405, "Method not allowed", { allow: "POST" })
          : refusal(400, "Bad Request: Mcp-Session-Id header is required");
      }
      const session = sessions.get(id);
      // Another caller's session is treated as one that does not exist.
      if (session === undefined || !isSame(session.caller, caller))
        return refusal(404, "Session not found", {}, -32001);
      return forward(session, message);
    },
    size: () => sessions.size,
    closeFor: async (isStale) => {
      const stale = [...sessions].filter(([, session]) => isStale(session.caller));
      await Promise.all(stale.map(([id, session]) => end(id, session)));
    },
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...sessions].map(([id, session]) => end(id, session)));
    },
  };
};
