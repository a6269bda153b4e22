/** Settings in the state: only what differs from the defaults. */
import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/find.ts";
import { findProject } from "../projects/find.ts";
import type { SandboxState } from "../state/resources.ts";

/** The project or organization that the path names; throws if there is none. */
export const findOwner = (call: Call): string =>
  call.params.orgId === undefined ? findProject(call).id : findOrganization(call).id;

const isOf =
  (ownerId: string, name: string) =>
  (settings: { ownerId: string; name: string }): boolean =>
    settings.ownerId === ownerId && settings.name === name;

/** What somebody has changed. */
export const changedSettings = (state: SandboxState, ownerId: string, name: string): JsonObject =>
  state.settings.find(isOf(ownerId, name))?.changed ?? {};

/** Replaces what somebody has changed. */
export const storeSettings = (
  state: SandboxState,
  ownerId: string,
  name: string,
  changed: JsonObject,
): void => {
  const matches = isOf(ownerId, name);
  const others = state.settings.filter((settings) => !matches(settings));
  state.settings = [...others, { ownerId, name, changed }];
};
