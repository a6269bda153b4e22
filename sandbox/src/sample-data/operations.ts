/** The operations that load sample data into a cluster. The sandbox has no database, so nothing but the state of a load changes. */
import { type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { advancedClustersOf, flexClustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { addPlainResource, plainResourcesOf } from "../plain-resources/store.ts";
import { findProject } from "../projects/find.ts";
import type { PlainResource } from "../state/administration.ts";
import { type SandboxState, toAtlasTime } from "../state/resources.ts";

const kind = "sampleDatasetLoad";

const route = { version: "2023-01-01", endpointSet: endpointSets.clusters };

/** Converts a load to the body of both responses. It takes as long as a cluster takes to be ready. */
const toView = (
  { provisionMs }: SandboxState,
  { id, createdAt, body }: PlainResource,
  now: number,
): JsonObject => {
  const completedAt = createdAt + provisionMs;
  const isDone = now >= completedAt;
  return {
    _id: id,
    ...body,
    completeDate: isDone ? toAtlasTime(completedAt) : null,
    createDate: toAtlasTime(createdAt),
    errorMessage: null,
    state: isDone ? "COMPLETED" : "WORKING",
  };
};

export const sampleDataOperations: readonly Operation[] = [
  {
    ...route,
    id: "requestGroupSampleDatasetLoad",
    method: "POST",
    path: "/groups/{groupId}/sampleDatasetLoad/{name}",
    bodyIsOptional: true,
    run: (call) => {
      const { state, now } = call;
      const groupId = findProject(call).id;
      const name = pathParameter(call, "name");
      const clusters = [
        ...flexClustersOf(state, groupId, now),
        ...advancedClustersOf(state, groupId, now),
      ];
      if (!clusters.some((cluster) => cluster.name === name)) {
        throw createApiError("CLUSTER_NOT_FOUND", { name, groupId });
      }
      const load = addPlainResource(call, kind, groupId, { clusterName: name });
      return { status: 201, body: toView(state, load, now) };
    },
  },
  {
    ...route,
    id: "getGroupSampleDatasetLoad",
    method: "GET",
    path: "/groups/{groupId}/sampleDatasetLoad/{sampleDatasetId}",
    run: (call) => {
      const { state, now } = call;
      const loads = plainResourcesOf(state, kind, findProject(call).id);
      const id = pathParameter(call, "sampleDatasetId");
      const load = loads.find((one) => one.id === id);
      // Atlas's own code is not documented.
      if (load === undefined) {
        throw createApiError("RESOURCE_NOT_FOUND", { resource: `sample dataset load ${id}` });
      }
      return { status: 200, body: toView(state, load, now) };
    },
  },
];
