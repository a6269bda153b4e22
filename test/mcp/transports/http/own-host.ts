/** Our HTTP host in this process, around any server: for what the tools of the program cannot show, and for shorter limits. */
import type { Server } from "@modelcontextprotocol/server";
import { createAuthentication } from "../../../../src/mcp/transports/http/authentication.ts";
import type { ServerFactory } from "../../../../src/mcp/transports/http/endpoint.ts";
import {
  type HttpOptions,
  type Limits,
  serveHttp,
} from "../../../../src/mcp/transports/http/listener.ts";
import { operator } from "../../../../src/policy/caller.ts";

const silent = () => {};
const noLog = { error: silent, warn: silent, info: silent, debug: silent };

const open = createAuthentication({
  verifiers: [],
  scopes: undefined,
  resourceOf: () => "",
  onRefused: silent,
});

/** Takes the names of callers for their tokens. */
export const byName = createAuthentication({
  verifiers: [async (token) => ({ caller: { ...operator, id: token } })],
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
    allowed: { hosts: [], origins: [] },
    authentication: open,
    oauth: undefined,
    rateLimit: undefined,
    limits: { drainMs: 0, interruptMs: 0, ...limits },
    log: noLog,
    drained: async () => {},
    interrupt: silent,
    onRefused: silent,
    ...more,
  });
