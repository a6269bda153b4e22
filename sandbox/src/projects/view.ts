/** Projects as Atlas shows them. */
import type { Call } from "../api/operation.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import type { ProjectState } from "../snapshot.ts";
import { type Project, type SandboxState, toAtlasTime } from "../state/resources.ts";

const subresources = ["containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"];

const toFields = (
  state: SandboxState,
  project: Project,
  now: number,
  links: JsonObject[],
): ProjectState & { links: JsonObject[] } => ({
  clusterCount: clustersOf(state, project.id, now).length,
  created: toAtlasTime(project.createdAt),
  id: project.id,
  links,
  name: project.name,
  orgId: project.orgId,
  tags: project.tags ?? [],
  withDefaultAlertsSettings: project.withDefaultAlertsSettings,
});

/** What a view needs of a call. */
type Viewing = Pick<Call, "state" | "now" | "origin">;

const projectHref = (call: Viewing, project: Project): string =>
  `${call.origin}/api/atlas/v2/groups/${project.id}`;

/** Converts a project to the body of a read, with all seven links. */
export const toProjectView = (call: Viewing, project: Project): JsonObject => {
  const self = projectHref(call, project);
  const links = subresources.map((name) => ({
    href: `${self}/${name}`,
    rel: `https://cloud.mongodb.com/${name}`,
  }));
  return toFields(call.state, project, call.now, [{ href: self, rel: "self" }, ...links]);
};

/** Converts a project to the response to its create: without tags if the request had none. */
export const toCreatedProjectView = (call: Viewing, project: Project): JsonObject => {
  const view = toProjectView(call, project);
  const { tags, ...untagged } = view;
  return project.tags === undefined ? untagged : view;
};

/** Converts a project to an item of a list, with the link to itself only. */
export const toProjectListView = (call: Call, project: Project): JsonObject => {
  const self = { href: projectHref(call, project), rel: "self" };
  return toFields(call.state, project, call.now, [self]);
};

/** Converts a project to the form in `/_sandbox/state`: the documented fields without links, and the owner if it was given. */
export const toProjectState = (
  state: SandboxState,
  project: Project,
  now: number,
): ProjectState => {
  const { links, ...members } = toFields(state, project, now, []);
  const owner = project.projectOwnerId;
  return owner === undefined ? members : { ...members, projectOwnerId: owner };
};
