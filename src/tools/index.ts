/** The tools, in the order in which they are listed. */
import { createFlexCluster } from "./create-flex-cluster.ts";
import { createProject } from "./create-project.ts";
import type { Tool } from "./define.ts";
import { getAccount } from "./get-account.ts";
import { getFlexCluster } from "./get-flex-cluster.ts";
import { listProjects } from "./list-projects.ts";

export const tools: readonly Tool[] = [
  getAccount,
  listProjects,
  createProject,
  createFlexCluster,
  getFlexCluster,
];
