/** The operation that lists the clusters of all projects, with few of their members. */
import type { Call, Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { advancedClustersOf, flexClustersOf } from "../flex-clusters/state.ts";
import { mongoDBVersion } from "../flex-clusters/view.ts";
import type { JsonObject } from "../json.ts";
import { listProjects } from "../projects/find.ts";
import type { AnyCluster, Project } from "../state/resources.ts";

/** Two figures come from monitoring, and the sandbox has nothing to monitor. */
const toClusterView = (
  { id, name }: AnyCluster,
  type: string,
  backupEnabled: boolean,
): JsonObject => ({
  alertCount: 0,
  authEnabled: true,
  availability: "available",
  backupEnabled,
  clusterId: id,
  dataSizeBytes: 0,
  name,
  nodeCount: 3,
  sslEnabled: true,
  type,
  versions: [mongoDBVersion],
});

const toProjectView = ({ state, now }: Call, project: Project): JsonObject => {
  const advanced = advancedClustersOf(state, project.id, now).map((cluster) =>
    toClusterView(
      cluster,
      cluster.clusterType === "REPLICASET" ? "REPLICA_SET" : "SHARDED_CLUSTER",
      cluster.settings.backupEnabled === true,
    ),
  );
  const flex = flexClustersOf(state, project.id, now).map((cluster) =>
    toClusterView(cluster, "REPLICA_SET", true),
  );
  const organization = state.organizations.find(({ id }) => id === project.orgId);
  return {
    clusters: [...advanced, ...flex],
    groupId: project.id,
    groupName: project.name,
    orgId: project.orgId,
    orgName: organization?.name ?? "",
    planType: "Atlas",
    tags: [],
  };
};

export const allClustersOperations: readonly Operation[] = [
  {
    id: "listClusterDetails",
    method: "GET",
    path: "/clusters",
    version: "2023-01-01",
    endpointSet: endpointSets.groups,
    run: (call) => {
      const projects = listProjects(call.state.projects);
      return createPage(
        call,
        projects.map((project) => toProjectView(call, project)),
      );
    },
  },
];
