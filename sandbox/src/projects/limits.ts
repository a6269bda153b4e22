/** The operations on a project's limits. */
import { entriesOf } from "../access-list/find.ts";
import { checkFields, optionalText, requiredCount } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { customRolesOf } from "../custom-roles/find.ts";
import { usersOf } from "../database-users/find.ts";
import { createApiError } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "./find.ts";
import {
  clustersLimitName,
  customRolesLimitName,
  entriesLimitName,
  limitRows,
  limitValue,
  setValue,
  unsetLimitNames,
  usersLimitName,
} from "./limit-table.ts";

const listRoute = {
  path: "/groups/{groupId}/limits",
  version: "2023-01-01",
  endpointSet: endpointSets.group,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/limits/{limitName}" };

const usageOf = ({ state, now }: Call, groupId: string, name: string): number => {
  if (name === clustersLimitName) return clustersOf(state, groupId, now).length;
  if (name === usersLimitName) return usersOf(state, groupId, now).length;
  if (name === entriesLimitName) return entriesOf(state, groupId, now).length;
  return name === customRolesLimitName ? customRolesOf(state, groupId).length : 0;
};

const limitsOf = (call: Call): JsonObject[] => {
  const { state } = call;
  const groupId = findProject(call).id;
  const rows = limitRows.map(({ name, defaultLimit, maximumLimit }) => ({
    currentUsage: usageOf(call, groupId, name),
    defaultLimit,
    maximumLimit,
    name,
    value: limitValue(state, groupId, name),
  }));
  const set = unsetLimitNames.flatMap((name) => {
    const value = setValue(state, groupId, name);
    return value === undefined ? [] : [{ currentUsage: 0, name, value }];
  });
  return [...rows, ...set];
};

const findLimit = (call: Call): JsonObject => {
  const resource = pathParameter(call, "limitName");
  const limit = limitsOf(call).find(({ name }) => name === resource);
  if (limit === undefined) throw createApiError("RESOURCE_NOT_FOUND", { resource });
  return limit;
};

/** Checks that Atlas has a limit of this name, whether the project has it or not. */
const readName = (call: Call): string => {
  const name = pathParameter(call, "limitName");
  if (unsetLimitNames.includes(name) || limitRows.some((row) => row.name === name)) return name;
  throw createApiError("RESOURCE_NOT_FOUND", { resource: name });
};

/** Forgets what somebody has set a limit to. */
const clearLimit = (call: Call, groupId: string, name: string): void => {
  call.state.limits = call.state.limits.filter(
    (limit) => limit.groupId !== groupId || limit.name !== name,
  );
};

export const limitOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupLimits",
    method: "GET",
    run: (call) => ({ status: 200, body: limitsOf(call) }),
  },
  {
    ...itemRoute,
    id: "getGroupLimit",
    method: "GET",
    run: (call) => ({ status: 200, body: findLimit(call) }),
  },
  {
    ...itemRoute,
    id: "setGroupLimit",
    method: "PATCH",
    run: (call) => {
      const groupId = findProject(call).id;
      const name = readName(call);
      checkFields(call.body, {
        name: "string",
        value: "number",
        currentUsage: "ignored",
        defaultLimit: "ignored",
        maximumLimit: "ignored",
      });
      if ((optionalText(call.body, "name") ?? name) !== name) {
        throw createApiError("INVALID_ATTRIBUTE", { attribute: "name" });
      }
      const value = requiredCount(call.body, "value");
      const maximum = limitRows.find((row) => row.name === name)?.maximumLimit;
      // The code is an assumption (docs/atlas.md#not-known).
      if (maximum !== undefined && value > maximum) {
        throw createApiError("INVALID_ATTRIBUTE", { attribute: "value" });
      }
      clearLimit(call, groupId, name);
      call.state.limits.push({ groupId, name, value });
      return { status: 200, body: findLimit(call) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupLimit",
    method: "DELETE",
    run: (call) => {
      clearLimit(call, findProject(call).id, readName(call));
      return { status: 204 };
    },
  },
];
