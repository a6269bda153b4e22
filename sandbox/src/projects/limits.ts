import { GROUP } from "../api/endpoint-sets.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { atlasFailure } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "./view.ts";

/** Clusters that a project may have; flex clusters count (LIMDOC). */
export const CLUSTERS_PER_PROJECT = 25;

const CLUSTERS_LIMIT = "atlas.project.deployment.clusters";

const clustersLimit = (call: Call): JsonObject => ({
  currentUsage: clustersOf(call.world, findProject(call).id, call.now).length,
  defaultLimit: CLUSTERS_PER_PROJECT,
  maximumLimit: 100,
  name: CLUSTERS_LIMIT,
  value: CLUSTERS_PER_PROJECT,
});

/** The operations that read a project's limits; the sandbox keeps the one that it enforces. */
export const limitOperations: readonly Operation[] = [
  {
    id: "listGroupLimits",
    method: "GET",
    path: "/groups/{groupId}/limits",
    version: "2023-01-01",
    limit: GROUP,
    run: (call) => ({ status: 200, body: [clustersLimit(call)] }),
  },
  {
    id: "getGroupLimit",
    method: "GET",
    path: "/groups/{groupId}/limits/{limitName}",
    version: "2023-01-01",
    limit: GROUP,
    run: (call) => {
      const body = clustersLimit(call);
      const name = pathParameter(call, "limitName");
      if (name !== CLUSTERS_LIMIT) throw atlasFailure("RESOURCE_NOT_FOUND", { resource: name });
      return { status: 200, body };
    },
  },
];
