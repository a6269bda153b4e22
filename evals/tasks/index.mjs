// All tasks, in the order in which they are run and shown.
import { accessTasks } from "./access.mjs";
import { boundsTasks } from "./bounds.mjs";
import { consentTasks } from "./consent.mjs";
import { createTasks } from "./create.mjs";
import { faultTasks } from "./faults.mjs";
import { impossibleTasks } from "./impossible.mjs";
import { injectionTasks } from "./injections.mjs";
import { lookTasks } from "./looks.mjs";
import { nameTasks } from "./names.mjs";

export const tasks = [
  ...createTasks,
  ...nameTasks,
  ...faultTasks,
  ...consentTasks,
  ...accessTasks,
  ...boundsTasks,
  ...impossibleTasks,
  ...injectionTasks,
  ...lookTasks,
];
