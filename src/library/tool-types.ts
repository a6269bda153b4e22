/** The tools as types. Generated from their declarations by `npm run docs`. */

/** A project, which Atlas also calls a group. */
export type Project = {
  /** 24 hex digits. */
  id: string;
  name?: string;
  orgId?: string;
  /** ISO 8601, UTC. */
  created?: string;
  clusterCount?: number;
  tags?: Array<{
    key: string;
    value: string;
  }>;
  withDefaultAlertsSettings?: boolean;
  regionUsageRestrictions?: string;
  /** When the sweep command may delete it (RFC 3339, UTC); missing if never. */
  sweepAfter?: string;
  /** True once sweepAfter has passed. */
  expired?: boolean;
};

/** A flex cluster as Atlas returns it. */
export type FlexCluster = {
  /** 24 hex digits. */
  id: string;
  name: string;
  groupId?: string;
  /** CREATING, IDLE, UPDATING or DELETING. */
  stateName?: string;
  /** Without a user and a password; missing until the cluster runs. */
  connectionStrings?: {
    standard?: string;
    standardSrv?: string;
  };
  /** ISO 8601, UTC. */
  createDate?: string;
  mongoDBVersion?: string;
  clusterType?: string;
  versionReleaseSystem?: string;
  backupSettings?: {
    enabled?: boolean;
  };
  /** diskSizeGB is in gigabytes. */
  providerSettings?: {
    backingProviderName?: string;
    regionName?: string;
    diskSizeGB?: number;
    providerName?: string;
  };
  tags?: Array<{
    key: string;
    value: string;
  }>;
  terminationProtectionEnabled?: boolean;
  /** When the sweep command may delete it (RFC 3339, UTC); missing if never. */
  sweepAfter?: string;
  /** True once sweepAfter has passed. */
  expired?: boolean;
};

/** A flex cluster in short. */
export type FlexClusterRow = {
  /** 24 hex digits. */
  groupId: string;
  projectName?: string;
  name: string;
  stateName?: string;
  /** AWS, AZURE or GCP. */
  provider?: string;
  /** In Atlas's spelling. */
  region?: string;
  /** When the sweep command may delete it (RFC 3339, UTC); missing if never. */
  sweepAfter?: string;
  /** True once sweepAfter has passed. */
  expired?: boolean;
};

/** A temporary cluster that needs no account. */
export type EphemeralCluster = {
  name: string;
  /** PROVISIONING, ACTIVE or PAUSED. */
  status?: string;
};

/** A database user as Atlas returns it, never with a password. */
export type DatabaseUser = {
  username: string;
  /** Against which it authenticates. */
  databaseName: string;
  groupId?: string;
  roles?: Array<{
    roleName?: string;
    databaseName?: string;
    collectionName?: string;
  }>;
  scopes?: Array<{
    name?: string;
    type?: string;
  }>;
  description?: string;
  /** ISO 8601, UTC. */
  deleteAfterDate?: string;
};

/** An entry of a project's IP access list. */
export type AccessListEntry = {
  cidrBlock?: string;
  ipAddress?: string;
  awsSecurityGroup?: string;
  comment?: string;
  groupId?: string;
  /** ISO 8601, UTC. */
  deleteAfterDate?: string;
};

/** An organization. */
export type Organization = {
  /** 24 hex digits. */
  id: string;
  name?: string;
  isDeleted?: boolean;
};

/** What failed, what is true in Atlas afterwards, and what helps. */
export type Failure = {
  code:
    | "invalid_input"
    | "not_found"
    | "name_conflict"
    | "conflict"
    | "quota_exceeded"
    | "payment_required"
    | "unauthenticated"
    | "forbidden"
    | "policy_denied"
    | "declined"
    | "rate_limited"
    | "unavailable"
    | "outcome_unknown"
    | "internal";
  message: string;
  /** What is true in Atlas afterwards. */
  outcome: "not_created" | "not_updated" | "not_deleted" | "exists" | "unknown" | "no_change";
  /** Whether a repeat helps: never, with the same arguments, after a wait, or after a fix. */
  retry: "never" | "same_arguments" | "after_delay" | "after_fix";
  retryAfterSeconds?: number;
  /** Invalid arguments: the path, the problem, and a valid value. */
  fields?: Array<{
    path: string;
    problem: string;
    example?: unknown;
  }>;
  /** The resource that has the name, as Atlas returns it. */
  existing?: unknown;
  /** Arguments that differ from what exists in Atlas. */
  differences?: Array<{
    field: string;
    yours?: unknown;
    existing?: unknown;
  }>;
  /** Whether what exists has all that was asked for. */
  identical?: boolean;
  /** What this call created and took back, because another has the name. */
  undone?: {
    id: string;
  };
  /** What this call created and could not take back, though another has the name. */
  leftOver?: {
    id: string;
  };
  /** Atlas's own words: data, shortened and without control characters. */
  atlas?: {
    status: number;
    errorCode?: string;
    reason?: string;
    detail?: string;
    requestId?: string;
  };
  /** Calls that could help next, the best one first. */
  nextActions: NextAction[];
};

/** A list price. */
export type Price = {
  currency: "USD";
  /** US dollars; both are 0 if nothing is billed. */
  perMonth: {
    from: number;
    to: number;
  };
  /** US dollars. */
  perHour?: {
    from: number;
    to: number;
  };
  /** The page with the price list. */
  source?: string;
  /** The day of the price list. */
  asOf?: string;
};

/** The request that a dry run would have sent. */
export type PlannedRequest = {
  method: string;
  /** With the query. */
  path: string;
  /** Without credentials. */
  headers: Record<string, string>;
  body?: unknown;
};

/** About a change: who agreed to it, and at what price. */
export type Receipt = {
  /** The id of its lines in the audit. */
  auditId: string;
  resource: string;
  /** Who agreed: user (in a form), app (by the button of a card), agent (with a confirmation), operator (never asked), or not_needed. */
  approver: string;
  price: string;
};

/** A change that was not made yet: a person has to agree to it first. */
export type ToolConfirmation = {
  status: "needs_confirmation";
  backend: "atlas" | "sandbox";
  quote: Price;
  /** Sent with the same call again, it is a yes. Valid for 5 minutes. */
  confirmation: string;
  /** What the call would do, where and at what price. */
  message: string;
  /** Calls that could help next, the best one first. */
  nextActions: NextAction[];
};

/** A call that failed. */
export type ToolFailure = {
  status: "error";
  backend: "atlas" | "sandbox";
  error: Failure;
};

export type GetAccountSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  organizations: Organization[];
  projects: Project[];
  /** The number of entries on all pages. */
  totalCount?: number;
  baseUrl: string;
  /** The organization and the project that the operator has fixed. */
  scope: {
    orgId?: string;
    groupId?: string;
  };
  limits: {
    projectsPerOrganization: number;
    clustersPerProject: number;
    flexCluster: Record<string, number>;
  };
  prices: {
    flexCluster: Price;
    project: "free";
  };
  policy: {
    readOnly: boolean;
    allowDelete: boolean;
    confirm: string;
    rules: Array<Record<string, unknown>>;
  };
  ephemeral: {
    on: boolean;
    backend: "atlas" | "sandbox";
  };
  /** Tools that are not offered, each with the reason. */
  switchedOff: Array<{
    tool: string;
    reason: string;
  }>;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type ListProjectsSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  projects: Project[];
  /** The number of entries on all pages. */
  totalCount?: number;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type GetProjectSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  project: Project;
  clusters: FlexCluster[];
  databaseUsers: DatabaseUser[];
  accessListEntries: AccessListEntry[];
  /** The number of each kind, shown or not. */
  totals: Record<string, number>;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type ListFlexClustersSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  clusters: FlexClusterRow[];
  /** The number of entries on all pages. */
  totalCount: number;
  /** What all flex clusters cost in a month, by list price, in US dollars. */
  estimatedMonthlyUsd: {
    from: number;
    to: number;
  };
  /** The number of projects that are missing in all figures. */
  notReadable?: number;
  /** Free and dedicated clusters, which this server only names. */
  otherClusters?: Array<{
    groupId?: string;
    projectName?: string;
    name?: string;
  }>;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type CreateProjectSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "created" | "existing";
  project: Project & {
    name: string;
  };
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  /** What this call created too, and took back because another has the name. */
  undone?: {
    id: string;
  };
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

/** What a dry run shows. */
export type CreatePlan = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "would_create";
  request: PlannedRequest;
};

export type CreateFlexClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "created" | "existing";
  cluster: FlexCluster;
  /** Whether the cluster runs and has a connection string. */
  ready: boolean;
  /** What the project lacks for a connection to a ready cluster. */
  missing?: Array<"database_user" | "access_list_entry">;
  /** What a person must know, in sentences. */
  note?: string;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type GetFlexClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  cluster: FlexCluster;
  /** Whether the cluster runs and has a connection string. */
  ready: boolean;
  /** What the project lacks for a connection to a ready cluster. */
  missing?: Array<"database_user" | "access_list_entry">;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type CreateDatabaseUserSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "created" | "existing";
  databaseUser: DatabaseUser;
  /** The path of the file with the password and the connection string. */
  credentialsFile?: string;
  /** The command that gives an application what is in the file. */
  use?: string;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type CreateAccessListEntrySuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "created" | "existing";
  accessListEntry: AccessListEntry;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type CheckConnectionSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  connected: boolean;
  /** Only if connected is false. */
  failedStep?: "dns_srv" | "dns_address" | "tcp" | "tls" | "hello" | "login" | "ping";
  /** Why it failed; only if connected is false. */
  cause?:
    | "name_not_found"
    | "reserved_name"
    | "no_records"
    | "dns_failed"
    | "foreign_host"
    | "unreadable"
    | "timed_out"
    | "refused"
    | "unreachable"
    | "closed"
    | "alert_internal_error"
    | "alert"
    | "certificate_for_other_name"
    | "certificate_not_valid_now"
    | "certificate_not_trusted"
    | "not_tls"
    | "incompatible"
    | "login_refused"
    | "stopped"
    | "unknown";
  /** The error code of the system or of the driver. */
  code?: string;
  from: "the machine of this server";
  steps: Array<{
    step: "dns_srv" | "dns_address" | "tcp" | "tls" | "hello" | "login" | "ping";
    /** Its duration in milliseconds. */
    ms: number;
  }>;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type CreateEphemeralClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "created" | "existing";
  /** Whether the cluster runs and has a connection string. */
  ready: boolean;
  cluster: EphemeralCluster;
  /** The host of the ephemeral cluster. */
  host?: string;
  /** The path of the file with the password and the connection string. */
  credentialsFile: string;
  /** When Atlas pauses it (ISO 8601, UTC). */
  pausesAt: string;
  /** When Atlas deletes it with its data (ISO 8601, UTC). */
  deletesAt: string;
  /** Atlas's own words on its terms. */
  termsOfService?: string;
  /** What a person must know, in sentences. */
  note: string;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type GetEphemeralClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "found";
  /** Whether the cluster runs and has a connection string. */
  ready: boolean;
  cluster: EphemeralCluster;
  /** The host of the ephemeral cluster. */
  host?: string;
  /** The path of the file with the password and the connection string. */
  credentialsFile: string;
  /** When Atlas pauses it (ISO 8601, UTC). */
  pausesAt: string;
  /** When Atlas deletes it with its data (ISO 8601, UTC). */
  deletesAt: string;
  /** Atlas's own words on its terms. */
  termsOfService?: string;
  /** What a person must know, in sentences. */
  note: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type UpdateProjectSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "updated" | "unchanged";
  project: Project;
  /** What the update changed: yours is what is there now, existing what was there before. */
  differences?: Array<{
    field: string;
    yours?: unknown;
    existing?: unknown;
  }>;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

/** What a dry run shows. */
export type UpdatePlan = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "would_update";
  request: PlannedRequest;
};

export type UpdateFlexClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "updated" | "unchanged";
  cluster: FlexCluster;
  /** Whether the cluster runs and has a connection string. */
  ready: boolean;
  /** What the project lacks for a connection to a ready cluster. */
  missing?: Array<"database_user" | "access_list_entry">;
  /** What a person must know, in sentences. */
  note?: string;
  /** What the update changed: yours is what is there now, existing what was there before. */
  differences?: Array<{
    field: string;
    yours?: unknown;
    existing?: unknown;
  }>;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type UpdateDatabaseUserSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "updated" | "unchanged";
  databaseUser: DatabaseUser;
  /** The path of the file with the password and the connection string. */
  credentialsFile?: string;
  /** The command that gives an application what is in the file. */
  use?: string;
  /** What the update changed: yours is what is there now, existing what was there before. */
  differences?: Array<{
    field: string;
    yours?: unknown;
    existing?: unknown;
  }>;
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type DeleteDatabaseUserSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "deleted" | "absent";
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

/** What a dry run shows. */
export type DeletePlan = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "would_delete";
  request: PlannedRequest;
};

export type DeleteAccessListEntrySuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "deleted" | "absent";
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type DeleteFlexClusterSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "deleted" | "absent";
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** What a person must know, in sentences. */
  note?: string;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type DeleteProjectSuccess = {
  status: "ok";
  backend: "atlas" | "sandbox";
  outcome: "deleted" | "absent";
  /** Atlas's answer was lost, and a look showed that this call did it. */
  reconciled?: true;
  receipt?: Receipt;
  /** Calls that could help next, the best one first. */
  nextActions?: NextAction[];
};

export type GetAccountInput = Record<string, never>;

export type ListProjectsInput = {
  /** Organization id: 24 hex digits. */
  orgId?: string;
  /** Beginning of the name. */
  name?: string;
  /** From 1; default 1. */
  pageNum?: number;
  /** 1 to 500; default 100. */
  itemsPerPage?: number;
};

export type GetProjectInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
};

export type ListFlexClustersInput = {
  /** Organization id: 24 hex digits. */
  orgId?: string;
  /** Project id: 24 hex digits. */
  groupId?: string;
  /** From 1; default 1. */
  pageNum?: number;
};

export type CreateProjectInput = {
  /** 1 to 64 letters, digits, spaces and -_.(),:&@+'. */
  name: string;
  /** Organization id: 24 hex digits. */
  orgId: string;
  /** At most 50, keys unique; each text 1 to 255 letters, digits, spaces and ;@_-.+. */
  tags?: Array<{
    key: string;
    value: string;
  }>;
  /** Default true. */
  withDefaultAlertsSettings?: boolean;
  /** Atlas for Government only. */
  regionUsageRestrictions?: "COMMERCIAL_FEDRAMP_REGIONS_ONLY" | "GOV_REGIONS_ONLY";
  /** User who becomes Project Owner: 24 hex digits. */
  projectOwnerId?: string;
  /** When the sweep command may delete it (Atlas itself does not): RFC 3339, or never. */
  sweepAfter?: string;
  /** error (default), or return an identical one. */
  ifExists?: "error" | "return";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type CreateFlexClusterInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** 1 to 64 ASCII letters, digits and hyphens, no hyphen at the end or 23rd; unique in its first 23. */
  name: string;
  providerSettings: {
    backingProviderName: "AWS" | "AZURE" | "GCP";
    /** Region in Atlas's spelling: US_EAST_1 (AWS), US_EAST_2 (AZURE), CENTRAL_US (GCP). */
    regionName: string;
  };
  /** At most 50, keys unique; each text 1 to 255 letters, digits, spaces and ;@_-.+. */
  tags?: Array<{
    key: string;
    value: string;
  }>;
  /** Atlas then refuses to delete it. */
  terminationProtectionEnabled?: boolean;
  /** When the sweep command may delete it (Atlas itself does not): RFC 3339, or never. */
  sweepAfter?: string;
  /** Seconds to wait until ready, 0 to 40. */
  waitSeconds?: number;
  /** error (default), or return an identical one. */
  ifExists?: "error" | "return";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type GetFlexClusterInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** Cluster name. */
  name: string;
  /** Seconds to wait until ready, 0 to 40. */
  waitSeconds?: number;
};

export type CreateDatabaseUserInput = {
  /** 1 to 1024 characters. */
  username: string;
  databaseName?: "admin";
  /** Default: readWriteAnyDatabase on admin. */
  roles?: Array<{
    /** readWrite, read, dbAdmin, atlasAdmin, ... */
    roleName: string;
    /** admin for ...AnyDatabase and atlasAdmin. */
    databaseName: string;
    collectionName?: string;
  }>;
  /** Clusters that it may reach (default all). */
  scopes?: Array<{
    /** Cluster name. */
    name: string;
    type: "CLUSTER" | "DATA_LAKE" | "STREAM";
  }>;
  /** At most 100 characters. */
  description?: string;
  /** Atlas removes it then: ISO 8601, UTC, at most a week ahead. */
  deleteAfterDate?: string;
  /** Project id: 24 hex digits. */
  groupId: string;
  /** error (default), or return an identical one. */
  ifExists?: "error" | "return";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type CreateAccessListEntryInput = {
  /** One address; this or cidrBlock. */
  ipAddress?: string;
  /** A block; 0.0.0.0/0 is the whole internet. */
  cidrBlock?: string;
  /** At most 80 characters. */
  comment?: string;
  /** Atlas removes it then: ISO 8601, UTC, at most a week ahead. */
  deleteAfterDate?: string;
  /** The address of this server's machine, instead of one. */
  currentIpAddress?: boolean;
  /** Project id: 24 hex digits. */
  groupId: string;
  /** error (default), or return an identical one. */
  ifExists?: "error" | "return";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type CheckConnectionInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** Cluster name. */
  name: string;
  /** Database user to log in as, with its password on file. */
  username?: string;
};

export type CreateEphemeralClusterInput = {
  /** 1 to 64 letters, digits, hyphens; unique without case. */
  clusterName?: string;
  /** error (default), or return an identical one. */
  ifExists?: "error" | "return";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type GetEphemeralClusterInput = {
  /** 1 to 64 letters, digits, hyphens; unique without case. */
  clusterName: string;
};

export type UpdateProjectInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** 1 to 64 letters, digits, spaces and -_.(),:&@+'. */
  name?: string;
  /** At most 50, keys unique; each text 1 to 255 letters, digits, spaces and ;@_-.+. */
  tags?: Array<{
    key: string;
    value: string;
  }>;
  /** When the sweep command may delete it (Atlas itself does not): RFC 3339, or never. */
  sweepAfter?: string;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type UpdateFlexClusterInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** Cluster name. */
  name: string;
  /** At most 50, keys unique; each text 1 to 255 letters, digits, spaces and ;@_-.+. */
  tags?: Array<{
    key: string;
    value: string;
  }>;
  /** Atlas then refuses to delete it. */
  terminationProtectionEnabled?: boolean;
  /** When the sweep command may delete it (Atlas itself does not): RFC 3339, or never. */
  sweepAfter?: string;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type UpdateDatabaseUserInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** 1 to 1024 characters. */
  username: string;
  /** Default admin. */
  databaseName?: "admin" | "$external";
  /** Replaces all roles. */
  roles?: Array<{
    /** readWrite, read, dbAdmin, atlasAdmin, ... */
    roleName: string;
    /** admin for ...AnyDatabase and atlasAdmin. */
    databaseName: string;
    collectionName?: string;
  }>;
  /** Replaces the clusters that it may reach; an empty list means all. */
  scopes?: Array<{
    /** Cluster name. */
    name: string;
    type: "CLUSTER" | "DATA_LAKE" | "STREAM";
  }>;
  /** At most 100 characters. */
  description?: string;
  /** Atlas removes it then: ISO 8601, UTC, at most a week ahead. */
  deleteAfterDate?: string;
  /** Sets a new generated password; the old one stops working. */
  rotatePassword?: boolean;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type DeleteDatabaseUserInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** 1 to 1024 characters. */
  username: string;
  /** Default admin. */
  databaseName?: "admin" | "$external";
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type DeleteAccessListEntryInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** One address; this or cidrBlock. */
  ipAddress?: string;
  /** A block; 0.0.0.0/0 is the whole internet. */
  cidrBlock?: string;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type DeleteFlexClusterInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** Cluster name. */
  name: string;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

export type DeleteProjectInput = {
  /** Project id: 24 hex digits. */
  groupId: string;
  /** The project's name. */
  name: string;
  /** Check only. */
  dryRun?: boolean;
  /** From needs_confirmation, once the user agrees. */
  confirmation?: string;
};

/** The arguments of each tool. */
export type ToolInputs = {
  /** Shows the MongoDB Atlas account: backend (live or sandbox), organizations with their ids, first projects, limits, prices, policy, and tools that are switched off. */
  get_account: GetAccountInput;
  /** Lists MongoDB Atlas projects with their ids, organization, number of clusters and end (sweepAfter), a page at a time. */
  list_projects: ListProjectsInput;
  /** Shows a MongoDB Atlas project with its flex clusters (state, connection strings), database users and IP access list. */
  get_project: GetProjectInput;
  /** Lists the flex clusters of all MongoDB Atlas projects with state, region and end (sweepAfter), 100 a page, their monthly cost by list price, and other clusters by name. */
  list_flex_clusters: ListFlexClustersInput;
  /** Creates a MongoDB Atlas project (also called group); free. Safe to repeat: a taken name is reported with the existing project. */
  create_project: CreateProjectInput;
  /** Creates a MongoDB Atlas flex cluster (5 GB, billed 8 to 30 USD a month); free (M0) and dedicated clusters cannot be made. Set waitSeconds, or look again until ready is true. Safe to repeat. */
  create_flex_cluster: CreateFlexClusterInput;
  /** Shows a MongoDB Atlas flex cluster: state, region, connection strings; ready is true once it runs. */
  get_flex_cluster: GetFlexClusterInput;
  /** Creates a MongoDB Atlas database user. Its generated password and connection string go to a file that only the operator can read (credentialsFile), never into an answer. */
  create_database_user: CreateDatabaseUserInput;
  /** Allows an IP address or CIDR block to connect to the clusters of a MongoDB Atlas project. Ask the user for the address. */
  create_access_list_entry: CreateAccessListEntryInput;
  /** Connects to a MongoDB Atlas flex cluster from the machine of this server: DNS, TCP, TLS, login, ping. Says which step fails, why, and what helps. */
  check_connection: CheckConnectionInput;
  /** Creates a temporary MongoDB Atlas cluster (M0, AWS) that needs no account: paused after 2 days, deleted after 7 unless a person claims it. Connection string and claim URL go to a file (credentialsFile), never into an answer. */
  create_ephemeral_cluster: CreateEphemeralClusterInput;
  /** Shows the status of an ephemeral MongoDB Atlas cluster that this server created: PROVISIONING, ACTIVE, PAUSED, or gone. */
  get_ephemeral_cluster: GetEphemeralClusterInput;
  /** Changes a MongoDB Atlas project: name (rename), tags, when it may be swept (expire, extend). */
  update_project: UpdateProjectInput;
  /** Changes a MongoDB Atlas flex cluster: tags, termination protection (protect it), when it may be swept (expire, extend). Nothing else can be changed. */
  update_flex_cluster: UpdateFlexClusterInput;
  /** Changes a MongoDB Atlas database user: roles, scopes, description, end; or rotates (resets) its password, such as a leaked one. The new password goes to credentialsFile, never into an answer. */
  update_database_user: UpdateDatabaseUserInput;
  /** Removes a MongoDB Atlas database user, which revokes its access. Absent is a success. */
  delete_database_user: DeleteDatabaseUserInput;
  /** Removes an IP address or CIDR block from the access list of a MongoDB Atlas project, which revokes its access. Absent is a success. */
  delete_access_list_entry: DeleteAccessListEntryInput;
  /** Deletes a MongoDB Atlas flex cluster with its data, for good, and waits until it is gone. Absent is a success. */
  delete_flex_cluster: DeleteFlexClusterInput;
  /** Deletes a MongoDB Atlas project for good, with its users and access list; clusters have to be deleted first. groupId and name must agree. Absent is a success. */
  delete_project: DeleteProjectInput;
};

/** What each tool did or found; a dry run apart. */
export type ToolSuccesses = {
  get_account: GetAccountSuccess;
  list_projects: ListProjectsSuccess;
  get_project: GetProjectSuccess;
  list_flex_clusters: ListFlexClustersSuccess;
  create_project: CreateProjectSuccess;
  create_flex_cluster: CreateFlexClusterSuccess;
  get_flex_cluster: GetFlexClusterSuccess;
  create_database_user: CreateDatabaseUserSuccess;
  create_access_list_entry: CreateAccessListEntrySuccess;
  check_connection: CheckConnectionSuccess;
  create_ephemeral_cluster: CreateEphemeralClusterSuccess;
  get_ephemeral_cluster: GetEphemeralClusterSuccess;
  update_project: UpdateProjectSuccess;
  update_flex_cluster: UpdateFlexClusterSuccess;
  update_database_user: UpdateDatabaseUserSuccess;
  delete_database_user: DeleteDatabaseUserSuccess;
  delete_access_list_entry: DeleteAccessListEntrySuccess;
  delete_flex_cluster: DeleteFlexClusterSuccess;
  delete_project: DeleteProjectSuccess;
};

/** What a dry run of each tool shows; reads have none. */
export type ToolPlans = {
  get_account: never;
  list_projects: never;
  get_project: never;
  list_flex_clusters: never;
  create_project: CreatePlan;
  create_flex_cluster: CreatePlan;
  get_flex_cluster: never;
  create_database_user: CreatePlan;
  create_access_list_entry: CreatePlan;
  check_connection: never;
  create_ephemeral_cluster: CreatePlan;
  get_ephemeral_cluster: never;
  update_project: UpdatePlan;
  update_flex_cluster: UpdatePlan;
  update_database_user: UpdatePlan;
  delete_database_user: DeletePlan;
  delete_access_list_entry: DeletePlan;
  delete_flex_cluster: DeletePlan;
  delete_project: DeletePlan;
};

/** What each tool does. */
export type ToolAccesses = {
  get_account: "read";
  list_projects: "read";
  get_project: "read";
  list_flex_clusters: "read";
  create_project: "create";
  create_flex_cluster: "create";
  get_flex_cluster: "read";
  create_database_user: "create";
  create_access_list_entry: "create";
  check_connection: "read";
  create_ephemeral_cluster: "create";
  get_ephemeral_cluster: "read";
  update_project: "update";
  update_flex_cluster: "update";
  update_database_user: "update";
  delete_database_user: "delete";
  delete_access_list_entry: "delete";
  delete_flex_cluster: "delete";
  delete_project: "delete";
};

/** A call that could help next. Its arguments are valid as they stand. */
export type NextAction = {
  [N in keyof ToolInputs]: { tool: N; arguments: ToolInputs[N]; why: string };
}[keyof ToolInputs];

/** The names of the tools, in the order in which a server lists them. */
export type ToolNames = readonly [
  "get_account",
  "list_projects",
  "get_project",
  "list_flex_clusters",
  "create_project",
  "create_flex_cluster",
  "get_flex_cluster",
  "create_database_user",
  "create_access_list_entry",
  "check_connection",
  "create_ephemeral_cluster",
  "get_ephemeral_cluster",
  "update_project",
  "update_flex_cluster",
  "update_database_user",
  "delete_database_user",
  "delete_access_list_entry",
  "delete_flex_cluster",
  "delete_project",
];
