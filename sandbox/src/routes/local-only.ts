/** Lets in only who is on this machine: programs, and the console's own page. Both the console and `/_sandbox` use it. */
import type { Context, MiddlewareHandler } from "hono";
import type { NodeEnv } from "../http/request.ts";

/** Whether the other side of a connection is this machine. Another machine can send any header, but not from loopback. */
const isLocalPeer = (address: string): boolean =>
  address === "::1" || /^(::ffff:)?127(\.[0-9]{1,3}){3}$/i.test(address);

/** The origin of a sandbox at this Host header; undefined if that does not name this machine, as after DNS rebinding. */
const ownOrigin = (scheme: string, host: string): string | undefined => {
  if (!URL.canParse(`${scheme}://${host}`)) return undefined;
  const { hostname, origin } = new URL(`${scheme}://${host}`);
  const isLoopback = /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(hostname);
  return isLoopback ? origin : undefined;
};

/** Whether a link on any page opens the console in a tab: that page gets nothing of what the tab shows. */
const opensTab = (c: Context<NodeEnv>): boolean =>
  c.req.method === "GET" &&
  c.req.path === "/" &&
  c.req.header("sec-fetch-mode") === "navigate" &&
  c.req.header("sec-fetch-dest") === "document";

/**
 * Whether a page of another origin sends the request. Browsers say so in Origin, except for plain reads such as those of
 * images, and then in Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/). Programs send neither.
 */
const isForeign = (c: Context<NodeEnv>, own: string): boolean => {
  const origin = c.req.header("origin");
  if (origin !== undefined && origin !== own) return true;
  const site = c.req.header("sec-fetch-site");
  return site !== undefined && site !== "same-origin" && site !== "none" && !opensTab(c);
};

/** What proxies add. One on this machine may pass on requests from others. */
const proxyHeaders = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"];

const isAllowed = (c: Context<NodeEnv>): boolean => {
  const { headers: sent, socket } = c.env.incoming;
  if (!isLocalPeer(socket.remoteAddress ?? "")) return false;
  if (proxyHeaders.some((name) => sent[name] !== undefined)) return false;
  const own = ownOrigin("encrypted" in socket ? "https" : "http", c.req.header("host") ?? "");
  return own !== undefined && !isForeign(c, own);
};

/** What keeps an answer from other pages, and from the disk. */
const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Refuses everybody else with 403. */
export const localOnly: MiddlewareHandler<NodeEnv> = async (c, next) => {
  for (const [name, value] of Object.entries(headers)) c.env.outgoing.setHeader(name, value);
  if (isAllowed(c)) return next();
  const error = "The control endpoints and the console serve only this machine.";
  return c.json({ error }, 403);
};
