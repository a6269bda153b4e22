import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "./view.ts";

/** Clusters that a project may have; flex clusters count (LIMDOC). */
export const maxClusters = 25;

const clustersLimitName = "atlas.project.deployment.clusters";

const clustersLimit = (call: Call): JsonObject => ({
  currentUsage: clustersOf(call.state, findProject(call).id, call.now).length,
  defaultLimit: maxClusters,
  maximumLimit: 100,
  name: clustersLimitName,
  value: maxClusters,
});

/** The operations that read a project's limits; the sandbox keeps the one that it enforces. */
export const limitOperations: readonly Operation[] = [
  {
    id: "listGroupLimits",
    method: "GET",
    path: "/groups/{groupId}/limits",
    version: "2023-01-01",
    endpointSet: endpointSets.group,
    run: (call) => ({ status: 200, body: [clustersLimit(call)] }),
  },
  {
    id: "getGroupLimit",
    method: "GET",
    path: "/groups/{groupId}/limits/{limitName}",
    version: "2023-01-01",
    endpointSet: endpointSets.group,
    run: (call) => {
      const body = clustersLimit(call);
      const name = pathParameter(call, "limitName");
      if (name !== clustersLimitName)
        throw createApiError("RESOURCE_NOT_FOUND", { resource: name });
      return { status: 200, body };
    },
  },
];
