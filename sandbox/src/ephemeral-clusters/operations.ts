/** The operations on ephemeral clusters, which need no credentials (docs/atlas.md#ephemeral-clusters). */
import { checkFields, optionalText } from "../api/fields.ts";
import {
  type Call,
  hasFault,
  type Operation,
  pathParameter,
  staleReadsOf,
} from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { lowerAlphanumeric } from "../identifiers.ts";
import { type EphemeralCluster, takeRead } from "../state/resources.ts";
import { lifetimeMs, presentClusters } from "./state.ts";
import { passwordPlaceholder, toEphemeralClusterView } from "./view.ts";

/** How many clusters all callers together may have. Atlas has such a limit, but does not document it. */
const maxClusters = 100;

const readName = ({ body }: Call): string => {
  checkFields(body, { clusterName: "string" });
  const name = optionalText(body, "clusterName") ?? "Cluster0";
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(name))
    throw createApiError("CLUSTER_NAME_INVALID", { name });
  return name;
};

/** Throws a 429 without Retry-After if there are too many clusters: waiting a little does not help. */
const checkSharedLimit = ({ path }: Call, present: readonly EphemeralCluster[]): void => {
  if (present.length < maxClusters) return;
  const minutes = lifetimeMs / 60_000;
  throw createApiError("RATE_LIMITED", { path, requests: maxClusters, minutes });
};

const createCluster = (call: Call, name: string): EphemeralCluster => {
  const { state, now } = call;
  const part = (length: number): string => state.ids.text(lowerAlphanumeric, length);
  const label = name.slice(0, 23).toLowerCase().replace(/-+$/, "");
  return {
    id: state.ids.objectId(now),
    name,
    username: `user-${part(8)}`,
    host: `${label}.${part(7)}.mongodb.invalid`,
    claimId: state.ids.uuid(),
    createdAt: now,
    stuck: hasFault(call, "stuck_creating"),
    staleReads: staleReadsOf(call),
  };
};

/** The cluster that the path names; throws if there is none. Atlas's own code for this is not documented. */
const findVisibleCluster = (call: Call): EphemeralCluster => {
  const id = pathParameter(call, "clusterId");
  const cluster = presentClusters(call.state, call.now).find((one) => one.id === id);
  if (cluster === undefined || !takeRead(cluster))
    throw createApiError("RESOURCE_NOT_FOUND", { resource: `ephemeral cluster ${id}` });
  return cluster;
};

export const ephemeralClusterOperations: readonly Operation[] = [
  {
    id: "createEphemeralCluster",
    method: "POST",
    path: "/unauth/ephemeralClusters:create",
    version: "preview",
    endpointSet: endpointSets.ephemeralClusterCreates,
    isPublic: true,
    bodyIsOptional: true,
    operationFaults: ["stale_reads", "stuck_creating"],
    run: (call) => {
      const { state, now } = call;
      const name = readName(call);
      const present = presentClusters(state, now);
      checkSharedLimit(call, present);
      const cluster = createCluster(call, name);
      state.ephemeralClusters = [...present, cluster];
      const password = state.ids.text(lowerAlphanumeric, 20);
      return { status: 201, body: toEphemeralClusterView(state, cluster, now, password) };
    },
  },
  {
    id: "getEphemeralCluster",
    method: "GET",
    path: "/unauth/ephemeralClusters/{clusterId}",
    version: "2025-03-12",
    laterVersions: ["preview"],
    endpointSet: endpointSets.ephemeralClusters,
    isPublic: true,
    run: (call) => {
      const cluster = findVisibleCluster(call);
      const body = toEphemeralClusterView(call.state, cluster, call.now, passwordPlaceholder);
      return { status: 200, body };
    },
  },
];
