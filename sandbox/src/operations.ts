/** The list of all operations that the sandbox serves. */
import { accessListOperations } from "./access-list/operations.ts";
import type { Operation } from "./api/operation.ts";
import { allClustersOperations } from "./clusters/all-clusters.ts";
import { clusterOperations } from "./clusters/operations.ts";
import { processArgsOperations } from "./clusters/process-args.ts";
import { upgradeOperations } from "./clusters/upgrade.ts";
import { databaseUserOperations } from "./database-users/operations.ts";
import { ephemeralClusterOperations } from "./ephemeral-clusters/operations.ts";
import { flexClusterOperations } from "./flex-clusters/operations.ts";
import { snapshotOperations } from "./flex-clusters/snapshots.ts";
import { organizationOperations } from "./organizations/operations.ts";
import { serviceAccountOperations } from "./organizations/service-accounts.ts";
import { systemStatusOperations } from "./organizations/system-status.ts";
import { projectChangeOperations } from "./projects/changes.ts";
import { limitOperations } from "./projects/limits.ts";
import { projectReadOperations } from "./projects/reads.ts";
import { regionOperations } from "./regions/operations.ts";

/** All operations. A new resource is a folder and a line here. */
export const operations: readonly Operation[] = [
  ...systemStatusOperations,
  ...organizationOperations,
  ...projectReadOperations,
  ...projectChangeOperations,
  ...flexClusterOperations,
  ...snapshotOperations,
  ...clusterOperations,
  ...processArgsOperations,
  ...upgradeOperations,
  ...allClustersOperations,
  ...databaseUserOperations,
  ...accessListOperations,
  ...regionOperations,
  ...limitOperations,
  ...serviceAccountOperations,
  ...ephemeralClusterOperations,
];
