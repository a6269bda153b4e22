/** A request to the Admin API as data, and how it is built. Nothing is sent here. */
import type { Failure } from "../common/failure.ts";
import type { AtlasResponse } from "./classify.ts";
import { nothing, type Read } from "./resources/fields.ts";

/** The oldest API version that has the operation and no date on which it ends (docs/atlas.md#versions); `json` is none. */
type Version = "2023-01-01" | "2024-08-05" | "2024-11-13" | "preview" | "json";

/** One request. `path` includes the query; `read` reads the body of a success. */
export type AtlasRequest<T = unknown> = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  version: Version;
  body?: unknown;
  /** The failure for a refusal that means something else here than elsewhere; what it names is not repeated. */
  refusal?(response: AtlasResponse): Failure | undefined;
  read(json: unknown): Read<T>;
};

type Query = Record<string, string | number | undefined>;

/** A page of a list: `pageNum` from 1, `itemsPerPage` up to 500. */
export type PageQuery = { pageNum?: number; itemsPerPage?: number };

/** One segment of a path, whatever is in it: "." and ".." would be taken for other places. */
export const id = (text: string): string =>
  /^\.{1,2}$/.test(text) ? text.replaceAll(".", "%2E") : encodeURIComponent(text);

const withQuery = (path: string, query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/api/atlas/v2${path}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
};

/** Creates the request functions of one API version. */
export const operationsOf = (version: Version) => ({
  get: <T>(path: string, read: (json: unknown) => Read<T>, query: Query = {}): AtlasRequest<T> => ({
    method: "GET",
    version,
    path: withQuery(path, query),
    read,
  }),
  post: <T>(
    path: string,
    body: unknown,
    read: (json: unknown) => Read<T>,
    query: Query = {},
  ): AtlasRequest<T> => ({ method: "POST", version, path: withQuery(path, query), body, read }),
  patch: <T>(path: string, body: unknown, read: (json: unknown) => Read<T>): AtlasRequest<T> => ({
    method: "PATCH",
    version,
    path: withQuery(path, {}),
    body,
    read,
  }),
  remove: (path: string): AtlasRequest<undefined> => ({
    method: "DELETE",
    version,
    path: withQuery(path, {}),
    read: nothing,
  }),
});

/** The headers for content type and API version, without a credential. */
export const headersOf = ({ version, body }: AtlasRequest): Record<string, string> => ({
  accept: version === "json" ? "application/json" : `application/vnd.atlas.${version}+json`,
  ...(body === undefined ? {} : { "content-type": "application/json" }),
});
