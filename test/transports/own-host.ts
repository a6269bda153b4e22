/** Our HTTP host in this process, around any server: for what the tools of the program cannot show, and for shorter limits. */
import type { Server } from "@modelcontextprotocol/server";
import { createAuthentication } from "../../src/transports/http/authentication.ts";
import type { ServerFactory } from "../../src/transports/http/mcp.ts";
import { type HttpOptions, type Limits, serveHttp } from "../../src/transports/http.ts";

const silent = () => {};
const noLog = { error: silent, warn: silent, info: silent, debug: silent };

const open = createAuthentication({
  ways: [],
  scopes: undefined,
  resourceOf: () => "",
  onRefused: silent,
});

export const hostOwn = (
  factory: ServerFactory | (() => Server),
  limits: Partial<Limits> = {},
  more: Partial<HttpOptions> = {},
) =>
  serveHttp({
    host: "127.0.0.1",
    port: 0,
    factory,
    doors: { hosts: [], origins: [] },
    authentication: open,
    oauth: undefined,
    rateLimit: undefined,
    limits: { drainMs: 0, tellMs: 0, ...limits },
    log: noLog,
    idle: async () => {},
    hurry: silent,
    ...more,
  });
