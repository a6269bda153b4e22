/** The operations on the advanced configuration of a dedicated cluster, the arguments of its processes. */
import { checkFields, type FieldKind } from "../api/fields.ts";
import type { Call, Operation, OperationResult } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { AdvancedCluster } from "../state/resources.ts";
import { isFree } from "./create.ts";
import { findAdvancedCluster, findVisibleAdvancedCluster } from "./find.ts";

/** As recorded, keys in their order; what is null has the default of MongoDB. */
const defaults: JsonObject = {
  changeStreamOptionsPreAndPostImagesExpireAfterSeconds: null,
  chunkMigrationConcurrency: null,
  customOpensslCipherConfigTls12: [],
  customOpensslCipherConfigTls13: [],
  defaultMaxTimeMS: null,
  defaultReadConcern: null,
  defaultWriteConcern: "majority",
  failIndexKeyTooLong: null,
  javascriptEnabled: true,
  minimumEnabledTlsProtocol: "TLS1_2",
  noTableScan: false,
  oplogMinRetentionHours: null,
  oplogSizeMB: null,
  queryStatsLogVerbosity: null,
  sampleRefreshIntervalBIConnector: null,
  sampleSizeBIConnector: null,
  tlsCipherConfigMode: "DEFAULT",
  transactionLifetimeLimitSeconds: null,
};

const texts = ["ReadConcern", "WriteConcern", "Protocol", "Mode"];
const flags = ["failIndexKeyTooLong", "javascriptEnabled", "noTableScan"];

const kindOf = (name: string): FieldKind => {
  if (flags.includes(name)) return "boolean";
  if (name.startsWith("customOpenssl")) return "array";
  return texts.some((end) => name.endsWith(end)) ? "string" : "number";
};

const kinds = Object.fromEntries(Object.keys(defaults).map((name) => [name, kindOf(name)]));

/** The arguments that version 2024-08-05 does not have any more. */
const earlierArgs = ["defaultReadConcern", "failIndexKeyTooLong"];

const show = ({ version }: Call, cluster: AdvancedCluster): OperationResult => {
  const all = Object.entries({ ...defaults, ...cluster.processArgs });
  const shown = all.filter(([name]) => version < "2024-08-05" || !earlierArgs.includes(name));
  return { status: 200, body: Object.fromEntries(shown) };
};

const route = {
  path: "/groups/{groupId}/clusters/{name}/processArgs",
  version: "2023-01-01",
  laterVersions: ["2024-08-05"],
  endpointSet: endpointSets.clusters,
};

export const processArgsOperations: readonly Operation[] = [
  {
    ...route,
    id: "getGroupClusterProcessArgs",
    method: "GET",
    run: (call) => show(call, findVisibleAdvancedCluster(call)),
  },
  {
    ...route,
    id: "updateGroupClusterProcessArgs",
    method: "PATCH",
    run: (call) => {
      const cluster = findAdvancedCluster(call);
      if (isFree(cluster)) throw createApiError("TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED");
      checkFields(call.body, kinds);
      cluster.processArgs = { ...cluster.processArgs, ...call.body };
      return show(call, cluster);
    },
  },
];
