/** One HTTP request, as the routes read it. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** A request with its body, and Node's response to answer it on. */
export type HttpRequest = {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  text: string;
  origin: string;
  remoteAddress: string;
  outgoing: ServerResponse;
};

/** What Hono passes on from Node. */
export type NodeEnv = { Bindings: HttpBindings };

/** Reads a request with its body. */
export const toHttpRequest = async (c: Context<NodeEnv>): Promise<HttpRequest> => {
  const { incoming, outgoing } = c.env;
  const { origin, pathname, searchParams } = new URL(c.req.url);
  return {
    method: c.req.method,
    url: incoming.url ?? "",
    path: pathname,
    params: c.req.param(),
    query: searchParams,
    headers: incoming.headers,
    text: await c.req.text(),
    origin,
    remoteAddress: incoming.socket.remoteAddress ?? "",
    outgoing,
  };
};
