/** The tools, in the order in which they are listed. */
import { checkConnection } from "./check-connection.ts";
import { createAccessListEntry } from "./create-access-list-entry.ts";
import { createDatabaseUser } from "./create-database-user.ts";
import { createEphemeralCluster } from "./create-ephemeral-cluster.ts";
import { createFlexCluster } from "./create-flex-cluster.ts";
import { createProject } from "./create-project.ts";
import type { Tool } from "./define.ts";
import { deleteAccessListEntry } from "./delete-access-list-entry.ts";
import { deleteDatabaseUser } from "./delete-database-user.ts";
import { deleteFlexCluster } from "./delete-flex-cluster.ts";
import { deleteProject } from "./delete-project.ts";
import { getAccount } from "./get-account.ts";
import { getEphemeralCluster } from "./get-ephemeral-cluster.ts";
import { getFlexCluster } from "./get-flex-cluster.ts";
import { getProject } from "./get-project.ts";
import { listFlexClusters } from "./list-flex-clusters.ts";
import { listProjects } from "./list-projects.ts";
import { updateDatabaseUser } from "./update-database-user.ts";
import { updateFlexCluster } from "./update-flex-cluster.ts";
import { updateProject } from "./update-project.ts";

export const tools: readonly Tool[] = [
  getAccount,
  listProjects,
  getProject,
  listFlexClusters,
  createProject,
  createFlexCluster,
  getFlexCluster,
  createDatabaseUser,
  createAccessListEntry,
  checkConnection,
  createEphemeralCluster,
  getEphemeralCluster,
  updateProject,
  updateFlexCluster,
  updateDatabaseUser,
  deleteDatabaseUser,
  deleteAccessListEntry,
  deleteFlexCluster,
  deleteProject,
];
