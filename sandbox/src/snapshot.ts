/** What a sandbox shows of its state, with Atlas's names for the members. Times are as Atlas writes them. */
import type { ClusterState } from "./clusters/life.ts";
import type { EphemeralClusterStatus } from "./ephemeral-clusters/state.ts";
import type { Json } from "./json.ts";
import type { AuthTypes, Organization, Scope, Tag } from "./state/resources.ts";

/** A project. */
export type ProjectState = {
  clusterCount: number;
  created: string;
  id: string;
  name: string;
  orgId: string;
  tags: Tag[];
  withDefaultAlertsSettings: boolean;
  projectOwnerId?: string;
};

/** A flex cluster. */
export type FlexClusterState = {
  backupSettings: { enabled: boolean };
  clusterType: string;
  /** Without `standard` as long as the cluster is CREATING. */
  connectionStrings: { standard?: string; standardSrv?: string };
  createDate: string;
  groupId: string;
  id: string;
  mongoDBVersion: string;
  name: string;
  providerSettings: {
    backingProviderName: string;
    diskSizeGB: number;
    providerName: string;
    regionName: string;
  };
  stateName: ClusterState;
  tags: Tag[];
  terminationProtectionEnabled: boolean;
  versionReleaseSystem: string;
};

/** A free or dedicated cluster, with all that the newest version of the API shows of it but links. */
export type AdvancedClusterState = {
  clusterType: string;
  groupId: string;
  id: string;
  name: string;
  stateName: ClusterState;
  tags: Tag[];
  terminationProtectionEnabled: boolean;
  [member: string]: Json;
};

/** A database user. Its password is never kept. */
export type DatabaseUserState = AuthTypes & {
  databaseName: string;
  deleteAfterDate?: string;
  description?: string;
  groupId: string;
  labels: Tag[];
  roles: { collectionName?: string; databaseName: string; roleName: string }[];
  scopes: Scope[];
  username: string;
};

/** An entry of the IP access list of a project. A single address has both members. */
export type AccessListEntryState = {
  cidrBlock: string;
  comment?: string;
  deleteAfterDate?: string;
  groupId: string;
  ipAddress?: string;
};

/** An ephemeral cluster, without what gives access to it. */
export type EphemeralClusterState = {
  clusterName: string;
  clusterId: string;
  status: EphemeralClusterStatus;
  createdAt: string;
  expiresAt: string;
};

/** All that is in a sandbox at one moment. */
export type SandboxSnapshot = {
  organizations: Organization[];
  projects: ProjectState[];
  clusters: FlexClusterState[];
  advancedClusters: AdvancedClusterState[];
  users: DatabaseUserState[];
  accessList: AccessListEntryState[];
  ephemeralClusters: EphemeralClusterState[];
  /** How often each scripted fault was applied. */
  faultsFired: Record<string, number>;
};
