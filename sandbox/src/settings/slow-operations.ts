/** Whether Atlas itself chooses above how many milliseconds an operation counts as slow. */
import type { Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { changedSettings, findOwner, storeSettings } from "./store.ts";

const path = "/groups/{groupId}/managedSlowMs";
const route = { version: "2023-01-01", endpointSet: endpointSets.performanceAdvisor };

/** An operation that switches it on or off. */
const toSwitch = (
  id: Operation["id"],
  method: "POST" | "DELETE",
  verb: string,
  enabled: boolean,
): Operation => ({
  ...route,
  id,
  method,
  path: `${path}/${verb}`,
  bodyIsOptional: true,
  run: (call) => {
    storeSettings(call.state, findOwner(call), path, { enabled });
    return { status: 204 };
  },
});

export const slowOperationOperations: readonly Operation[] = [
  {
    ...route,
    id: "getGroupManagedSlowMs",
    method: "GET",
    path,
    // The body is a boolean, on by default.
    run: (call) => ({
      status: 200,
      body: changedSettings(call.state, findOwner(call), path).enabled !== false,
    }),
  },
  toSwitch("enableGroupManagedSlowMs", "POST", "enable", true),
  toSwitch("disableGroupManagedSlowMs", "DELETE", "disable", false),
];
