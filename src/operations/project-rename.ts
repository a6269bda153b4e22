/** Renames a project in the turn of its new name: no create of that name is under way then, on any server. */
import type { Sent } from "../atlas/client.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { type Failure, failure, failureOf, type Suggestion } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { findProjects, projectKey } from "./project.ts";

/** The project to rename and its new name. */
export type Rename = { project: Project; name: string };

const nameTaken = (name: string, existing: Project, lookUp: Suggestion): Failure =>
  failure(
    "name_conflict",
    `Another project of the organization has the name ${JSON.stringify(name)} already (${existing.id}). Nothing was sent. Choose another name.`,
    { outcome: "not_updated", existing, suggestions: [lookUp] },
  );

/** Another project that has the name; undefined if there is none, or the credentials may not list them. */
const otherWith = async (
  { atlas }: OperationContext,
  { project, name }: Rename,
  deadline: Deadline,
): Promise<Project | undefined> => {
  const lookup = await findProjects(atlas, project.orgId ?? "", name, deadline);
  return "found" in lookup ? lookup.found.find(({ id }) => id !== project.id) : undefined;
};

/** Does `send`, unless another project has the name. */
export const renameInTurn = (
  context: OperationContext,
  rename: Rename,
  deadline: Deadline,
  send: (deadline: Deadline) => Promise<Sent<Project>>,
): Promise<Sent<Project>> => {
  const { singleFlights, madeProjects } = context;
  const { orgId = "", id = "" } = rename.project;
  const key = projectKey(orgId, rename.name);
  const lookUp: Suggestion = { suggest: "look_up_project", with: { orgId, name: rename.name } };
  const noun = `project ${JSON.stringify(rename.name)}`;
  const waiting = { effect: "update", noun, lookUp } as const;
  return singleFlights.projects.inTurn(key, deadline, waiting, async (own) => {
    const other = await otherWith(context, rename, own).catch((error: unknown) => {
      failureOf(error);
      return undefined;
    });
    if (other !== undefined)
      return { fate: "not_sent", failure: nameTaken(rename.name, other, lookUp) };
    const sent = await send(own);
    if (sent.fate === "accepted") madeProjects.keep(key, id);
    return sent;
  });
};
