/** The metrics on a port of their own, for a collector that has no caller's token. */
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { isLoopback } from "../../../atlas/http.ts";
import { type AllowedHosts, checkHostAndOrigin } from "./host-and-origin.ts";
import { listen, reachable } from "./listener.ts";
import type { OnRefused } from "./refusal-log.ts";
import { refusal } from "./rpc-error.ts";

export type MetricsOptions = {
  host: string;
  port: number;
  allowed: AllowedHosts;
  onRefused: OnRefused;
  render(): Promise<Response>;
};

export type MetricsListening = {
  /** Address of the metrics. */
  url: string;
  close(): Promise<void>;
};

/** Rejects if it cannot listen there. */
export const serveMetrics = async (options: MetricsOptions): Promise<MetricsListening> => {
  const { host, port, allowed, onRefused, render } = options;
  const origin = `http://${reachable(host)}`;
  const app = new Hono();
  // A web page behind a rebound DNS name reaches this machine's own addresses. On others a collector may send any Host.
  if (isLoopback(`http://${host.includes(":") ? `[${host}]` : host}`))
    app.use(checkHostAndOrigin(allowed, onRefused));
  app.get("/metrics", render);
  app.notFound(() => refusal(404, "Not found; the metrics are at /metrics"));
  const listener = getRequestListener((request) => app.fetch(request), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 10_000 },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = 64;
  const taken = await listen(server, port, host);
  return {
    url: `${origin}:${taken}/metrics`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
