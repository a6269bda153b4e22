import * as z from "zod/v4";
import * as offer from "../atlas/pricing.ts";
import { listProjects, refusal } from "../operations/project.ts";
import { defineRead } from "./define.ts";

const shownProjects = 20;

/** Rules may name an organization that the credentials do not see: then there is nothing in bounds, and the rules are shown. */
const noneInBounds = (error: unknown): Awaited<ReturnType<typeof listProjects>> => {
  refusal(error);
  return { results: [], totalCount: 0 };
};

/** Tells at once what an agent would otherwise ask for in several calls. */
export const getAccount = defineRead({
  name: "get_account",
  title: "Get account",
  description:
    "Shows backend (live Atlas or sandbox), organizations with their ids, first projects, limits, prices, policy, and tools that are switched off.",
  access: "read",
  input: z.strictObject({}),
  output: [
    "organizations",
    "projects",
    "totalCount",
    "baseUrl",
    "scope",
    "limits",
    "prices",
    "policy",
    "switchedOff",
  ],
  helps: {
    see_account: () => ({
      arguments: {},
      why: "Shows the organizations and projects that the credentials can see.",
    }),
  },
  run: async (_input, context) => {
    const { atlas, deadline, scope, bounds, standing } = context;
    const inBounds = (id: string | undefined) => bounds.organizations?.includes(id ?? "") ?? true;
    const query = {
      ...(scope.orgId === undefined ? {} : { orgId: scope.orgId }),
      pageNum: 1,
      itemsPerPage: shownProjects,
    };
    const [organizations, projects] = await Promise.all([
      scope.orgId === undefined
        ? atlas.listOrganizations(deadline).then((page) => page.results)
        : atlas.getOrganization(deadline, scope.orgId).then((one) => [one]),
      bounds.organizations === undefined
        ? listProjects(context, query)
        : listProjects(context, query).catch(noneInBounds),
    ]);
    return {
      outcome: "found",
      organizations: organizations.filter((one) => one.isDeleted !== true && inBounds(one.id)),
      projects: projects.results,
      ...(projects.totalCount === undefined ? {} : { totalCount: projects.totalCount }),
      baseUrl: standing.baseUrl,
      scope: { ...scope },
      limits: {
        projectsPerOrganization: offer.projectLimitPerOrganization,
        clustersPerProject: offer.clusterLimitPerProject,
        flexCluster: offer.flexLimits,
      },
      prices: { flexCluster: offer.flexPrice, project: "free" },
      policy: standing.policy,
      switchedOff: standing.switchedOff,
      hints:
        (projects.totalCount ?? 0) > projects.results.length
          ? [{ advice: "find_project", why: "Lists all projects." }]
          : [],
    };
  },
});
