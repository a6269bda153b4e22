/** MCP over Streamable HTTP: a listener with limits, and a shutdown that first answers the running calls. */

import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { setImmediate as afterPolling, setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Log } from "../../../common/log.ts";
import { urlHost } from "../../../common/url-host.ts";
import { type AppOptions, createApp } from "./app.ts";
import { affordableConnections, type ConnectionLimits, limitConnections } from "./connections.ts";
import { createEndpoint, type ServerFactory } from "./endpoint.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { pathOf } from "./request-target.ts";
import type { SessionLimits } from "./session-room.ts";

export type Limits = SessionLimits &
  ConnectionLimits & {
    bodyBytes: number;
    /** Milliseconds for a whole request to arrive. */
    requestMs: number;
    /** Milliseconds at shutdown for calls to finish, and then for interrupted calls to answer. */
    drainMs: number;
    interruptMs: number;
  };

const defaults: Omit<Limits, keyof ConnectionLimits> = {
  bodyBytes: 256 * 1024,
  // With the time between two checks, a socket without a complete request is closed within 10 s.
  requestMs: 8000,
  sessions: 1000,
  sessionsEach: 250,
  idleMs: 15 * 60_000,
  drainMs: 5000,
  interruptMs: 2000,
};

export type HttpOptions = Pick<
  AppOptions,
  "allowed" | "authentication" | "oauth" | "rateLimit" | "checkStore" | "onRefused"
> & {
  host: string;
  port: number;
  factory: ServerFactory;
  needsWrite?: AppOptions["needsWrite"];
  credentials?: AppOptions["credentials"];
  metrics?: AppOptions["metrics"];
  limits?: Partial<Limits>;
  log: Log;
  /** Resolves when no call is running. */
  drained(): Promise<void>;
  /** Makes running calls answer at once. */
  interrupt(): void;
};

export type Listening = {
  /** Address of the endpoint. */
  url: string;
  sessions: { size(): number; closeFor: ReturnType<typeof createEndpoint>["sessions"]["closeFor"] };
  /** Ends the responses whose tokens have ended. */
  checkTokens(): void;
  /** Refuses new calls, waits for the running ones or interrupts them, and frees the port. */
  drain(): Promise<void>;
};

/** What Node is told, so that a request arrives as a whole within the time. */
export const arrivalLimits = (requestMs = defaults.requestMs) => ({
  maxHeaderSize: 16 * 1024,
  headersTimeout: requestMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(500, requestMs / 2),
});

/** Resolves to the port. Rejects if the server cannot listen there. */
export const listen = (server: HttpServer, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

/** The host for URLs. Clients cannot connect to a wildcard address. */
export const reachable = (host: string): string => {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return urlHost(host);
};

const limitsOf = (given: Partial<Limits> = {}): Limits => {
  const connections = given.connections ?? affordableConnections();
  const connectionsEach = Math.ceil(connections / 2);
  return { ...defaults, connections, connectionsEach, unreadMs: 30_000, ...given };
};

export const serveHttp = async (options: HttpOptions): Promise<Listening> => {
  const limits = limitsOf(options.limits);
  const { log, authentication, onRefused } = options;
  let draining = false;
  const endpoint = createEndpoint({
    factory: options.factory,
    cacheScope: authentication.required ? "private" : "public",
    limits,
    isDraining: () => draining,
    onRefused,
    onError: (error) => log.debug?.({ problem: error.message }, "request refused"),
    onTokenEnd: authentication.tokenEnded,
  });
  const app = createApp({
    ...options,
    endpoint,
    credentials: options.credentials,
    bodyBytes: limits.bodyBytes,
    metrics: options.metrics,
    needsWrite: options.needsWrite ?? (() => false),
    isDraining: () => draining,
  });
  const listener = getRequestListener(
    (request, { incoming, outgoing }) =>
      app.fetch(
        request,
        connections.begin(incoming as IncomingMessage, outgoing as ServerResponse),
      ),
    { overrideGlobalObjects: false },
  );
  const server = createServer(
    // Load balancers usually reuse a connection for up to 60 s.
    { ...arrivalLimits(limits.requestMs), keepAliveTimeout: 75_000 },
    oneAtATime((request, response) => {
      request.url = pathOf(request.url ?? "");
      void listener(request, response);
    }),
  );
  const connections = limitConnections(server, limits, onRefused);
  const port = await listen(server, options.port, options.host);
  // Such as the system's limit on open files; without a listener it would end the process.
  server.on("error", ({ message }) => onRefused("not_accepted", { problem: message }));

  const drain = async () => {
    draining = true;
    await Promise.race([options.drained(), delay(limits.drainMs)]);
    options.interrupt();
    await Promise.race([options.drained(), delay(limits.interruptMs)]);
    // The last responses are written within a few turns of the event loop.
    await delay(20);
    // Node accepts just before this; the system resets what it has not accepted, and a proxy cannot tell whether that was served.
    await afterPolling();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await endpoint.close();
    server.closeIdleConnections();
    await Promise.race([closed, delay(500)]);
    server.closeAllConnections();
    connections.close();
  };
  return {
    url: `http://${reachable(options.host)}:${port}/mcp`,
    sessions: endpoint.sessions,
    checkTokens: endpoint.checkTokens,
    drain,
  };
};
