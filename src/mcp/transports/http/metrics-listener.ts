/** The metrics on a port of their own, for a collector that has no caller's token. */

import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { isLoopback } from "../../../atlas/http.ts";
import { urlHost } from "../../../common/url-host.ts";
import { limitConnections } from "./connections.ts";
import { type AllowedHosts, checkHostAndOrigin } from "./host-and-origin.ts";
import { arrivalLimits, listen, reachable } from "./listener.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import type { OnRefused } from "./refusal-log.ts";
import { refusal } from "./rpc-error.ts";

/** A collector needs one or two; the sockets of others give way to it. */
const most = 64;

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
  if (isLoopback(`http://${urlHost(host)}`)) app.use(checkHostAndOrigin(allowed, onRefused));
  app.get("/metrics", render);
  app.notFound(() => refusal(404, "Not found; the metrics are at /metrics"));
  const listener = getRequestListener((request) => app.fetch(request), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    arrivalLimits(),
    oneAtATime((request, response) => {
      connections.begin(request, response);
      void listener(request, response);
    }),
  );
  const connections = limitConnections(
    server,
    { connections: most, connectionsEach: most, unreadMs: 30_000 },
    onRefused,
  );
  const taken = await listen(server, port, host);
  return {
    url: `${origin}:${taken}/metrics`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      connections.close();
    },
  };
};
