/** What all operations of the Admin API have in common. */
import type { StoredCredentials } from "../auth/credentials.ts";
import type { Json, JsonObject } from "../json.ts";
import type { OperationId } from "../operation-ids.ts";
import type { SandboxState } from "../state/resources.ts";
import type { EndpointSet } from "./rate-limits.ts";
import type { Deprecation } from "./versions.ts";

/**
 * Who calls: an API key if there is a public key, otherwise a service account. A public operation knows only the address
 * of its caller.
 */
export type Caller = { id: string; publicKey?: string };

/** What the service account and the API key of the sandbox show of themselves. */
export type OwnCredentials = Pick<StoredCredentials, "clientId" | "publicKey" | "apiKeyId">;

/** Faults that change what an operation does, not its response. */
export type OperationFaultName =
  | "stale_reads"
  | "stuck_creating"
  | "updating"
  | "late_strings"
  | "user_cannot_access_group"
  | "ignored_delete"
  | "racy";

/**
 * An operation fault in one call. `count` is the number of reads for `stale_reads` and `user_cannot_access_group`, and
 * milliseconds for `racy`.
 */
export type OperationFault = { name: OperationFaultName; count: number };

/** One call of an operation, after authentication and the check of the version. */
export type Call = {
  state: SandboxState;
  now: number;
  /** The version of the resource that the request gets. */
  version: string;
  isRead: boolean;
  caller: Caller;
  own: OwnCredentials;
  origin: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  /** The body, if the operation takes a list; otherwise empty. */
  items: readonly JsonObject[];
  operationFaults: readonly OperationFault[];
};

/** The result of an operation; `list` marks a page of a list, which is its own envelope. */
export type OperationResult = { status: number; body?: JsonObject | Json[] | boolean; list?: true };

/** One operation of the Admin API. Its route, version, rate limit and faults follow from this declaration. */
export type Operation = {
  id: OperationId;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below /api/atlas/v2, with `{name}` for parameters, and `{name}:verb` at the end of one with a verb of its own. */
  path: string;
  /** The first version of the resource; a later date in Accept resolves to it, or to a later version. */
  version: string;
  /** The versions after the first, in order. */
  laterVersions?: readonly string[];
  /** Only if the newest version is deprecated. The others follow from `laterVersions`. */
  deprecation?: Deprecation;
  endpointSet: EndpointSet;
  /** Anybody may call it. Credentials are not needed, and ignored if they are sent. */
  isPublic?: true;
  /** The body is an array of objects, not one object. */
  takesList?: true;
  /** A request without a body counts as one with an empty object. */
  bodyIsOptional?: true;
  operationFaults?: readonly OperationFaultName[];
  run(call: Call): OperationResult;
};

/** The faults that can apply to an operation: its own, and for the reads of a project that of a passing refusal. */
export const operationFaultsOf = ({
  method,
  path,
  operationFaults = [],
}: Operation): readonly OperationFaultName[] =>
  method === "GET" && path.startsWith("/groups/{groupId}")
    ? [...operationFaults, "user_cannot_access_group"]
    : operationFaults;

/** The faults of the creates of clusters. */
export const clusterFaults = ["stale_reads", "stuck_creating", "updating", "late_strings"] as const;

/** Tells whether a fault applies to this call. */
export const hasFault = (call: Call, name: OperationFaultName): boolean =>
  call.operationFaults.some((operationFault) => operationFault.name === name);

const countOf = (call: Call, fault: OperationFaultName): number =>
  call.operationFaults.find(({ name }) => name === fault)?.count ?? 0;

/** The number of reads that do not find what this call creates. */
export const staleReadsOf = (call: Call): number => countOf(call, "stale_reads");

/** The number of reads that this call makes Atlas refuse. */
export const refusedReadsOf = (call: Call): number => countOf(call, "user_cannot_access_group");

/** The age in milliseconds below which this call's check of a name misses a resource. */
export const missedAgeOf = (call: Call): number => countOf(call, "racy");

/** A path parameter; empty if the route does not have it. */
export const pathParameter = (call: Call, name: string): string => call.params[name] ?? "";
