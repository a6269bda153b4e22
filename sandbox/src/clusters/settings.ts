/** The settings of a free or dedicated cluster besides its name, tags and specs. */
import type { FieldKind } from "../api/fields.ts";
import { optionalText } from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import { isObject, type JsonObject } from "../json.ts";

/** The version of MongoDB that new clusters have, as the Atlas CLI asks for it. */
export const defaultMajorVersion = "8.0";

/** The oldest version that new clusters may have. */
const oldestMajorVersion = 7;

/** What the settings are if no request has them, as recorded (docs/atlas.md#free-and-dedicated-clusters). */
const defaults: JsonObject = {
  adaptiveCapacity: null,
  advancedConfiguration: {
    customOpensslCipherConfigTls12: [],
    customOpensslCipherConfigTls13: [],
    minimumEnabledTlsProtocol: "TLS1_2",
    tlsCipherConfigMode: "DEFAULT",
  },
  backupEnabled: false,
  biConnector: { enabled: false, readPreference: "secondary" },
  configServerManagementMode: "ATLAS_MANAGED",
  diskWarmingMode: "FULLY_WARMED",
  encryptionAtRestProvider: "NONE",
  globalClusterSelfManagedSharding: false,
  labels: [],
  mongoDBMajorVersion: defaultMajorVersion,
  paused: false,
  pitEnabled: false,
  redactClientLogData: false,
  retainBackups: false,
  rootCertType: "ISRGROOTX1",
  useAwsTimeBasedSnapshotCopyForFastInitialSync: false,
  versionReleaseSystem: "LTS",
};

const settingKinds: Record<string, FieldKind> = {
  adaptiveCapacity: "string",
  advancedConfiguration: "object",
  backupEnabled: "boolean",
  biConnector: "object",
  configServerManagementMode: "string",
  diskWarmingMode: "string",
  encryptionAtRestProvider: "string",
  globalClusterSelfManagedSharding: "boolean",
  labels: "array",
  mongoDBMajorVersion: "string",
  paused: "boolean",
  pitEnabled: "boolean",
  redactClientLogData: "boolean",
  replicaSetScalingStrategy: "string",
  retainBackups: "boolean",
  rootCertType: "string",
  useAwsTimeBasedSnapshotCopyForFastInitialSync: "boolean",
  versionReleaseSystem: "string",
};

/** What a request for a cluster may have, in any version. */
export const clusterKinds: Record<string, FieldKind> = {
  ...settingKinds,
  name: "string",
  clusterType: "string",
  replicationSpecs: "array",
  tags: "array",
  terminationProtectionEnabled: "boolean",
  diskSizeGB: "number",
  // Of version 2023-01-01.
  autoScaling: "object",
  numShards: "number",
  providerBackupEnabled: "boolean",
  providerSettings: "object",
  replicationFactor: "number",
  replicationSpec: "object",
  mongoURI: "ignored",
  mongoURIUpdated: "ignored",
  mongoURIWithOptions: "ignored",
  srvAddress: "ignored",
  // Read-only, or without effect in the sandbox.
  acceptDataRisksAndForceReplicaSetReconfig: "ignored",
  configServerType: "ignored",
  connectionStrings: "ignored",
  createDate: "ignored",
  effectiveDatabaseEdition: "ignored",
  effectiveReplicationSpecs: "ignored",
  featureCompatibilityVersion: "ignored",
  featureCompatibilityVersionExpirationDate: "ignored",
  groupId: "ignored",
  id: "ignored",
  internalClusterRole: "ignored",
  links: "ignored",
  mongoDBEmployeeAccessGrant: "ignored",
  mongoDBVersion: "ignored",
  stateName: "ignored",
};

const checkMajorVersion = (version: string | undefined): void => {
  if (version === undefined) return;
  if (!/^\d{1,2}\.\d{1,2}$/.test(version)) {
    throw createApiError("INVALID_ATTRIBUTE", { attribute: "mongoDBMajorVersion" });
  }
  if (Number(version) < oldestMajorVersion)
    throw createApiError("ATLAS_CLUSTER_VERSION_DEPRECATED");
};

/** Reads the settings that a request has. */
export const readSettings = (body: JsonObject): JsonObject => {
  checkMajorVersion(optionalText(body, "mongoDBMajorVersion"));
  const sent = Object.entries(body).filter(
    ([name, value]) => Object.hasOwn(settingKinds, name) && value !== null,
  );
  return Object.fromEntries(sent);
};

/** The settings with their defaults, also those within an object. */
export const withDefaults = (settings: JsonObject): JsonObject => {
  const merged = Object.entries(settings).map(([name, value]) => {
    const standard = defaults[name];
    return [name, isObject(value) && isObject(standard) ? { ...standard, ...value } : value];
  });
  return { ...defaults, ...Object.fromEntries(merged) };
};
