/** The operations on restore jobs of a flex cluster. The sandbox has no data, so nothing but the status of a job changes. */
import { checkFields, requiredText } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { addPlainResource, plainResourcesOf } from "../plain-resources/store.ts";
import type { PlainResource } from "../state/administration.ts";
import { toAtlasTime } from "../state/resources.ts";
import { findFlexCluster } from "./find.ts";
import { findSnapshot } from "./snapshots.ts";

const kind = "flexRestoreJob";

/** How long a job is kept, as recorded. */
const keptMs = 6 * 3_600_000;

const listRoute = {
  path: "/groups/{groupId}/flexClusters/{name}/backup/restoreJobs",
  version: "2024-11-13",
  endpointSet: endpointSets.flexClusters,
} as const;

/** Converts a job to the body of all responses, as recorded. It takes as long as a cluster takes to be ready. */
const toView = ({ state, now }: Call, job: PlainResource): JsonObject => {
  const finishedAt = job.createdAt + state.provisionMs;
  const isDone = now >= finishedAt;
  const { instanceName = "", snapshotFinishedDate = "", ...rest } = job.body;
  const { snapshotId = "", targetDeploymentItemName = "", targetProjectId = "" } = rest;
  return {
    deliveryType: "RESTORE",
    expirationDate: toAtlasTime(job.createdAt + keptMs),
    id: job.id,
    instanceName,
    projectId: job.ownerId,
    ...(isDone ? { restoreFinishedDate: toAtlasTime(finishedAt) } : {}),
    restoreScheduledDate: toAtlasTime(job.createdAt),
    snapshotFinishedDate,
    snapshotId,
    status: isDone ? "COMPLETED" : "PENDING",
    targetDeploymentItemName,
    targetProjectId,
  };
};

/** The jobs of the cluster that the path names; throws if there is no such cluster. */
const jobsOf = (call: Call): PlainResource[] => {
  const { groupId, name } = findFlexCluster(call);
  const jobs = plainResourcesOf(call.state, kind, groupId);
  return jobs.filter(({ body }) => body.instanceName === name);
};

export const restoreJobOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupFlexClusterBackupRestoreJobs",
    method: "GET",
    run: (call) =>
      createPage(
        call,
        jobsOf(call).map((job) => toView(call, job)),
      ),
  },
  {
    ...listRoute,
    id: "createGroupFlexClusterBackupRestoreJob",
    method: "POST",
    run: (call) => {
      const cluster = findFlexCluster(call);
      checkFields(call.body, {
        instanceName: "ignored",
        snapshotId: "string",
        targetDeploymentItemName: "string",
        targetProjectId: "string",
      });
      const { id, takenAt } = findSnapshot(call, cluster, requiredText(call.body, "snapshotId"));
      const job = addPlainResource(call, kind, cluster.groupId, {
        instanceName: cluster.name,
        snapshotFinishedDate: toAtlasTime(takenAt),
        snapshotId: id,
        targetDeploymentItemName: requiredText(call.body, "targetDeploymentItemName"),
        targetProjectId: requiredText(call.body, "targetProjectId"),
      });
      return { status: 200, body: toView(call, job) };
    },
  },
  {
    ...listRoute,
    id: "getGroupFlexClusterBackupRestoreJob",
    method: "GET",
    path: `${listRoute.path}/{restoreJobId}`,
    run: (call) => {
      const restoreJobId = pathParameter(call, "restoreJobId");
      const job = jobsOf(call).find(({ id }) => id === restoreJobId);
      // Atlas's own code for this is not documented.
      if (job === undefined) {
        throw createApiError("RESOURCE_NOT_FOUND", { resource: `restore job ${restoreJobId}` });
      }
      return { status: 200, body: toView(call, job) };
    },
  },
];
