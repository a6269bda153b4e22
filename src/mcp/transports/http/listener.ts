/** MCP over Streamable HTTP: a listener with limits in front of the app, and an end that answers what is under way. */
import { createServer, type Server as HttpServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Log } from "../../../common/log.ts";
import { type AppOptions, createApp } from "./app.ts";
import { createEndpoint, type ServerFactory } from "./endpoint.ts";
import type { SessionLimits } from "./sessions.ts";

export type Limits = SessionLimits & {
  bodyBytes: number;
  connections: number;
  /** Milliseconds in which the head of a request, and a whole request, has to arrive. */
  headMs: number;
  requestMs: number;
  /** Milliseconds that calls get to finish when the end comes, and then to be told that they did not. */
  drainMs: number;
  tellMs: number;
};

const defaults: Limits = {
  bodyBytes: 256 * 1024,
  connections: 1024,
  headMs: 10_000,
  requestMs: 30_000,
  sessions: 1000,
  sessionsEach: 250,
  idleMs: 15 * 60_000,
  drainMs: 5000,
  tellMs: 2000,
};

export type HttpOptions = Pick<AppOptions, "doors" | "authentication" | "oauth" | "rateLimit"> & {
  host: string;
  port: number;
  factory: ServerFactory;
  needsWrite?: AppOptions["needsWrite"];
  metrics?: AppOptions["metrics"];
  limits?: Partial<Limits>;
  log: Log;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
  /** Asks calls that are under way to come to an answer at once. */
  hurry(): void;
};

export type Listening = {
  /** Address of the endpoint. */
  url: string;
  sessions: { size(): number; closeFor: ReturnType<typeof createEndpoint>["sessions"]["closeFor"] };
  /** Takes no new call, lets running ones finish or tells them, and frees the port. */
  drain(): Promise<void>;
};

/** Rejects where the port cannot be taken. */
const listen = (server: HttpServer, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

// A wildcard address is for listening, not for calling; IPv6 needs brackets in a URL.
const reachable = (host: string): string => {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
};

/** Starts listening. */
export const serveHttp = async (options: HttpOptions): Promise<Listening> => {
  const limits = { ...defaults, ...options.limits };
  const { log, authentication } = options;
  let draining = false;
  const endpoint = createEndpoint({
    factory: options.factory,
    cacheScope: authentication.required ? "private" : "public",
    limits,
    isDraining: () => draining,
    onError: (error) => log.debug({ problem: error.message }, "request refused"),
  });
  const app = createApp({
    ...options,
    endpoint,
    metrics: options.metrics,
    needsWrite: options.needsWrite ?? (() => false),
    isDraining: () => draining,
  });
  const listener = getRequestListener((request) => app.fetch(request), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1000, limits.headMs / 2),
      // Longer than the minute for which load balancers usually keep a connection.
      keepAliveTimeout: 75_000,
    },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = limits.connections;
  const port = await listen(server, options.port, options.host);

  const drain = async () => {
    draining = true;
    await Promise.race([options.idle(), delay(limits.drainMs)]);
    options.hurry();
    await Promise.race([options.idle(), delay(limits.tellMs)]);
    // Answers go out within a few turns of the loop.
    await delay(20);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await endpoint.close();
    server.closeIdleConnections();
    await Promise.race([closed, delay(500)]);
    server.closeAllConnections();
  };
  return {
    url: `http://${reachable(options.host)}:${port}/mcp`,
    sessions: endpoint.sessions,
    drain,
  };
};
