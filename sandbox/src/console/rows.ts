/** What the console shows of the state: a row for each thing. Nothing in it gives access to anything. */
import { isFree } from "../clusters/create.ts";
import {
  type ClusterState,
  clusterState,
  type KnownStrings,
  knownStrings,
  stateSpan,
} from "../clusters/life.ts";
import { pausedAt, presentClusters, statusOf } from "../ephemeral-clusters/state.ts";
import {
  type AccessListEntry,
  type AdvancedCluster,
  type AnyCluster,
  type Cluster,
  type DatabaseUser,
  type EphemeralCluster,
  isExpired,
  type Project,
  type Role,
  type SandboxState,
  type Tag,
} from "../state/resources.ts";
import { masked, printMasked } from "./masked.ts";

/** A row. `key` names it among all; times are milliseconds since 1970 in the time of the sandbox. */
type Row = { key: string; kind: string };

type ClusterRow = Row & {
  groupId: string;
  id: string;
  name: string;
  size: string;
  place: string;
  state: ClusterState;
  since: number;
  until?: number;
  strings: KnownStrings;
  created: number;
  tags: readonly Tag[];
  isProtected: boolean;
  isPaused: boolean;
};

const toProjectRow = ({ id, orgId, name, tags = [], createdAt }: Project) => ({
  ...{ key: `project ${id}`, kind: "project", id, orgId, name, created: createdAt, tags },
});

const toAnyClusterRow = (state: SandboxState, cluster: AnyCluster, now: number) => ({
  key: `cluster ${cluster.id}`,
  kind: "cluster",
  groupId: cluster.groupId,
  id: cluster.id,
  name: cluster.name,
  state: clusterState(state, cluster, now),
  ...stateSpan(state, cluster, now),
  created: cluster.createdAt,
  tags: cluster.tags ?? [],
  isProtected: cluster.terminationProtectionEnabled,
});

const toFlexRow = (state: SandboxState, cluster: Cluster, now: number): ClusterRow => ({
  ...toAnyClusterRow(state, cluster, now),
  size: "flex",
  place: `${cluster.provider} ${cluster.region}`,
  strings: knownStrings(state, cluster, now, "srv"),
  isPaused: false,
});

const toAdvancedRow = (state: SandboxState, cluster: AdvancedCluster, now: number): ClusterRow => {
  const regions = cluster.replicationSpecs.flatMap((spec) => spec.regions);
  const places = regions.map((one) => `${one.backingProvider ?? one.provider} ${one.region}`);
  return {
    ...toAnyClusterRow(state, cluster, now),
    size: regions[0]?.electable.instanceSize ?? "",
    place: [...new Set(places)].join(", "),
    strings: knownStrings(state, cluster, now, isFree(cluster) ? "srv" : "none"),
    isPaused: cluster.settings.paused === true,
  };
};

const roleText = ({ roleName, databaseName, collectionName }: Role): string =>
  `${roleName}@${databaseName}${collectionName === undefined ? "" : `.${collectionName}`}`;

const toUserRow = (user: DatabaseUser) => {
  const { groupId, username, databaseName: database, description, deleteAfter, labels } = user;
  return {
    key: `user ${groupId} ${database} ${username}`,
    kind: "user",
    ...{ groupId, username, database, description, ends: deleteAfter, tags: labels },
    roles: user.roles.map(roleText),
    clusters: user.scopes.map(({ name }) => name),
  };
};

const toEntryRow = ({ groupId, cidrBlock: block, comment, deleteAfter }: AccessListEntry) => ({
  ...{ key: `entry ${groupId} ${block}`, kind: "entry", groupId, block, comment },
  ends: deleteAfter,
});

/** Without its id, with which anybody gets its connection string. */
const toEphemeralRow = (
  state: SandboxState,
  cluster: EphemeralCluster,
  index: number,
  now: number,
) => {
  const status = statusOf(state, cluster, now);
  const { name, createdAt: created, stuck } = cluster;
  const end = status === "PROVISIONING" ? created + state.provisionMs : undefined;
  return {
    key: `ephemeral ${index}`,
    kind: "ephemeral",
    ...{ name, state: status, created, since: created, ends: pausedAt(cluster) },
    ...(end === undefined || stuck ? {} : { until: end }),
  };
};

/** How many there are of what has no row of its own. */
const toOthersRow = (state: SandboxState) => {
  const { teams, serviceAccounts, apiKeys, invitedUsers, customRoles } = state;
  const all = { teams, serviceAccounts, apiKeys, invitedUsers, customRoles };
  const counts = Object.entries(all).map(([name, { length }]) => [name, length]);
  return { key: "others", kind: "others", counts: Object.fromEntries(counts) };
};

/** The rows as JSON by their keys, in the order in which the things were made. A key is masked, too, and stays unique. */
export const rowsOf = (state: SandboxState, now: number): Map<string, string> => {
  const isThere = (cluster: AnyCluster) => clusterState(state, cluster, now) !== "GONE";
  const rows: Row[] = [
    ...state.organizations.map(({ id, name }) => ({
      ...{ key: `organization ${id}`, kind: "organization", id, name },
    })),
    ...state.projects.map(toProjectRow),
    ...state.clusters.filter(isThere).map((cluster) => toFlexRow(state, cluster, now)),
    ...state.advancedClusters.filter(isThere).map((cluster) => toAdvancedRow(state, cluster, now)),
    ...state.users.filter((user) => !isExpired(user, now)).map(toUserRow),
    ...state.accessList.filter((entry) => !isExpired(entry, now)).map(toEntryRow),
    ...presentClusters(state, now).map((cluster, index) =>
      toEphemeralRow(state, cluster, index, now),
    ),
    toOthersRow(state),
  ];
  const texts = new Map<string, string>();
  for (const row of rows) {
    let key = masked(row.key);
    while (texts.has(key)) key += "+";
    texts.set(key, printMasked({ ...row, key }));
  }
  return texts;
};
