import { isObjectId } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { clustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import { type Project, type SandboxState, toAtlasTime } from "../state/resources.ts";

const subresources = ["containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"];

/** The project that a path names, or Atlas's answer that there is none. */
export const findProject = (call: Call): Project => {
  const groupId = pathParameter(call, "groupId");
  if (!isObjectId(groupId)) throw createApiError("INVALID_GROUP_ID", { groupId });
  const project = call.state.projects.find(({ id }) => id === groupId);
  if (project === undefined) throw createApiError("GROUP_NOT_FOUND", { groupId });
  return project;
};

const fields = (
  state: SandboxState,
  project: Project,
  now: number,
  links: JsonObject[],
): JsonObject => ({
  clusterCount: clustersOf(state, project.id, now).length,
  created: toAtlasTime(project.createdAt),
  id: project.id,
  links,
  name: project.name,
  orgId: project.orgId,
  tags: project.tags ?? [],
  withDefaultAlertsSettings: project.withDefaultAlertsSettings,
});

const projectHref = (call: Call, project: Project): string =>
  `${call.origin}/api/atlas/v2/groups/${project.id}`;

/** A project on its own: all seven links. */
export const toProjectView = (call: Call, project: Project): JsonObject => {
  const self = projectHref(call, project);
  const links = subresources.map((name) => ({
    href: `${self}/${name}`,
    rel: `https://cloud.mongodb.com/${name}`,
  }));
  return fields(call.state, project, call.now, [{ href: self, rel: "self" }, ...links]);
};

/** A project in the answer to its create: without tags where none were sent. */
export const toCreatedProjectView = (call: Call, project: Project): JsonObject => {
  const { tags, ...view } = toProjectView(call, project);
  return project.tags === undefined ? view : toProjectView(call, project);
};

/** A project in a list: only the link to itself. */
export const toProjectListView = (call: Call, project: Project): JsonObject => {
  const self = { href: projectHref(call, project), rel: "self" };
  return fields(call.state, project, call.now, [self]);
};

/** A project as `/_sandbox/state` shows it: the documented fields, no links, and its owner if given. */
export const toProjectState = (state: SandboxState, project: Project, now: number): JsonObject => {
  const { links, ...members } = fields(state, project, now, []);
  const owner = project.projectOwnerId;
  return owner === undefined ? members : { ...members, projectOwnerId: owner };
};
