/** Projects: finding, listing and creating them. Atlas calls them groups. */

import type { CreateProjectBody } from "../atlas/bodies.ts";
import { projectLimitPerOrganization } from "../atlas/pricing.ts";
import { createGroup } from "../atlas/requests.ts";
import type { Page, Project } from "../atlas/resources.ts";
import type { Deadline } from "../common/deadline.ts";
import { AtlasToolError, failure, type Hint } from "../common/failure.ts";
import { type Comparison, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import type { Lookup } from "./lookup.ts";
import { allPages } from "./pages.ts";

const notPermitted = new Set(["forbidden", "not_found"]);

/** The failure of who may not see something or finds nothing there; any other is thrown on. */
export const refusal = (error: unknown) => {
  if (error instanceof AtlasToolError && notPermitted.has(error.failure.code)) return error.failure;
  throw error;
};

/**
 * Projects with exactly this name in the organization. Atlas's filter is a prefix without case, so it is compared here;
 * where the organization's list is not permitted, all projects that the credentials see are looked through. Never by
 * `byName`: a missing project answers 401 there (atlas-kubernetes#23).
 */
export const findProjects = async (
  { atlas }: OperationContext,
  orgId: string,
  name: string,
  deadline: Deadline,
): Promise<Lookup<Project>> => {
  const exact = (all: Project[]) => ({
    seen: all.filter((one) => one.name === name && (one.orgId ?? orgId) === orgId),
  });
  const list = (query: { orgId?: string; name?: string }) =>
    allPages((page) => atlas.listProjects(deadline, { ...query, ...page }));
  try {
    return exact(await list({ orgId, name }));
  } catch (error) {
    refusal(error);
  }
  try {
    return exact(await list({}));
  } catch (error) {
    return { hidden: refusal(error) };
  }
};

const comparison: Comparison<CreateProjectBody, Project, "name" | "orgId"> = {
  // Tags are left out of an answer where there are none (facts 1.2).
  tags: set({ key: true, value: true }, ({ tags = [] }) => tags),
  withDefaultAlertsSettings: value((existing) => existing.withDefaultAlertsSettings),
  regionUsageRestrictions: value((existing) => existing.regionUsageRestrictions),
};

/** A project to create, for `ensure`. `projectOwnerId` is a query parameter, as documented. */
export const projectCreateSpec = (
  work: OperationContext,
  body: CreateProjectBody,
  projectOwnerId?: string,
) => {
  const request = createGroup(body, projectOwnerId === undefined ? {} : { projectOwnerId });
  const lookUp: Hint = { advice: "look_up_project", with: { orgId: body.orgId, name: body.name } };
  const creation: CreateSpec<Project> = {
    noun: `project ${JSON.stringify(body.name)}`,
    key: `project ${body.orgId} ${body.name}`,
    request: JSON.stringify([request.path, body]),
    find: (deadline) => findProjects(work, body.orgId, body.name, deadline),
    post: (deadline) => work.atlas.createProject(deadline, request),
    differences: (existing) => differencesBy(comparison, body, existing),
    // Two posts at once have made two projects of one name (atlas-sdk-go#660).
    uniqueInAtlas: false,
    tagged: (body.tags?.length ?? 0) > 0,
    instead: "choose another name",
    madeAt: (existing) => existing.created,
    leaving: () => false,
    lookUp,
    goOn: () => [{ ...lookUp, why: "The project that has the name." }],
  };
  return { creation, request };
};

/** What a dry run can find out by reading: whether the organization is there and has room. Throws where it is not. */
export const checkProject = async (
  { atlas, deadline }: OperationContext,
  orgId: string,
): Promise<void> => {
  const [, page] = await Promise.all([
    atlas.getOrganization(deadline, orgId),
    atlas.listProjects(deadline, { orgId, itemsPerPage: 1 }),
  ]);
  if ((page.totalCount ?? 0) < projectLimitPerOrganization) return;
  throw new AtlasToolError(
    failure(
      "quota_exceeded",
      `The organization has ${page.totalCount} projects; Atlas allows ${projectLimitPerOrganization} unless it has raised the limit.`,
      { outcome: "not_created", hints: [{ advice: "find_project" }] },
    ),
  );
};

const unseen = new Set(["not_found", "forbidden", "invalid_input"]);

/** Projects by their ids; those that are gone or cannot be seen are left out. */
const readProjects = async ({ atlas, deadline }: OperationContext, ids: readonly string[]) => {
  const read = (groupId: string) =>
    atlas.getProject(deadline, groupId).catch((error: unknown) => {
      if (error instanceof AtlasToolError && unseen.has(error.failure.code)) return undefined;
      throw error;
    });
  const found = await Promise.all(ids.map(read));
  return found.filter((one) => one !== undefined);
};

/** One page of the projects in bounds. A name without an organization is looked for in all that is visible: Atlas filters only within one. */
export const listProjects = async (
  work: OperationContext,
  query: { orgId?: string; name?: string; pageNum: number; itemsPerPage: number },
): Promise<Page<Project>> => {
  const { atlas, deadline, scope, bounds } = work;
  const { name, pageNum, itemsPerPage } = query;
  const [only, ...others] = bounds.organizations ?? [];
  const orgId = query.orgId ?? (others.length === 0 ? only : undefined);
  const local = (all: Project[]): Page<Project> => {
    const prefix = name?.toLowerCase() ?? "";
    const found = all.filter(
      (one) =>
        (one.name ?? "").toLowerCase().startsWith(prefix) &&
        (orgId === undefined || one.orgId === orgId) &&
        (bounds.organizations?.includes(one.orgId ?? "") ?? true),
    );
    return {
      results: found.slice((pageNum - 1) * itemsPerPage, pageNum * itemsPerPage),
      totalCount: found.length,
    };
  };
  if (scope.groupId !== undefined) return local([await atlas.getProject(deadline, scope.groupId)]);
  if (bounds.projects !== undefined) return local(await readProjects(work, bounds.projects));
  // Filtered here, so all pages are needed.
  if (orgId === undefined && (name !== undefined || bounds.organizations !== undefined))
    return local(await allPages((page) => atlas.listProjects(deadline, page)));
  return atlas.listProjects(deadline, {
    ...(orgId === undefined ? {} : { orgId }),
    ...(name === undefined ? {} : { name }),
    pageNum,
    itemsPerPage,
  });
};
