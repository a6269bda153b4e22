/** The list of all operations that the sandbox serves. */
import { accessListOperations } from "./access-list/operations.ts";
import { alertConfigOperations } from "./alert-configs/operations.ts";
import type { Operation } from "./api/operation.ts";
import { apiKeyAccessOperations } from "./api-keys/access-list.ts";
import { apiKeyOperations } from "./api-keys/operations.ts";
import { projectApiKeyOperations } from "./api-keys/projects.ts";
import { cloudUserChangeOperations } from "./cloud-users/changes.ts";
import { cloudUserOperations } from "./cloud-users/operations.ts";
import { clusterActionOperations } from "./clusters/actions.ts";
import { allClustersOperations } from "./clusters/all-clusters.ts";
import { backupScheduleOperations } from "./clusters/backup-schedule.ts";
import { clusterOperations } from "./clusters/operations.ts";
import { clusterReadOperations } from "./clusters/plain-reads.ts";
import { processArgsOperations } from "./clusters/process-args.ts";
import { upgradeOperations } from "./clusters/upgrade.ts";
import { customRoleOperations } from "./custom-roles/operations.ts";
import { databaseUserCertificateOperations } from "./database-users/certificates.ts";
import { databaseUserOperations } from "./database-users/operations.ts";
import { ephemeralClusterOperations } from "./ephemeral-clusters/operations.ts";
import { flexClusterOperations } from "./flex-clusters/operations.ts";
import { restoreJobOperations } from "./flex-clusters/restore-jobs.ts";
import { snapshotOperations } from "./flex-clusters/snapshots.ts";
import { invitationOperations } from "./invitations/operations.ts";
import { organizationOperations } from "./organizations/operations.ts";
import { systemStatusOperations } from "./organizations/system-status.ts";
import { plainReadOperations } from "./plain-reads/operations.ts";
import { projectChangeOperations } from "./projects/changes.ts";
import { limitOperations } from "./projects/limits.ts";
import { projectReadOperations } from "./projects/reads.ts";
import { createRateLimitOperations } from "./rate-limits/operations.ts";
import { regionOperations } from "./regions/operations.ts";
import { sampleDataOperations } from "./sample-data/operations.ts";
import { serviceAccountOperations } from "./service-accounts/operations.ts";
import { settingsOperations } from "./settings/operations.ts";
import { slowOperationOperations } from "./settings/slow-operations.ts";
import { teamMemberOperations } from "./teams/members.ts";
import { teamOperations } from "./teams/operations.ts";
import { projectTeamOperations } from "./teams/projects.ts";

/** A new resource is a folder and a line here. */
const resourceOperations: readonly Operation[] = [
  ...systemStatusOperations,
  ...organizationOperations,
  ...apiKeyOperations,
  ...projectApiKeyOperations,
  ...apiKeyAccessOperations,
  ...projectReadOperations,
  ...projectChangeOperations,
  ...flexClusterOperations,
  ...snapshotOperations,
  ...restoreJobOperations,
  ...clusterOperations,
  ...processArgsOperations,
  ...backupScheduleOperations,
  ...clusterReadOperations,
  ...clusterActionOperations,
  ...upgradeOperations,
  ...allClustersOperations,
  // Before the reads of users by database and name, whose path a list of certificates has, too.
  ...databaseUserCertificateOperations,
  ...databaseUserOperations,
  ...accessListOperations,
  ...regionOperations,
  ...limitOperations,
  ...serviceAccountOperations,
  ...ephemeralClusterOperations,
  ...customRoleOperations,
  ...settingsOperations,
  ...slowOperationOperations,
  ...alertConfigOperations,
  ...sampleDataOperations,
  ...plainReadOperations,
  ...cloudUserOperations,
  ...cloudUserChangeOperations,
  ...invitationOperations,
  ...teamOperations,
  ...teamMemberOperations,
  ...projectTeamOperations,
];

/** All operations. */
export const operations: readonly Operation[] = [
  ...resourceOperations,
  ...createRateLimitOperations(resourceOperations),
];
