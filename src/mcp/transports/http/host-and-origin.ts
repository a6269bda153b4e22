/** Checks Host and Origin, against DNS rebinding and requests that a web page forges. */
import { validateHostHeader } from "@modelcontextprotocol/server";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { sanitize } from "../../../atlas/classify.ts";
import type { OnRefused } from "./refusal-log.ts";
import { refusal } from "./rpc-error.ts";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** Host names without ports, and origins such as https://app.example.com. This machine is always allowed. */
export type AllowedHosts = { hosts: readonly string[]; origins: readonly string[] };

const isAllowed = (origin: string, origins: readonly string[]): boolean => {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  const local = /^https?:$/.test(protocol) && loopbackNames.includes(hostname);
  return local || origins.includes(origin.toLowerCase());
};

/** Refuses other hosts and origins with 403. A request without Origin does not come from a web page and passes. */
export const checkHostAndOrigin = (
  { hosts, origins }: AllowedHosts,
  onRefused: OnRefused,
): MiddlewareHandler => {
  const names = [...loopbackNames, ...hosts];
  return async (context, next) => {
    const name = context.req.header("host");
    const host = validateHostHeader(name, names);
    if (!host.ok) {
      onRefused("host_not_allowed", { host: sanitize(name, 100) });
      return refusal(403, `${host.message} (ATLAS_MCP_ALLOWED_HOSTS)`);
    }
    const origin = context.req.header("origin");
    if (origin !== undefined && !isAllowed(origin, origins)) {
      onRefused("origin_not_allowed", { origin: sanitize(origin, 100) });
      return refusal(403, "This origin is not allowed (ATLAS_MCP_ALLOWED_ORIGINS)");
    }
    return next();
  };
};

/** Lets web pages of the allowed origins read responses (CORS). */
export const shareWithOrigins = (origins: readonly string[]): MiddlewareHandler =>
  cors({
    origin: (origin) => (isAllowed(origin, origins) ? origin : null),
    allowMethods: ["GET", "POST", "DELETE"],
    exposeHeaders: ["Mcp-Session-Id", "WWW-Authenticate", "Retry-After"],
    maxAge: 600,
  });
