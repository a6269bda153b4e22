/** Updates a project: what `updateResource` needs to know. */
import * as requests from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import { leaseIn } from "../atlas/resources/lease.ts";
import type { Project, ProjectUpdate } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { type CompareField, type Comparison, differencesBy, set } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import { changedTags, ownTags, type SweepAfter, sameLease } from "./lease.ts";
import { renameInTurn } from "./project-rename.ts";
import type { UpdateSpec } from "./update-spec.ts";

/** What an update may ask for; `name` is the new one. */
export type ProjectChange = ProjectUpdate & { sweepAfter?: SweepAfter };

/** Compares names in either Unicode form. */
const sameName: CompareField<string | undefined, Project> = (field, yours, { name }) =>
  yours === undefined || isSame(name, yours) ? [] : [{ field, yours, existing: name }];

const comparison: Comparison<ProjectChange, Project> = {
  name: sameName,
  tags: set({ key: true, value: true }, ownTags),
  sweepAfter: sameLease,
};

/** The body that changes what differs, and nothing else. A lease is for a name, so a new name writes it anew. */
const bodyFor = (existing: Project, asked: ProjectChange): ProjectUpdate => {
  const fields = new Set(differencesBy(comparison, asked, existing).map(({ field }) => field));
  const isRenamed = fields.has("name");
  const name = isRenamed ? asked.name : existing.name;
  const leased = { kind: "project", parentId: existing.orgId, name } as const;
  // A lease is written anew; a copied one, which a new name could make good, is dropped.
  const hasMovedLease =
    isRenamed && (existing.sweepAfter !== undefined || leaseIn(existing.tags ?? [], leased));
  return {
    ...(isRenamed ? { name } : {}),
    ...(fields.has("tags") || fields.has("sweepAfter") || hasMovedLease
      ? { tags: changedTags(leased, existing, asked) }
      : {}),
  };
};

/** Describes the update of a project, for `updateResource`. */
export const projectUpdateSpec = (
  context: OperationContext,
  groupId: string,
  asked: ProjectChange,
): UpdateSpec<Project> => {
  const { atlas } = context;
  const request = (existing: Project) => requests.updateGroup(groupId, bodyFor(existing, asked));
  return {
    noun: `project ${groupId}`,
    key: `project ${groupId}`,
    fingerprint: JSON.stringify(asked),
    idOf: (project) => project.id,
    stateOf: () => undefined,
    read: (deadline) => atlas.read(requests.getGroup(groupId), deadline),
    differences: (existing) => differencesBy(comparison, asked, existing),
    request,
    send: (existing, deadline) => {
      const send = (own: Deadline) => atlas.send(request(existing), own);
      const { name } = bodyFor(existing, asked);
      return name === undefined
        ? send(deadline)
        : renameInTurn(context, { project: existing, name }, deadline, send);
    },
    lookUp: { suggest: "show_project", with: { groupId } },
  };
};
