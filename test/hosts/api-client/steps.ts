/** The functions of mongodb-atlas-api-client in an order in which they work, and how each must be answered. */
import { aws } from "../../support/live-sandbox.ts";

/** A name, the call, the status and error code of its answer, and the function without which it is not called. */
export type Step = [
  name: string,
  call: (it: Lifecycle) => Promise<any>,
  answer: string,
  needed?: string,
];

export type Lifecycle = {
  orgId: string;
  /** The project, once it is created, and the first user of the organization. */
  projectId: string;
  userId: string;
  /** The client for a project. */
  of(projectId: string): any;
};

/** The client's options that name a version, which it does not do by itself. */
const version = (date: string) => ({
  httpOptions: {
    headers: { Accept: `application/vnd.atlas.${date}+json`, "Content-Type": "application/json" },
  },
});

const v1 = version("2023-01-01");
const v2 = version("2023-02-01");
const users = version("2025-02-19");
const clusters = version("2024-10-23");
const advanced = version("2024-08-05");

const unknown = "0123456789abcdef01234567";
const role = { roleName: "readWriteAnyDatabase", databaseName: "admin" };
const orders = { db: "shop", collection: "orders" };
const find = { action: "FIND", resources: [orders] };
const region = {
  ...{ providerName: "AWS", regionName: aws.regionName, priority: 7 },
  electableSpecs: { instanceSize: "M10", nodeCount: 3 },
};
const cluster = {
  ...{ name: "big", clusterType: "REPLICASET" },
  replicationSpecs: [{ regionConfigs: [region] }],
};
const index = { database: "shop", collectionName: "orders", name: "text" };

/** The steps of one part of the client, inside the project. */
const part = (
  name: string,
  steps: Record<string, [call: (its: any, it: Lifecycle) => Promise<any>, answer: string]>,
  needed?: string,
): Step[] =>
  Object.entries(steps).map(([step, [call, answer]]) => [
    `${name}.${step}`,
    (it) => call(it.of(it.projectId)[name], it),
    answer,
    needed,
  ]);

export const steps: Step[] = [
  ...part("organization", {
    getAll: [(its) => its.getAll(v1), "200"],
    getById: [(its, { orgId }) => its.getById(orgId, v1), "200"],
    getAllUsersForOrganization: [
      async (its, it) => {
        const page = await its.getAllUsersForOrganization(it.orgId, users);
        it.userId = page.results?.[0]?.id ?? unknown;
        return page;
      },
      "200",
    ],
    invite: [
      (its, { orgId }) =>
        its.invite(orgId, { username: "ada@example.com", roles: ["ORG_MEMBER"] }, v1),
      "200",
    ],
    rename: [(its, { orgId }) => its.rename(orgId, { name: "Sandbox" }, v1), "200"],
  }),
  ...part("project", {
    create: [
      async (its, it) => {
        const project = await its.create({ name: "shop", orgId: it.orgId }, v1);
        it.projectId = project.id;
        return project;
      },
      "201",
    ],
    "create, name taken": [
      (its, { orgId }) => its.create({ name: "shop", orgId }, v1),
      "409 GROUP_ALREADY_EXISTS",
    ],
    getById: [(its, { projectId }) => its.getById(projectId, v1), "200"],
    getByName: [(its) => its.getByName("shop", v1), "200"],
    getAll: [(its) => its.getAll(v1), "200"],
    getTeamsByProjectId: [(its, { projectId }) => its.getTeamsByProjectId(projectId, v1), "200"],
    assignTeams: [
      (its, { projectId }) =>
        its.assignTeams(projectId, [{ teamId: unknown, roleNames: ["GROUP_OWNER"] }], v1),
      "404 TEAM_NOT_FOUND",
    ],
  }),
  ...part("organization", {
    getAllProjectsForOrganization: [
      (its, { orgId }) => its.getAllProjectsForOrganization(orgId, v1),
      "200",
    ],
  }),
  ...part("user", {
    create: [
      (its, { projectId: groupId }) => {
        const user = { username: "app", password: "a-password-of-its-own", databaseName: "admin" };
        return its.create({ ...user, groupId, roles: [role] }, v1);
      },
      "201",
    ],
    get: [(its) => its.get("app", v1), "200"],
    getAll: [(its) => its.getAll(v1), "200"],
    update: [(its) => its.update("app", { roles: [role], description: "the shop" }, v1), "200"],
    delete: [(its) => its.delete("app", v1), "204"],
    "get, deleted": [(its) => its.get("app", v1), "404 USERNAME_NOT_FOUND"],
  }),
  ...part("projectAccesslist", {
    create: [(its) => its.create([{ ipAddress: "203.0.113.7" }], v1), "201"],
    update: [(its) => its.update([{ cidrBlock: "10.0.0.0/8" }], v1), "201"],
    get: [(its) => its.get("203.0.113.7", v1), "200"],
    getAll: [(its) => its.getAll(v1), "200"],
    delete: [(its) => its.delete("203.0.113.7", v1), "204"],
  }),
  ...part("customDbRole", {
    create: [(its) => its.create({ roleName: "clerk", actions: [find] }, v1), "202"],
    get: [(its) => its.get("clerk", v1), "200"],
    getAll: [(its) => its.getAll(v1), "200"],
    update: [(its) => its.update("clerk", { actions: [find] }, v1), "200"],
    delete: [(its) => its.delete("clerk", v1), "204"],
  }),
  ...part("cluster", {
    getAll: [(its) => its.getAll(advanced), "200"],
    "get, unknown": [(its) => its.get("big", advanced), "404 CLUSTER_NOT_FOUND"],
    create: [(its) => its.create(cluster, clusters), "201"],
    getAdvanceConfiguration: [(its) => its.getAdvanceConfiguration("big", advanced), "200"],
    updateAdvanceConfiguration: [
      (its) => its.updateAdvanceConfiguration("big", { javascriptEnabled: false }, advanced),
      "200",
    ],
    testPrimaryFailOver: [(its) => its.testPrimaryFailOver("big", v2), "200"],
  }),
  ...part("cloudBackup", {
    getAllReplicaSetCloudBackups: [(its) => its.getAllReplicaSetCloudBackups("big", v1), "200"],
    getReplicaSetCloudBackup: [(its) => its.getReplicaSetCloudBackup("big", unknown, v1), "404"],
    createSnapshotRestoreJob: [
      (its) => its.createSnapshotRestoreJob("big", { deliveryType: "download" }, v1),
      "200",
    ],
    getSnapshotRestoreJob: [(its) => its.getSnapshotRestoreJob("big", unknown, v1), "404"],
  }),
  ...part("atlasSearch", {
    create: [(its) => its.create("big", index, v1), "200"],
    get: [(its) => its.get("big", unknown, v1), "404"],
    getAll: [(its) => its.getAll("big", "shop", "orders", v1), "200"],
    getAllAnalyzers: [(its) => its.getAllAnalyzers("big", v1), "200"],
    upsertAnalyzer: [(its) => its.upsertAnalyzer("big", [], v1), "200"],
    update: [(its) => its.update("big", unknown, index, v1), "404"],
    delete: [(its) => its.delete("big", unknown, v1), "404"],
  }),
  ...part(
    "cluster",
    {
      get: [(its) => its.get("big", advanced), "200"],
      update: [
        (its) => its.update("big", { terminationProtectionEnabled: false }, clusters),
        "200",
      ],
      delete: [(its) => its.delete("big", v2), "202"],
    },
    "cluster.create",
  ),
  ...part("alert", {
    getAll: [(its) => its.getAll(v1), "200"],
    get: [(its) => its.get(unknown, v1), "404 ALERT_NOT_FOUND"],
    acknowledge: [(its) => its.acknowledge(unknown, {}, v1), "404 ALERT_NOT_FOUND"],
  }),
  ...part("event", {
    getAll: [(its) => its.getAll(v1), "200"],
    get: [(its) => its.get(unknown, v1), "404 EVENT_NOT_FOUND"],
    getAllByOrganizationId: [(its, { orgId }) => its.getAllByOrganizationId(orgId, v1), "200"],
    getByOrganizationId: [
      (its, { orgId }) => its.getByOrganizationId(orgId, unknown, v1),
      "404 EVENT_NOT_FOUND",
    ],
  }),
  ...part("cloudProviderAccess", {
    getAll: [(its) => its.getAll(v1), "200"],
    create: [(its) => its.create({ providerName: "AWS" }, v1), "200"],
    update: [(its) => its.update(unknown, { providerName: "AWS" }, v1), "404"],
    delete: [(its) => its.delete("AWS", unknown, v1), "404"],
  }),
  ...part("atlasUser", {
    getAll: [(its) => its.getAll(users), "200"],
    getById: [(its, { userId }) => its.getById(userId, v1), "200"],
    getByName: [(its) => its.getByName("ada@example.com", v1), "404 USERNAME_NOT_FOUND"],
    create: [(its) => its.create({ username: "ada@example.com" }, v1), "200"],
    update: [(its, { userId }) => its.update(userId, {}, v1), "200"],
  }),
  ...part("dataLake", {
    getAll: [(its) => its.getAll(v1), "200"],
    create: [(its) => its.create({ name: "lake" }, v1), "200"],
    get: [(its) => its.get("lake", v1), "200"],
    update: [(its) => its.update("lake", {}, v1), "200"],
    getLogsStream: [(its) => its.getLogsStream("lake", v1), "200"],
    delete: [(its) => its.delete("lake", v1), "204"],
  }),
  ...part("projectWhitelist", {
    getAll: [(its) => its.getAll(v1), "200"],
    create: [(its) => its.create([{ ipAddress: "203.0.113.7" }], v1), "201"],
    update: [(its) => its.update([{ ipAddress: "203.0.113.7" }], v1), "201"],
    get: [(its) => its.get("203.0.113.7", v1), "200"],
    delete: [(its) => its.delete("203.0.113.7", v1), "204"],
  }),
  ...part("project", {
    removeUserFromProject: [
      (its, { projectId, userId }) => its.removeUserFromProject(projectId, userId, users),
      // The owner of the sandbox stays.
      "403",
    ],
    delete: [(its, { projectId }) => its.delete(projectId, v1), "202"],
    "getById, deleted": [(its, { projectId }) => its.getById(projectId, v1), "404 GROUP_NOT_FOUND"],
  }),
  ...part("organization", { delete: [(its, { orgId }) => its.delete(orgId, v1), "204"] }),
];
