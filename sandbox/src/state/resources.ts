import type { Identifiers } from "../identifiers.ts";

/** A key-value label on a project or cluster. */
export type Tag = { key: string; value: string };

/** An organization; the sandbox never makes or removes one. */
export type Organization = { id: string; name: string };

/** What every resource carries for the fault `stale_reads`: reads that still miss it. */
export type StaleReads = { staleReads: number };

/** A project as it is kept. */
export type Project = StaleReads & {
  id: string;
  orgId: string;
  name: string;
  /** Absent until somebody sends tags: the answer to a create shows them only then. */
  tags: Tag[] | undefined;
  withDefaultAlertsSettings: boolean;
  projectOwnerId: string | undefined;
  createdAt: number;
};

/** A flex cluster as it is kept; its state is derived from the clock, never stored. */
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

/** What Atlas deletes by itself once its time has come. */
export type Expiring = { deleteAfter: number | undefined };

/** A privilege of a database user. */
export type Role = {
  collectionName: string | undefined;
  databaseName: string;
  roleName: string;
};

/** A resource that a database user may reach. */
export type Scope = { name: string; type: ScopeType };

export type ScopeType = "CLUSTER" | "DATA_LAKE" | "STREAM";

/** How a database user proves who it is; `NONE` in all four means by password. */
export type AuthTypes = {
  awsIAMType: "NONE" | "USER" | "ROLE";
  ldapAuthType: "NONE" | "GROUP" | "USER";
  oidcAuthType: "NONE" | "IDP_GROUP" | "USER";
  x509Type: "NONE" | "CUSTOMER" | "MANAGED";
};

/** A database user as it is kept: the password is checked and forgotten. */
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

/** An entry of a project's IP access list; a single address is kept as a block of one. */
export type AccessListEntry = StaleReads &
  Expiring & {
    groupId: string;
    cidrBlock: string;
    comment: string | undefined;
    createdAt: number;
  };

/** All that was made in a world. */
export type Resources = {
  projects: Project[];
  clusters: Cluster[];
  users: DatabaseUser[];
  accessList: AccessListEntry[];
};

/** All that the sandbox knows of one Atlas. */
export type SandboxState = Resources & {
  readonly organizations: readonly Organization[];
  readonly ids: Identifiers;
  readonly provisionMs: number;
};

/** What a new world holds. */
export const createResources = (): Resources => ({
  projects: [],
  clusters: [],
  users: [],
  accessList: [],
});

/** What a world holds, without the world around it. */
export const resourcesOf = ({
  projects,
  clusters,
  users,
  accessList,
}: SandboxState): Resources => ({
  projects,
  clusters,
  users,
  accessList,
});

/** Tells whether Atlas has not yet deleted it by itself. */
export const isAlive = ({ deleteAfter }: Expiring, now: number): boolean =>
  deleteAfter === undefined || now < deleteAfter;

/** Tells whether a read sees the resource, and counts the read where it does not. */
export const isFound = (resource: StaleReads): boolean => {
  if (resource.staleReads === 0) return true;
  resource.staleReads -= 1;
  return false;
};

/** A time as Atlas prints it: whole seconds, UTC. */
export const toAtlasTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
