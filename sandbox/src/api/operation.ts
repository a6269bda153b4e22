import type { Json, JsonObject } from "../json.ts";
import type { World } from "../state/resources.ts";
import type { EndpointSet } from "./endpoint-sets.ts";

/** Who is calling, once authenticated: a service account, or an API key where there is a public key. */
export type Principal = { id: string; publicKey?: string };

/** Faults that change what an operation does rather than how it is answered. */
export type ChangeName = "stale_reads" | "stuck_creating" | "ignored_delete" | "racy";

/** What such a fault asks of one call: its name and, for `stale_reads`, how many reads. */
export type Change = { name: ChangeName; count: number };

/** One call of an operation, after authentication and version. */
export type Call = {
  world: World;
  now: number;
  principal: Principal;
  origin: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  /** The body of an operation that takes a list; empty for all others. */
  items: readonly JsonObject[];
  changes: readonly Change[];
};

/** What an operation answers; `list` marks the paginated ones, which are their own envelope. */
export type Reply = { status: number; body?: JsonObject | Json[]; list?: true };

/** One operation of the Admin API, declared once; routing, versions, limits and faults derive from it. */
export type Operation = {
  id: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below /api/atlas/v2, with `{name}` for parameters. */
  path: string;
  /** The only version of the resource; a later Accept date resolves to it. */
  version: string;
  limit: EndpointSet;
  /** The body is an array of objects rather than one object. */
  takesList?: true;
  changes?: readonly ChangeName[];
  run(call: Call): Reply;
};

/** Tells whether this call is under the named fault. */
export const isChanged = (call: Call, name: ChangeName): boolean =>
  call.changes.some((change) => change.name === name);

/** How many reads shall miss what this call creates. */
export const hiddenReadsOf = (call: Call): number =>
  call.changes.find(({ name }) => name === "stale_reads")?.count ?? 0;

/** A path parameter; empty where the route has none of that name. */
export const pathParameter = (call: Call, name: string): string => call.params[name] ?? "";
