import * as z from "zod/v4";
import * as pricing from "../atlas/pricing.ts";
import { getOrg, listOrgs } from "../atlas/requests.ts";
import { listProjects } from "../operations/list-projects.ts";
import { notPermittedOf } from "../operations/project.ts";
import { defineRead } from "./define.ts";

const shownProjects = 20;

/** Rules may name an organization that the credentials cannot see. Then no project is in bounds, and the result shows the rules. */
const noneInBounds = (error: unknown): Awaited<ReturnType<typeof listProjects>> => {
  notPermittedOf(error);
  return { results: [], totalCount: 0 };
};

/** An empty list would read as an account that has nothing. The ids stay hidden. */
const hiddenNote = (hidden: number): string[] =>
  hidden === 0
    ? []
    : [
        `The policy hides ${hidden} ${hidden === 1 ? "organization" : "organizations"} that the credentials can see.`,
      ];

/** Returns in one call what an agent would otherwise need several for. */
export const getAccount = defineRead({
  name: "get_account",
  title: "Get account",
  description:
    "Shows the MongoDB Atlas account: backend (live or sandbox), organizations with their ids, first projects, limits, prices, policy, and tools that are switched off.",
  access: "read",
  alwaysLoad: true,
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
    "ephemeral",
    "switchedOff",
    "note",
  ],
  always: [
    "organizations",
    "projects",
    "baseUrl",
    "scope",
    "limits",
    "prices",
    "policy",
    "ephemeral",
    "switchedOff",
  ],
  suggests: {
    see_account: () => ({
      arguments: {},
      why: "Shows the organizations and projects that the credentials can see.",
    }),
  },
  run: async (_input, context) => {
    const { atlas, deadline, scope, bounds, setup, notice } = context;
    const inBounds = (id: string | undefined) => bounds.organizations?.includes(id ?? "") ?? true;
    const query = {
      ...(scope.orgId === undefined ? {} : { orgId: scope.orgId }),
      pageNum: 1,
      itemsPerPage: shownProjects,
    };
    const [organizations, projects] = await Promise.all([
      scope.orgId === undefined
        ? atlas.read(listOrgs(), deadline).then((page) => page.results)
        : atlas.read(getOrg(scope.orgId), deadline).then((organization) => [organization]),
      bounds.organizations === undefined
        ? listProjects(context, query)
        : listProjects(context, query).catch(noneInBounds),
    ]);
    const existing = organizations.filter(({ isDeleted }) => isDeleted !== true);
    const visible = existing.filter(({ id }) => inBounds(id));
    const notes = [
      ...hiddenNote(existing.length - visible.length),
      ...(notice === undefined ? [] : [notice]),
      ...(setup.ephemeral.on && setup.ephemeral.backend !== setup.backend
        ? ["Only ephemeral clusters are real here: free, 512 MB, and they need no account."]
        : []),
    ];
    return {
      outcome: "found",
      organizations: visible,
      projects: projects.results,
      ...(projects.totalCount === undefined ? {} : { totalCount: projects.totalCount }),
      baseUrl: setup.baseUrl,
      scope: { ...scope },
      limits: {
        projectsPerOrganization: pricing.projectLimitPerOrganization,
        clustersPerProject: pricing.clusterLimitPerProject,
        flexCluster: pricing.flexLimits,
      },
      prices: { flexCluster: pricing.flexPrice, project: "free" },
      policy: setup.policy,
      ephemeral: setup.ephemeral,
      switchedOff: setup.switchedOff,
      ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
      suggestions:
        (projects.totalCount ?? 0) > projects.results.length
          ? [{ suggest: "find_project", why: "Lists all projects." }]
          : [],
    };
  },
});
