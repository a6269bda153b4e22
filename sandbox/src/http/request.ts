import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** One request with its body read, and the node response to answer it on. */
export type HttpRequest = {
  method: string;
  /** Path and query exactly as they came. */
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
