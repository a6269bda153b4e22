/** What the tables of faults are about: each change through its tool, and how to see in Atlas what came of it. */

import { aws, type Harness } from "./harness.ts";
import type { Answer, Provision } from "./provision.ts";

export const creates = [
  "project",
  "tagged project",
  "cluster",
  "tagged cluster",
  "database user",
  "access list entry",
] as const;

export const updates = ["update of a project", "update of a cluster"] as const;

export const deletes = [
  "delete of a cluster",
  "delete of a project",
  "delete of a database user",
  "delete of an access list entry",
] as const;

export type Create = (typeof creates)[number];

export type Delete = (typeof deletes)[number];

export type Update = (typeof updates)[number];

export type Subject = Create | Update | Delete;

type State = Awaited<ReturnType<Harness["state"]>>;

/** A change on a harness; `groupId` is what `prepare` gave. */
type Change = {
  operation: string;
  method: "POST" | "PATCH" | "DELETE";
  path: RegExp;
  prepare(harness: Harness): Promise<string>;
  call(process: Provision, groupId: string, harness: Harness): Promise<Answer>;
  /** What the change makes or deletes, as far as it is there; what an update changes, as far as it is as asked. */
  there(state: State): object[];
};

const shops = (list: Record<string, any>[]) => list.filter(({ name }) => name === "shop");
const home = (harness: Harness) => harness.makeProject("home");
const tags = { tags: [{ key: "env", value: "test" }] };

const tagged = (list: Record<string, any>[]) => shops(list).filter((one) => one.tags.length > 0);

const withCluster = async (harness: Harness): Promise<string> => {
  const groupId = await home(harness);
  await harness.makeCluster(groupId, "shop");
  return groupId;
};

const project = (more: object): Change => ({
  operation: "createGroup",
  method: "POST",
  path: /\/groups$/,
  prepare: async () => "",
  call: ({ call }, _groupId, { sandbox }) =>
    call("create_project", { name: "shop", orgId: sandbox.orgId, ...more }),
  there: ({ projects }) => shops(projects),
});

const cluster = (more: object): Change => ({
  operation: "createGroupFlexCluster",
  method: "POST",
  path: /\/flexClusters$/,
  prepare: home,
  call: ({ call }, groupId) =>
    call("create_flex_cluster", { groupId, name: "shop", providerSettings: aws, ...more }),
  there: ({ clusters }) => shops(clusters),
});

export const changes: Record<Subject, Change> = {
  project: project({}),
  "tagged project": project(tags),
  cluster: cluster({}),
  "tagged cluster": cluster(tags),
  "database user": {
    operation: "createGroupDatabaseUser",
    method: "POST",
    path: /\/databaseUsers$/,
    prepare: home,
    call: ({ call }, groupId) => call("create_database_user", { groupId, username: "shop" }),
    there: ({ users }) => users,
  },
  "access list entry": {
    operation: "createGroupAccessListEntry",
    method: "POST",
    path: /\/accessList\?/,
    prepare: home,
    call: ({ call }, groupId) =>
      call("create_access_list_entry", { groupId, ipAddress: "203.0.113.7" }),
    there: ({ accessList }) => accessList,
  },
  "update of a project": {
    operation: "updateGroup",
    method: "PATCH",
    path: /\/groups\/[a-f0-9]+$/,
    prepare: (harness) => harness.makeProject("shop"),
    call: ({ call }, groupId) => call("update_project", { groupId, ...tags }),
    there: ({ projects }) => tagged(projects),
  },
  "update of a cluster": {
    operation: "updateGroupFlexCluster",
    method: "PATCH",
    path: /\/flexClusters\/shop$/,
    prepare: withCluster,
    call: ({ call }, groupId) => call("update_flex_cluster", { groupId, name: "shop", ...tags }),
    there: ({ clusters }) => tagged(clusters),
  },
  "delete of a cluster": {
    operation: "deleteGroupFlexCluster",
    method: "DELETE",
    path: /\/flexClusters\/shop$/,
    prepare: withCluster,
    call: ({ call }, groupId) => call("delete_flex_cluster", { groupId, name: "shop" }),
    there: ({ clusters }) => shops(clusters),
  },
  "delete of a project": {
    operation: "deleteGroup",
    method: "DELETE",
    path: /\/groups\/[a-f0-9]+$/,
    prepare: (harness) => harness.makeProject("shop"),
    call: ({ call }, groupId) => call("delete_project", { groupId, name: "shop" }),
    there: ({ projects }) => shops(projects),
  },
  "delete of a database user": {
    operation: "deleteGroupDatabaseUser",
    method: "DELETE",
    path: /\/databaseUsers\/admin\/shop$/,
    prepare: async (harness) => {
      const groupId = await home(harness);
      await harness.make(`/groups/${groupId}/databaseUsers`, {
        databaseName: "admin",
        username: "shop",
        password: "Abcdefghijklmnopqrstuvwxyz012345",
        roles: [{ roleName: "readWrite", databaseName: "shop" }],
      });
      return groupId;
    },
    call: ({ call }, groupId) => call("delete_database_user", { groupId, username: "shop" }),
    there: ({ users }) => users,
  },
  "delete of an access list entry": {
    operation: "deleteGroupAccessListEntry",
    method: "DELETE",
    path: /\/accessList\/203\.0\.113\.7$/,
    prepare: async (harness) => {
      const groupId = await home(harness);
      await harness.make(`/groups/${groupId}/accessList`, [{ ipAddress: "203.0.113.7" }]);
      return groupId;
    },
    call: ({ call }, groupId) =>
      call("delete_access_list_entry", { groupId, ipAddress: "203.0.113.7" }),
    there: ({ accessList }) => accessList,
  },
};
