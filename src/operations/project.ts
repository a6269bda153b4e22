/** Finds and creates projects, which Atlas also calls groups. */
import type { AtlasClient } from "../atlas/client.ts";
import { projectLimitPerOrganization } from "../atlas/pricing.ts";
import type { PageQuery } from "../atlas/request.ts";
import * as requests from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import type { Project, ProjectBody } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { type Failure, fail, failureOf, type Suggestion } from "../common/failure.ts";
import { type Comparison, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { livesAsLong, newTags, ownTags, type SweepAfter } from "./lease.ts";
import type { Lookup } from "./lookup.ts";
import { withMade } from "./made-projects.ts";
import { projectDuplicates } from "./project-duplicates.ts";

/** The failure of a read that is forbidden or finds nothing. Rethrows any other error. */
export const notPermittedOf = (error: unknown): Failure => {
  const failed = failureOf(error);
  if (failed.code === "forbidden" || failed.code === "not_found") return failed;
  throw error;
};

/** Throws on whatever does not say that something may not be seen. */
const rethrowUnlessNotPermitted = (error: unknown): void => {
  notPermittedOf(error);
};

/**
 * Finds the projects with exactly this name in the organization. Atlas's filter is a case-insensitive prefix, so names are
 * compared here. If the organization's list is not permitted, searches all projects that the credentials see. Does not use
 * `byName`, which answers 401 for a missing project (atlas-kubernetes#23).
 */
export const findProjects = async (
  atlas: AtlasClient,
  orgId: string,
  name: string,
  deadline: Deadline,
): Promise<Lookup<Project>> => {
  const exact = (all: Project[]) => ({
    found: all.filter(
      (project) => isSame(project.name, name) && (project.orgId ?? orgId) === orgId,
    ),
  });
  try {
    const ofOrganization = (query: PageQuery) => requests.getOrgGroups(orgId, { name, ...query });
    return exact(await atlas.readAll(ofOrganization, deadline));
  } catch (error) {
    rethrowUnlessNotPermitted(error);
  }
  try {
    return exact(await atlas.readAll(requests.listGroups, deadline));
  } catch (error) {
    return { notPermitted: notPermittedOf(error) };
  }
};

const comparison: Comparison<ProjectBody & { sweepAfter?: SweepAfter }, Project, "name" | "orgId"> =
  {
    // A create's response has no `tags` if none were sent (docs/atlas.md#tags).
    tags: set({ key: true, value: true }, ownTags),
    sweepAfter: livesAsLong,
    withDefaultAlertsSettings: value((existing) => existing.withDefaultAlertsSettings),
    regionUsageRestrictions: value((existing) => existing.regionUsageRestrictions),
  };

/** Identifies a project by its place and its name. */
export const projectKey = (orgId: string, name: string): string => `project ${orgId} ${name}`;

/** What a create takes besides the body. */
type Besides = {
  /** A query parameter. */
  projectOwnerId?: string | undefined;
  sweepAfter?: SweepAfter;
};

/** Describes the creation of a project, for `create`. */
export const projectCreateSpec = (
  context: OperationContext,
  asked: ProjectBody,
  { projectOwnerId, sweepAfter }: Besides = {},
) => {
  const { atlas } = context;
  const { orgId, name } = asked;
  const query = projectOwnerId === undefined ? {} : { projectOwnerId };
  const tags = newTags({ kind: "project", parentId: orgId, name }, asked.tags, sweepAfter);
  const body = tags === undefined ? asked : { ...asked, tags };
  const request = requests.createGroup(body, query);
  const lookUp: Suggestion = { suggest: "look_up_project", with: { orgId, name } };
  const key = projectKey(orgId, name);
  let isHidden = false;
  const spec: CreateSpec<Project> = {
    noun: `project ${JSON.stringify(name)}`,
    key,
    fingerprint: JSON.stringify([request.path, body]),
    find: async (deadline) => {
      const looking = findProjects(atlas, orgId, name, deadline);
      const found = await withMade(looking, context.madeProjects.of(key), {
        atlas,
        name,
        deadline,
      });
      isHidden = found.isHidden;
      return found.lookup;
    },
    isHidden: () => isHidden,
    post: (deadline) => atlas.send(request, deadline),
    differences: (existing) => differencesBy(comparison, { ...asked, sweepAfter }, existing),
    update: {
      fields: () => ["tags", "sweepAfter"],
      call: ({ id: groupId }) => ({ suggest: "update_project", with: { groupId } }),
    },
    // Two POSTs at once have made two projects of one name (atlas-sdk-go#660).
    duplicates: projectDuplicates(context, key, name),
    hasTags: (body.tags?.length ?? 0) > 0,
    alternative: "choose another name",
    createdAt: (existing) => existing.created,
    now: atlas.now,
    isDeleting: () => false,
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "The project that has the name." }],
  };
  return { spec, request };
};

/** What a dry run checks: that the organization exists and has room. Throws if not. */
export const checkProject = async (
  { atlas, deadline }: OperationContext,
  orgId: string,
): Promise<void> => {
  const [, { totalCount = 0 }] = await Promise.all([
    atlas.read(requests.getOrg(orgId), deadline),
    atlas.read(requests.getOrgGroups(orgId, { itemsPerPage: 1 }), deadline),
  ]);
  if (totalCount < projectLimitPerOrganization) return;
  fail(
    "quota_exceeded",
    `The organization has ${totalCount} projects; Atlas allows ${projectLimitPerOrganization} unless it has raised the limit.`,
    { outcome: "not_created", suggestions: [{ suggest: "find_project" }] },
  );
};
