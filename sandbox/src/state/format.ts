/** The format of a state file. */
import * as z from "zod/v4";
import type { StoredCredentials } from "../auth/credentials.ts";
import { type Json, parseJson } from "../json.ts";
import {
  apiKey,
  customRole,
  invitedUser,
  limit,
  plainResource,
  serviceAccount,
  settings,
  team,
} from "./administration-format.ts";
import { StateFileError } from "./file-error.ts";
import type { Organization, Resources } from "./resources.ts";
import { flag, id, number, object, optional, tags, text, time } from "./schemas.ts";

/** What a state file keeps: credentials, organizations, clock and resources. It contains no database password. */
export type SavedState = {
  credentials: StoredCredentials;
  organizations: Organization[];
  clockAheadMs: number;
  resources: Resources;
};

const formatName = "atlas-provision-mcp sandbox";
const formatVersion = 1;

/** Stale and refused reads are not saved: after a restart all resources are found. */
const resource = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape).transform((saved) => ({ ...saved, staleReads: 0 }));

const project = resource({
  id,
  orgId: id,
  name: text,
  tags: optional(tags),
  withDefaultAlertsSettings: flag,
  projectOwnerId: optional(id),
  createdAt: time,
}).transform((saved) => ({ ...saved, refusedReads: 0 }));

const anyCluster = {
  id,
  groupId: id,
  name: text,
  tags: optional(tags),
  terminationProtectionEnabled: flag,
  createdAt: time,
  deletedAt: optional(time),
  // Files from before clusters could be UPDATING do not have these three.
  changedAt: optional(time).prefault(null),
  updating: flag.default(false),
  lateStrings: flag.default(false),
  stuck: flag,
  hosts: z.strictObject({ cluster: text, replicaSet: text, domain: text }),
};

const cluster = resource({ ...anyCluster, provider: text, region: text });

const hardware = z.strictObject({
  instanceSize: text,
  nodeCount: number,
  diskSizeGB: number,
  diskIOPS: optional(number),
  ebsVolumeType: optional(text),
});

const regionConfig = z.strictObject({
  provider: text,
  backingProvider: optional(text),
  region: text,
  priority: number,
  electable: hardware,
  readOnly: hardware,
  analytics: hardware,
  autoScaling: object,
  analyticsAutoScaling: optional(object),
});

const advancedCluster = resource({
  ...anyCluster,
  clusterType: text,
  replicationSpecs: z.array(
    z.strictObject({ id, zoneId: id, zoneName: text, regions: z.array(regionConfig) }),
  ),
  scalesShards: flag,
  resumedAt: optional(time),
  settings: object,
  processArgs: object,
});

const user = resource({
  groupId: id,
  databaseName: text,
  username: text,
  authTypes: z.strictObject({
    awsIAMType: z.enum(["NONE", "USER", "ROLE"]),
    ldapAuthType: z.enum(["NONE", "GROUP", "USER"]),
    oidcAuthType: z.enum(["NONE", "IDP_GROUP", "USER"]),
    x509Type: z.enum(["NONE", "CUSTOMER", "MANAGED"]),
  }),
  roles: z.array(
    z.strictObject({ collectionName: optional(text), databaseName: text, roleName: text }),
  ),
  scopes: z.array(z.strictObject({ name: text, type: z.enum(["CLUSTER", "DATA_LAKE", "STREAM"]) })),
  labels: tags,
  description: optional(text),
  deleteAfter: optional(time),
});

const entry = resource({
  groupId: id,
  cidrBlock: text,
  comment: optional(text),
  deleteAfter: optional(time),
  createdAt: time,
});

const ephemeralCluster = resource({
  id,
  name: text,
  username: text,
  host: text,
  claimId: text,
  createdAt: time,
  stuck: flag,
});

const state = z.strictObject({
  credentials: z.strictObject({
    clientId: text,
    clientSecret: text,
    publicKey: text,
    privateKey: text,
    apiKeyId: id,
  }),
  organizations: z.array(z.strictObject({ id, name: text })).min(1),
  // Files from before the clock could be moved do not have it.
  clockAheadMs: z.int().min(0).default(0),
  resources: z.strictObject({
    projects: z.array(project),
    clusters: z.array(cluster),
    // Files from before there were free and dedicated clusters do not have it.
    advancedClusters: z.array(advancedCluster).default([]),
    users: z.array(user),
    accessList: z.array(entry),
    // Older files do not have these.
    ephemeralClusters: z.array(ephemeralCluster).default([]),
    settings: z.array(settings).default([]),
    limits: z.array(limit).default([]),
    customRoles: z.array(customRole).default([]),
    teams: z.array(team).default([]),
    serviceAccounts: z.array(serviceAccount).default([]),
    apiKeys: z.array(apiKey).default([]),
    invitedUsers: z.array(invitedUser).default([]),
    plainResources: z.array(plainResource).default([]),
  }),
});

const head = z.looseObject({ format: z.literal(formatName), version: z.int() });

/** Converts a state to the text of a file. */
export const toText = (saved: SavedState): string => {
  const whole = { format: formatName, version: formatVersion, ...saved };
  const text = JSON.stringify(whole, (name, value: Json | undefined) =>
    name === "staleReads" || name === "refusedReads" ? undefined : (value ?? null),
  );
  return `${text}\n`;
};

/** Converts the text of a file to a state. Errors do not quote the file, because it contains secrets. */
export const fromText = (path: string, text: string): SavedState => {
  const { data: known } = head.safeParse(parseJson(text));
  if (known === undefined)
    throw new StateFileError(
      path,
      "is damaged or is not a state file of a sandbox",
      "state_file_damaged",
    );
  const { format, version, ...rest } = known;
  if (version !== formatVersion) {
    throw new StateFileError(
      path,
      `has format version ${version}; this program knows only version ${formatVersion}`,
    );
  }
  const read = state.safeParse(rest);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join(".") || "top level";
    throw new StateFileError(path, `is damaged (${where})`, "state_file_damaged");
  }
  return read.data;
};
