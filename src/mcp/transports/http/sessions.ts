/** Sessions of the 2025 era. Only the caller that opened a session can use it. */
import { randomUUID } from "node:crypto";
import {
  InMemoryTransport,
  isInitializeRequest,
  type JSONRPCRequest,
  type McpServer,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Caller } from "../../../policy/caller.ts";
import { isRequest, requestIdsOf } from "../messages.ts";
import { type Accepted, withUsualAccept } from "./accept.ts";
import type { Body } from "./body.ts";
import { type OpenQuestions, watchOpenQuestions } from "./open-questions.ts";
import type { OnRefused } from "./refusal-log.ts";
import { watchEnd } from "./response-end.ts";
import { refusal } from "./rpc-error.ts";
import { isIdle, type SessionLimits, sessionToEnd, type Use } from "./session-room.ts";

export type Message = {
  request: Request;
  body: Body | undefined;
  caller: Caller;
  accepted: Accepted;
};

export type Sessions = {
  /** Serves one HTTP request of the 2025 era. */
  serve(message: Message): Promise<Response>;
  size(): number;
  /** Closes the sessions of callers that are stale. */
  closeFor(isStale: (caller: Caller) => boolean): Promise<void>;
  close(): Promise<void>;
};

type Session = Use & {
  id: string;
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server | McpServer;
  caller: Caller;
  questions: OpenQuestions;
};

/** Compares the rights too: a session must not outlive the rights that it was opened with. */
const isSame = (one: Caller, other: Caller): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

// nginx's $request_id. A session's id begins with it, so that a load balancer can route later requests by the same
// value (examples/nginx.conf).
const routingKey = /^[0-9a-f]{32}$/;

const newId = (request: Request): string => {
  const key = request.headers.get("x-request-id") ?? "";
  return routingKey.test(key) ? `${key}-${randomUUID()}` : randomUUID();
};

// The first version without sessions. Versions are dates.
const modern = "2026-07-28";

/** Whether the headers name a version without sessions: the SDK takes batches and responses for older ones by their bodies. */
const namesModern = ({ headers }: Request): boolean => {
  const version = headers.get("mcp-protocol-version") ?? "";
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= modern;
};

const notOneMessage = `Invalid Request: a POST of protocol ${modern} has one request or notification, never a batch or a response`;

const isGreeting = (body: Body | undefined): body is JSONRPCRequest =>
  body !== undefined && !Array.isArray(body) && isRequest(body) && body.method === "initialize";

/** Lets the server say what is wrong with a greeting. The SDK's transport for sessions does not pass it on. */
const refuseGreeting = async (
  server: Server | McpServer,
  greeting: JSONRPCRequest,
): Promise<Response> => {
  const [client, side] = InMemoryTransport.createLinkedPair();
  await server.connect(side);
  await client.start();
  const said = new Promise((resolve) => {
    client.onmessage = resolve;
  });
  await client.send(greeting);
  const response = Response.json(await said, { status: 400 });
  await server.close();
  return response;
};

/** `connect` creates the server of a new session. */
export const createSessions = (
  connect: (caller: Caller) => Server | McpServer,
  limits: SessionLimits,
  onRefused: OnRefused,
): Sessions => {
  const sessions = new Map<string, Session>();
  const end = ({ id, server }: Session): Promise<void> => {
    sessions.delete(id);
    return server.close().catch(() => {});
  };

  const sweep = setInterval(
    () => {
      const before = performance.now() - limits.idleMs;
      for (const session of sessions.values())
        if (isIdle(session) && session.usedAt < before) void end(session);
    },
    Math.min(limits.idleMs / 2, 60_000),
  );
  sweep.unref();

  /** False if no session can end. */
  const makeRoom = (caller: Caller): boolean => {
    const session = sessionToEnd([...sessions.values()], caller, limits);
    if (session === "none") return false;
    if (session !== undefined) void end(session);
    return true;
  };

  const forward = async (session: Session, message: Message): Promise<Response> => {
    const { request, body, accepted } = message;
    const use = request.method === "GET" ? "listening" : "running";
    session[use] += 1;
    const ids = body === undefined ? [] : requestIdsOf(body);
    const onEnd = session.questions.begin(ids, accepted.prefersStream);
    const response = await session.transport
      .handleRequest(withUsualAccept(request), body === undefined ? {} : { parsedBody: body })
      .catch(() => refusal(500, "Internal server error", { code: -32603 }));
    return watchEnd(response, (ending) => {
      session[use] -= 1;
      session.usedAt = performance.now();
      onEnd(ending);
    });
  };

  const open = async (message: Message): Promise<Response> => {
    const { request, caller } = message;
    if (!makeRoom(caller)) {
      onRefused("too_many_sessions", { principal: caller.id });
      return refusal(503, "Too many open sessions; end one or try again later", {
        headers: { "retry-after": "30" },
      });
    }
    const id = newId(request);
    let initialized = false;
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => {
        initialized = true;
      },
    });
    const questions = watchOpenQuestions(transport);
    const server = connect(caller);
    const unused = { running: 0, listening: 0, usedAt: performance.now() };
    const session: Session = { id, transport, server, caller, questions, ...unused };
    // Stored before the first await, so that concurrent requests count against the limits.
    sessions.set(id, session);
    transport.onclose = () => void sessions.delete(id);
    await server.connect(transport);
    const response = await forward(session, message);
    if (!initialized) await end(session);
    return response;
  };

  const serveWithoutSession = async (message: Message): Promise<Response> => {
    const { request, body, caller } = message;
    // The SDK's check does not look at the id, and without one nobody would learn the session's id.
    if (isGreeting(body))
      return isInitializeRequest(body) ? open(message) : refuseGreeting(connect(caller), body);
    const isModern = namesModern(request);
    if (request.method === "GET" || (isModern && request.method === "DELETE"))
      return refusal(405, "Method not allowed", { headers: { allow: "POST" } });
    return isModern
      ? refusal(400, notOneMessage, { code: -32600 })
      : refusal(400, "Bad Request: Mcp-Session-Id header is required");
  };

  return {
    serve: async (message) => {
      const { request, caller, accepted } = message;
      const id = request.headers.get("mcp-session-id");
      if (id === null) return serveWithoutSession(message);
      const session = sessions.get(id);
      // Another caller's session is treated as one that does not exist.
      if (session === undefined || !isSame(session.caller, caller))
        return refusal(404, "Session not found", { code: -32001 });
      if (request.method === "GET" && !accepted.stream)
        return refusal(406, "Not Acceptable: the stream is text/event-stream");
      return forward(session, message);
    },
    size: () => sessions.size,
    closeFor: async (isStale) => {
      const stale = [...sessions.values()].filter(({ caller }) => isStale(caller));
      await Promise.all(stale.map(end));
    },
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...sessions.values()].map(end));
    },
  };
};
