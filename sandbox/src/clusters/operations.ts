/** The reads of free and dedicated clusters, which the sandbox never has: flex clusters are not among them (docs/atlas.md#lists). */
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { flagParameter } from "../api/query.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { findVisibleCluster } from "../flex-clusters/find.ts";
import { findProject } from "../projects/find.ts";

const listRoute = {
  path: "/groups/{groupId}/clusters",
  version: "2023-01-01",
  laterVersions: ["2023-02-01", "2024-08-05"],
  endpointSet: endpointSets.clusters,
};

export const clusterOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupClusters",
    method: "GET",
    run: (call) => {
      findProject(call);
      flagParameter(call.query, "includeDeletedWithRetainedBackups", false);
      return createPage(call, []);
    },
  },
  {
    ...listRoute,
    path: "/groups/{groupId}/clusters/{name}",
    id: "getGroupCluster",
    method: "GET",
    run: (call) => {
      const { name } = findVisibleCluster(call);
      throw createApiError("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", { name });
    },
  },
];
