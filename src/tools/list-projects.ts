import * as z from "zod/v4";
import { listProjects as list } from "../operations/list-projects.ts";
import { orgId, pageNum } from "./arguments.ts";
import { defineRead } from "./define.ts";

/** Lists projects, a page at a time. */
export const listProjects = defineRead({
  name: "list_projects",
  title: "List projects",
  description:
    "Lists MongoDB Atlas projects with their ids, organization, number of clusters and end (sweepAfter), a page at a time.",
  searchHint: "find MongoDB Atlas projects (groups) and their ids by name",
  access: "read",
  input: z.strictObject({
    orgId: orgId.optional(),
    name: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "Beginning of the name.",
        examples: ["shop"],
      }),
    pageNum: pageNum.optional(),
    itemsPerPage: z
      .int()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: "1 to 500; default 100." }),
  }),
  output: ["projects", "totalCount"],
  always: ["projects"],
  suggests: {
    find_project: () => ({
      arguments: {},
      why: "Lists the projects that exist, with their ids.",
    }),
    look_up_project: ({ orgId, name }) => ({
      arguments: { orgId, name },
      why: "Shows whether the project exists now, and its id.",
    }),
  },
  run: async ({ pageNum = 1, itemsPerPage = 100, ...filter }, context) => {
    const page = await list(context, {
      ...(filter.orgId === undefined ? {} : { orgId: filter.orgId }),
      ...(filter.name === undefined ? {} : { name: filter.name }),
      pageNum,
      itemsPerPage,
    });
    const more =
      page.totalCount === undefined
        ? page.results.length === itemsPerPage
        : pageNum * itemsPerPage < page.totalCount;
    return {
      outcome: "found",
      projects: page.results,
      ...(page.totalCount === undefined ? {} : { totalCount: page.totalCount }),
      suggestions: [
        ...(more
          ? [{ suggest: "repeat" as const, with: { pageNum: pageNum + 1 }, why: "The next page." }]
          : []),
        ...(filter.name !== undefined && page.totalCount === 0
          ? [
              {
                suggest: "find_project" as const,
                why: "No name begins with this; lists all projects.",
              },
            ]
          : []),
      ],
    };
  },
});
