import { accessListOperations } from "./access-list.ts";
import { databaseUserOperations } from "./database-users.ts";
import { flexClusterOperations } from "./flex-clusters.ts";
import { limitOperations } from "./limits.ts";
import type { Operation } from "./operation.ts";
import { organizationOperations } from "./organizations.ts";
import { projectChangeOperations } from "./project-changes.ts";
import { projectReadOperations } from "./project-reads.ts";
import { regionOperations } from "./regions.ts";
import { serviceAccountOperations } from "./service-accounts.ts";
import { systemStatusOperations } from "./system-status.ts";

/** Every operation that the sandbox serves; a new resource is one more file and one line here. */
export const OPERATIONS: readonly Operation[] = [
  ...systemStatusOperations,
  ...organizationOperations,
  ...projectReadOperations,
  ...projectChangeOperations,
  ...flexClusterOperations,
  ...databaseUserOperations,
  ...accessListOperations,
  ...regionOperations,
  ...limitOperations,
  ...serviceAccountOperations,
];
