/** The operations that do something to a dedicated cluster without changing its description. */
import { checkFields, optionalText } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { type AdvancedCluster, toAtlasTime } from "../state/resources.ts";
import { isFree } from "./create.ts";
import { findAdvancedCluster } from "./find.ts";

/** How long a pin lasts if the request does not say: four weeks, as documented. */
const pinMs = 28 * 86_400_000;

const route = { path: "/groups/{groupId}/clusters/{name}", endpointSet: endpointSets.clusters };

const findDedicated = (call: Call): AdvancedCluster => {
  const cluster = findAdvancedCluster(call);
  if (isFree(cluster)) throw createApiError("TENANT_CLUSTER_UPDATE_UNSUPPORTED");
  return cluster;
};

export const clusterActionOperations: readonly Operation[] = [
  {
    ...route,
    id: "pinGroupClusterFeatureCompatibilityVersion",
    method: "POST",
    path: `${route.path}:pinFeatureCompatibilityVersion`,
    version: "2024-05-30",
    bodyIsOptional: true,
    run: (call) => {
      const cluster = findDedicated(call);
      checkFields(call.body, { expirationDate: "string" });
      const expirationDate =
        optionalText(call.body, "expirationDate") ?? toAtlasTime(call.now + pinMs);
      cluster.settings = {
        ...cluster.settings,
        featureCompatibilityVersionExpirationDate: expirationDate,
      };
      return { status: 204 };
    },
  },
  {
    ...route,
    id: "unpinGroupClusterFeatureCompatibilityVersion",
    method: "POST",
    path: `${route.path}:unpinFeatureCompatibilityVersion`,
    version: "2024-05-30",
    bodyIsOptional: true,
    run: (call) => {
      const cluster = findDedicated(call);
      const { featureCompatibilityVersionExpirationDate: _date, ...settings } = cluster.settings;
      cluster.settings = settings;
      return { status: 204 };
    },
  },
  {
    ...route,
    id: "restartGroupClusterPrimaries",
    method: "POST",
    path: `${route.path}/restartPrimaries`,
    version: "2023-01-01",
    laterVersions: ["2023-02-01"],
    bodyIsOptional: true,
    run: (call) => {
      findDedicated(call);
      return { status: 200, body: {} };
    },
  },
];
