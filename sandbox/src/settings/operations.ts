/** The operations on the settings of the table. */
import { checkFields, type FieldKind } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { isObject, type Json, type JsonObject, sortMembers } from "../json.ts";
import { changedSettings, findOwner, storeSettings } from "./store.ts";
import { maintenanceWindow, type SettingsRow, settingsRows } from "./table.ts";

/** All settings in alphabetical order, as Atlas's answers are. */
const currentSettings = (call: Call, { path, defaults }: SettingsRow): JsonObject => {
  const changed = changedSettings(call.state, findOwner(call), path);
  return sortMembers({ ...defaults, ...changed });
};

const kindOf = (value: Json): FieldKind => {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return "number";
  return isObject(value) ? "object" : "string";
};

const kindsOf = ({ defaults, others }: SettingsRow): Record<string, FieldKind> => {
  const known = Object.entries(defaults).map(([name, value]) => [name, kindOf(value)] as const);
  return { ...Object.fromEntries(known), ...others };
};

const update = (call: Call, row: SettingsRow): void => {
  const ownerId = findOwner(call);
  const kinds = kindsOf(row);
  checkFields(call.body, kinds);
  row.check?.(call.body);
  const given = Object.entries(call.body).filter(
    ([name, value]) => value !== null && kinds[name] !== "ignored",
  );
  const before = changedSettings(call.state, ownerId, row.path);
  storeSettings(call.state, ownerId, row.path, { ...before, ...Object.fromEntries(given) });
};

const toOperations = (row: SettingsRow): Operation[] => {
  const { path, endpointSet, readId, updateId, resetId, updateStatus: status = 200 } = row;
  const route = { path, version: "2023-01-01", endpointSet };
  const reset: Operation[] =
    resetId === undefined
      ? []
      : [
          {
            ...route,
            id: resetId,
            method: "DELETE",
            run: (call) => {
              storeSettings(call.state, findOwner(call), path, {});
              return { status: 204 };
            },
          },
        ];
  return [
    {
      ...route,
      id: readId,
      method: "GET",
      run: (call) => ({ status: 200, body: currentSettings(call, row) }),
    },
    {
      ...route,
      id: updateId,
      method: "PATCH",
      run: (call) => {
        update(call, row);
        return row.updateHasNoBody ? { status } : { status, body: currentSettings(call, row) };
      },
    },
    ...reset,
  ];
};

const window = { ...maintenanceWindow, version: "2023-01-01" };

export const settingsOperations: readonly Operation[] = [
  ...settingsRows.flatMap(toOperations),
  {
    id: "toggleGroupMaintenanceWindowAutoDefer",
    method: "POST",
    path: `${window.path}/autoDefer`,
    version: window.version,
    endpointSet: window.endpointSet,
    bodyIsOptional: true,
    run: (call) => {
      const { autoDeferOnceEnabled } = currentSettings(call, maintenanceWindow);
      const ownerId = findOwner(call);
      const before = changedSettings(call.state, ownerId, window.path);
      const changed = { ...before, autoDeferOnceEnabled: autoDeferOnceEnabled !== true };
      storeSettings(call.state, ownerId, window.path, changed);
      return { status: 200 };
    },
  },
  {
    id: "deferGroupMaintenanceWindow",
    method: "POST",
    path: `${window.path}/defer`,
    version: window.version,
    endpointSet: window.endpointSet,
    bodyIsOptional: true,
    run: (call) => {
      findOwner(call);
      // The sandbox never schedules maintenance.
      throw createApiError("ATLAS_MAINTENANCE_NOT_SCHEDULED");
    },
  },
];
