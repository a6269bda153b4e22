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

export const deletes = ["delete of a cluster", "delete of a project"] as const;

export type Create = (typeof creates)[number];

export type Delete = (typeof deletes)[number];

export type Subject = Create | Delete;

type State = Awaited<ReturnType<Harness["state"]>>;

/** A change on a harness; `groupId` is what `prepare` gave. */
type Change = {
  operation: string;
  method: "POST" | "DELETE";
  path: RegExp;
  prepare(harness: Harness): Promise<string>;
  call(process: Provision, groupId: string, harness: Harness): Promise<Answer>;
  /** What the change makes or deletes, as far as it is there. */
  there(state: State): object[];
};

const shops = (list: Record<string, any>[]) => list.filter(({ name }) => name === "shop");
const home = (harness: Harness) => harness.makeProject("home");
const tags = { tags: [{ key: "env", value: "test" }] };

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
  "delete of a cluster": {
    operation: "deleteGroupFlexCluster",
    method: "DELETE",
    path: /\/flexClusters\/shop$/,
    prepare: async (harness) => {
      const groupId = await home(harness);
      await harness.makeCluster(groupId, "shop");
      return groupId;
    },
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
};
