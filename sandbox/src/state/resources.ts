/** The state of a sandbox as data. */
import type { Identifiers } from "../identifiers.ts";

/** A tag of a project or cluster, or a label of a database user. */
export type Tag = { key: string; value: string };

/** An organization. The sandbox never creates or deletes one. */
export type Organization = { id: string; name: string };

/** The fault `stale_reads`: the number of reads that do not find the resource. */
export type StaleReads = { staleReads: number };

/** A project as the sandbox stores it. */
export type Project = StaleReads & {
  id: string;
  orgId: string;
  name: string;
  /** Undefined until a request has tags: the response to a create shows them only then. */
  tags: Tag[] | undefined;
  withDefaultAlertsSettings: boolean;
  projectOwnerId: string | undefined;
  createdAt: number;
};

/** A flex cluster as the sandbox stores it. Its state is not stored but derived from the clock. */
export type Cluster = StaleReads & {
  id: string;
  groupId: string;
  name: string;
  provider: string;
  region: string;
  tags: Tag[] | undefined;
  terminationProtectionEnabled: boolean;
  createdAt: number;
  deletedAt: number | undefined;
  stuck: boolean;
  hosts: { cluster: string; replicaSet: string; domain: string };
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
  users: DatabaseUser[];
  accessList: AccessListEntry[];
  ephemeralClusters: EphemeralCluster[];
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
  users: [],
  accessList: [],
  ephemeralClusters: [],
});

/** The resources of a state, without the rest. */
export const resourcesOf = ({
  projects,
  clusters,
  users,
  accessList,
  ephemeralClusters,
}: SandboxState): Resources => ({
  projects,
  clusters,
  users,
  accessList,
  ephemeralClusters,
});

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
