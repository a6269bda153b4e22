/** Plain resources in the state: what a client writes and reads back. */
import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import type { PlainResource } from "../state/administration.ts";
import type { SandboxState } from "../state/resources.ts";

/** The resources of one kind that a project has, the oldest first. */
export const plainResourcesOf = (
  { plainResources }: SandboxState,
  kind: PlainResource["kind"],
  ownerId: string,
): PlainResource[] => plainResources.filter((one) => one.kind === kind && one.ownerId === ownerId);

/** Creates a resource and adds it to the state. */
export const addPlainResource = (
  { state, now }: Call,
  kind: PlainResource["kind"],
  ownerId: string,
  body: JsonObject,
): PlainResource => {
  const resource = { kind, ownerId, id: state.ids.objectId(now), createdAt: now, body };
  state.plainResources.push(resource);
  return resource;
};

/** Removes a resource from the state. */
export const removePlainResource = (state: SandboxState, resource: PlainResource): void => {
  state.plainResources = state.plainResources.filter((other) => other !== resource);
};
