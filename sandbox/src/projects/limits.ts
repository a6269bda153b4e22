/** The operations that read a project's limits. The sandbox has only the limit that it enforces. */
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { clustersOf, maxClusters } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "./find.ts";

const clustersLimitName = "atlas.project.deployment.clusters";

const clustersLimit = (call: Call): JsonObject => ({
  currentUsage: clustersOf(call.state, findProject(call).id, call.now).length,
  defaultLimit: maxClusters,
  maximumLimit: 100,
  name: clustersLimitName,
  value: maxClusters,
});

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
