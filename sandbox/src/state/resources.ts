/** The state of a sandbox as data. */
import type { Identifiers } from "../identifiers.ts";
import type { JsonObject } from "../json.ts";
import type {
  ApiKey,
  CustomRole,
  InvitedUser,
  PlainResource,
  ProjectLimit,
  ServiceAccount,
  Settings,
  Team,
} from "./administration.ts";

/** A tag of a project or cluster, or a label of a database user. */
export type Tag = { key: string; value: string };

/** An organization. The sandbox never creates or deletes one. */
export type Organization = { id: string; name: string };

/** The fault `stale_reads`: the number of reads that do not find the resource. */
export type StaleReads = { staleReads: number };

/** A project as the sandbox stores it. */
export type Project = StaleReads & {
  /** The fault `user_cannot_access_group`: the number of reads that its owner is refused. */
  refusedReads: number;
  id: string;
  orgId: string;
  name: string;
  /** Undefined until a request has tags: the response to a create shows them only then. */
  tags: Tag[] | undefined;
  withDefaultAlertsSettings: boolean;
  projectOwnerId: string | undefined;
  createdAt: number;
};

/** What the state of a cluster and its connection strings follow from, by the clock. Neither is stored. */
export type ClusterLife = {
  createdAt: number;
  deletedAt: number | undefined;
  /** When the change began that it is UPDATING for. */
  changedAt: number | undefined;
  /** The fault `stuck_creating`. */
  stuck: boolean;
  /** The fault `updating`: UPDATING between CREATING and IDLE. */
  updating: boolean;
  /** The fault `late_strings`: IDLE before the connection strings are there. */
  lateStrings: boolean;
};

/** What clusters of both APIs have. */
export type AnyCluster = StaleReads &
  ClusterLife & {
    id: string;
    groupId: string;
    name: string;
    tags: Tag[] | undefined;
    terminationProtectionEnabled: boolean;
    hosts: { cluster: string; replicaSet: string; domain: string };
  };

/** A flex cluster as the sandbox stores it. */
export type Cluster = AnyCluster & { provider: string; region: string };

/** The hardware of the nodes of one kind in one region. What a provider does not have is undefined. */
export type Hardware = {
  instanceSize: string;
  nodeCount: number;
  diskSizeGB: number;
  diskIOPS: number | undefined;
  ebsVolumeType: string | undefined;
};

/** One region of a replica set or shard. */
export type RegionConfig = {
  /** TENANT for a free cluster, which also has a backing provider. */
  provider: string;
  backingProvider: string | undefined;
  region: string;
  priority: number;
  electable: Hardware;
  readOnly: Hardware;
  analytics: Hardware;
  autoScaling: JsonObject;
  analyticsAutoScaling: JsonObject | undefined;
};

/** One replica set or shard. */
export type ReplicationSpec = {
  id: string;
  zoneId: string;
  zoneName: string;
  regions: RegionConfig[];
};

/** A free (M0) or dedicated cluster as the sandbox stores it; Atlas calls its description an advanced one. */
export type AdvancedCluster = AnyCluster & {
  clusterType: string;
  replicationSpecs: ReplicationSpec[];
  /** True if its last specs came in a version in which shards can differ. */
  scalesShards: boolean;
  /** When it was last resumed after a pause. */
  resumedAt: number | undefined;
  /** The other settings that requests had; the rest has defaults. */
  settings: JsonObject;
  processArgs: JsonObject;
};

/** A resource that Atlas may delete at a given time. */
export type Expiring = { deleteAfter: number | undefined };

/** A role of a database user. */
export type Role = {
  collectionName: string | undefined;
  databaseName: string;
  roleName: string;
};

/** A resource that a database user may access. */
export type Scope = { name: string; type: ScopeType };

export type ScopeType = "CLUSTER" | "DATA_LAKE" | "STREAM";

/** How a database user authenticates; `NONE` in all four means by password. */
export type AuthTypes = {
  awsIAMType: "NONE" | "USER" | "ROLE";
  ldapAuthType: "NONE" | "GROUP" | "USER";
  oidcAuthType: "NONE" | "IDP_GROUP" | "USER";
  x509Type: "NONE" | "CUSTOMER" | "MANAGED";
};

/** A database user as the sandbox stores it. Its password is checked, but not stored. */
export type DatabaseUser = StaleReads &
  Expiring & {
    groupId: string;
    databaseName: string;
    username: string;
    authTypes: AuthTypes;
    roles: Role[];
    scopes: Scope[];
    labels: Tag[];
    description: string | undefined;
  };

/** An entry of a project's IP access list. A single address is stored as a block of one. */
export type AccessListEntry = StaleReads &
  Expiring & {
    groupId: string;
    cidrBlock: string;
    comment: string | undefined;
    createdAt: number;
  };

/** An ephemeral cluster as the sandbox stores it. The response to its create has its password, and nothing else has it. */
export type EphemeralCluster = StaleReads & {
  id: string;
  name: string;
  username: string;
  host: string;
  claimId: string;
  createdAt: number;
  stuck: boolean;
};

/** All that can be created and deleted in a sandbox. */
export type Resources = {
  projects: Project[];
  clusters: Cluster[];
  advancedClusters: AdvancedCluster[];
  users: DatabaseUser[];
  accessList: AccessListEntry[];
  ephemeralClusters: EphemeralCluster[];
  settings: Settings[];
  limits: ProjectLimit[];
  customRoles: CustomRole[];
  teams: Team[];
  serviceAccounts: ServiceAccount[];
  apiKeys: ApiKey[];
  invitedUsers: InvitedUser[];
  plainResources: PlainResource[];
};

/** The state of a sandbox: organizations, resources, and what operations need to create them and to derive their state. */
export type SandboxState = Resources & {
  readonly organizations: readonly Organization[];
  readonly ids: Identifiers;
  readonly provisionMs: number;
  /** How far tests have moved the clock of the sandbox. It only grows. */
  clockAheadMs: number;
};

/** The resources of a new sandbox: none. */
export const createResources = (): Resources => ({
  projects: [],
  clusters: [],
  advancedClusters: [],
  users: [],
  accessList: [],
  ephemeralClusters: [],
  settings: [],
  limits: [],
  customRoles: [],
  teams: [],
  serviceAccounts: [],
  apiKeys: [],
  invitedUsers: [],
  plainResources: [],
});

/** The resources of a state, without the rest. */
export const resourcesOf = (state: SandboxState): Resources => {
  const { organizations, ids, provisionMs, clockAheadMs, ...resources } = state;
  return resources;
};

/** Tells whether Atlas would have deleted a resource by now. */
export const isExpired = ({ deleteAfter }: Expiring, now: number): boolean =>
  deleteAfter !== undefined && now >= deleteAfter;

/** Tells whether a read finds the resource, and counts a stale read if not. */
export const takeRead = (resource: StaleReads): boolean => {
  if (resource.staleReads === 0) return true;
  resource.staleReads -= 1;
  return false;
};

/** Converts a time to Atlas's format: whole seconds, UTC. */
export const toAtlasTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
