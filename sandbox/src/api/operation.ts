import type { Json, JsonObject } from "../json.ts";
import type { SandboxState } from "../state/resources.ts";
import type { EndpointSet } from "./rate-limits.ts";

/** Who is calling, once authenticated: a service account, or an API key where there is a public key. */
export type Caller = { id: string; publicKey?: string };

/** Faults that change what an operation does rather than how it is answered. */
export type OperationFaultName = "stale_reads" | "stuck_creating" | "ignored_delete" | "racy";

/** What such a fault asks of one call: its name and, for `stale_reads`, how many reads. */
export type OperationFault = { name: OperationFaultName; count: number };

/** One call of an operation, after authentication and version. */
export type Call = {
  state: SandboxState;
  now: number;
  caller: Caller;
  origin: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  /** The body of an operation that takes a list; empty for all others. */
  items: readonly JsonObject[];
  operationFaults: readonly OperationFault[];
};

/** What an operation answers; `list` marks the paginated ones, which are their own envelope. */
export type OperationResult = { status: number; body?: JsonObject | Json[]; list?: true };

/** One operation of the Admin API, declared once; routing, versions, limits and faults derive from it. */
export type Operation = {
  id: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path below /api/atlas/v2, with `{name}` for parameters. */
  path: string;
  /** The only version of the resource; a later Accept date resolves to it. */
  version: string;
  endpointSet: EndpointSet;
  /** The body is an array of objects rather than one object. */
  takesList?: true;
  operationFaults?: readonly OperationFaultName[];
  run(call: Call): OperationResult;
};

/** Tells whether this call is under the named fault. */
export const hasFault = (call: Call, name: OperationFaultName): boolean =>
  call.operationFaults.some((operationFault) => operationFault.name === name);

/** How many reads shall miss what this call creates. */
export const staleReadsOf = (call: Call): number =>
  call.operationFaults.find(({ name }) => name === "stale_reads")?.count ?? 0;

/** A path parameter; empty where the route has none of that name. */
export const pathParameter = (call: Call, name: string): string => call.params[name] ?? "";
