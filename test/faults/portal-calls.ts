/** Every call of a tool that a portal may come between, and what Atlas would have answered to each of its requests. */
import type { Imitation } from "../support/imitation.ts";
import type { Likeness } from "./portal-bodies.ts";

/** Where a call is made: an organization of its own, with a project in it. */
export type Place = { atlas: Imitation; orgId: string; groupId: string };

export type PortalCall = {
  tool: string;
  title: string;
  args(place: Place): Record<string, unknown>;
  /** The requests of the call that the portal answers. */
  operations: readonly string[];
  /** What there is before. */
  prepare?(place: Place): void;
  /** Whether somebody makes a project of the same name while the call makes its own. */
  twin?: true;
};

const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
const roles = [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }];
const block = "203.0.113.7/32";

/** What there is of each kind where it exists before. */
const prepared = {
  project: ({ atlas, orgId }: Place) => {
    atlas.direct("createGroup", {}, { name: "shop", orgId }, orgId);
  },
  cluster: ({ atlas, orgId, groupId }: Place) => {
    atlas.direct("createGroupFlexCluster", { groupId }, { name: "shop", providerSettings }, orgId);
  },
  user: ({ atlas, orgId, groupId }: Place) => {
    const body = { username: "shop", databaseName: "admin", roles };
    atlas.direct("createGroupDatabaseUser", { groupId }, body, orgId);
  },
  entry: ({ atlas, orgId, groupId }: Place) => {
    atlas.direct("createGroupAccessListEntry", { groupId }, [{ cidrBlock: block }], orgId);
  },
};

const everything = (place: Place) => {
  for (const prepare of Object.values(prepared)) prepare(place);
};

type Made = keyof typeof prepared;

const creates: Record<
  Made,
  { tool: string; args(place: Place): object; find: string; make: string }
> = {
  project: {
    tool: "create_project",
    args: ({ orgId }) => ({ name: "shop", orgId }),
    find: "getOrgGroups",
    make: "createGroup",
  },
  cluster: {
    tool: "create_flex_cluster",
    args: ({ groupId }) => ({ groupId, name: "shop", providerSettings }),
    find: "getGroupFlexCluster",
    make: "createGroupFlexCluster",
  },
  user: {
    tool: "create_database_user",
    args: ({ groupId }) => ({ groupId, username: "shop" }),
    find: "getGroupDatabaseUser",
    make: "createGroupDatabaseUser",
  },
  entry: {
    tool: "create_access_list_entry",
    args: ({ groupId }) => ({ groupId, cidrBlock: block }),
    find: "listGroupAccessListEntries",
    make: "createGroupAccessListEntry",
  },
};

const createCalls = (Object.keys(creates) as Made[]).flatMap((kind): PortalCall[] => {
  const { tool, args, find, make } = creates[kind];
  const more = kind === "user" ? ["listGroupFlexClusters"] : [];
  return ["error", "return"].flatMap((ifExists): PortalCall[] => [
    {
      tool,
      title: `${tool} of none, with ifExists ${ifExists}`,
      args: (place) => ({ ...args(place), ifExists }),
      operations: ["token", find, make, ...more],
    },
    {
      tool,
      title: `${tool} of one that exists, with ifExists ${ifExists}`,
      args: (place) => ({ ...args(place), ifExists }),
      operations: [find, ...more],
      prepare: prepared[kind],
    },
  ]);
});

const home = ({ groupId }: Place) => ({ groupId, name: "home" });
const shop = ({ groupId }: Place) => ({ groupId, name: "shop" });
const inside = ["listGroupFlexClusters", "listGroupDatabaseUsers", "listGroupAccessListEntries"];

export const calls: readonly PortalCall[] = [
  ...createCalls,
  {
    tool: "create_project",
    title: "create_project beside somebody who makes the same",
    args: creates.project.args as PortalCall["args"],
    operations: ["getGroup", ...inside.slice(1), "deleteGroup", "getOrgGroups"],
    twin: true,
  },
  {
    tool: "delete_flex_cluster",
    title: "delete_flex_cluster",
    args: shop,
    operations: ["token", "getGroupFlexCluster", "deleteGroupFlexCluster"],
    prepare: prepared.cluster,
  },
  {
    tool: "delete_flex_cluster",
    title: "delete_flex_cluster of none",
    args: shop,
    operations: ["getGroupFlexCluster"],
  },
  {
    tool: "delete_project",
    title: "delete_project",
    args: home,
    operations: ["token", "getGroup", "listGroupFlexClusters", "deleteGroup"],
  },
  {
    tool: "delete_project",
    title: "delete_project with a cluster",
    args: home,
    operations: ["getGroup", "listGroupFlexClusters"],
    prepare: prepared.cluster,
  },
  {
    tool: "get_project",
    title: "get_project",
    args: ({ groupId }) => ({ groupId }),
    operations: ["token", "getGroup", ...inside],
    prepare: everything,
  },
  {
    tool: "get_flex_cluster",
    title: "get_flex_cluster",
    args: shop,
    operations: ["getGroupFlexCluster"],
    prepare: everything,
  },
  {
    tool: "get_flex_cluster",
    title: "get_flex_cluster of none",
    args: shop,
    operations: ["getGroupFlexCluster", "listGroupFlexClusters"],
  },
  {
    tool: "list_projects",
    title: "list_projects of an organization",
    args: ({ orgId }) => ({ orgId }),
    operations: ["getOrgGroups"],
    prepare: everything,
  },
  { tool: "list_projects", title: "list_projects", args: () => ({}), operations: ["listGroups"] },
  {
    tool: "list_flex_clusters",
    title: "list_flex_clusters",
    args: ({ groupId }) => ({ groupId }),
    operations: ["getGroup", "listGroupFlexClusters"],
    prepare: everything,
  },
  {
    tool: "get_account",
    title: "get_account",
    args: () => ({}),
    operations: ["listOrgs", "listGroups"],
    prepare: everything,
  },
];

const other = "0123456789abcdef01234567";

/** What Atlas would answer to a request of a call; ids that nothing has yet are made up. */
export const likenessOf = (operation: string, { orgId, groupId }: Place): Likeness => {
  const project = {
    clusterCount: 0,
    created: "2026-11-26T00:00:00Z",
    id: groupId,
    name: "home",
    orgId,
  };
  const cluster = {
    groupId,
    id: "76543210fedcba9876543210",
    name: "shop",
    providerSettings,
    stateName: "IDLE",
  };
  const user = { databaseName: "admin", groupId, roles, username: "shop" };
  const entry = { cidrBlock: block, groupId };
  const inGroup = { hex: "groupId", wrong: { groupId: other } };
  const one = { isList: false, hex: "id" };
  const list = { isList: true, hex: "id", key: "id" };
  const likenesses: Record<string, Likeness> = {
    token: {
      ...one,
      one: { access_token: "portal", expires_in: 3600, token_type: "Bearer" },
      key: "access_token",
      hex: "access_token",
      wrong: { access_token: false },
    },
    listOrgs: { ...list, one: { id: orgId, name: "Imitation" }, wrong: { id: "portal" } },
    getOrgGroups: { ...list, one: { ...project, name: "shop" }, wrong: { orgId: other } },
    listGroups: { ...list, one: project, wrong: { id: "portal" } },
    createGroup: {
      ...one,
      one: { ...project, id: other, name: "shop" },
      key: "name",
      wrong: { name: "home" },
    },
    getGroup: { ...one, one: project, key: "id", wrong: { id: other } },
    deleteGroup: { ...one, one: project, key: "id", wrong: { id: other } },
    listGroupFlexClusters: { ...list, one: cluster, wrong: { groupId: other } },
    getGroupFlexCluster: { ...one, one: cluster, key: "name", wrong: { name: "other" } },
    createGroupFlexCluster: { ...one, one: cluster, key: "name", wrong: { name: "other" } },
    deleteGroupFlexCluster: { ...one, one: cluster, key: "name", wrong: { name: "other" } },
    listGroupDatabaseUsers: { ...inGroup, isList: true, one: user, key: "username" },
    getGroupDatabaseUser: {
      ...inGroup,
      isList: false,
      one: user,
      key: "username",
      wrong: { username: "other" },
    },
    createGroupDatabaseUser: {
      ...inGroup,
      isList: false,
      one: user,
      key: "username",
      wrong: { username: "other" },
    },
    listGroupAccessListEntries: { ...inGroup, isList: true, one: entry, key: "cidrBlock" },
    createGroupAccessListEntry: {
      ...inGroup,
      isList: true,
      one: entry,
      key: "cidrBlock",
      wrong: { cidrBlock: "198.51.100.0/24", groupId: other },
    },
  };
  const found = likenesses[operation];
  if (found === undefined) throw new Error(`What does Atlas answer to ${operation}?`);
  return found;
};
