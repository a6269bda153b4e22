import * as z from "zod/v4";
import { readProjectDetails } from "../operations/project-details.ts";
import { groupId } from "./arguments.ts";
import { defineRead } from "./define.ts";

const words = {
  clusters: "flex clusters",
  databaseUsers: "database users",
  accessListEntries: "access list entries",
} as const;

/** Shows a project and what it contains. */
export const getProject = defineRead({
  name: "get_project",
  title: "Get project",
  description:
    "Shows a MongoDB Atlas project with its flex clusters (state, connection strings), database users and IP access list.",
  searchHint:
    "MongoDB Atlas project in full: clusters, connection strings, database users, IP access list",
  access: "read",
  input: z.strictObject({ groupId }),
  output: ["project", "clusters", "databaseUsers", "accessListEntries", "totals", "note"],
  always: ["project", "clusters", "databaseUsers", "accessListEntries", "totals"],
  suggests: {
    show_project: ({ groupId }) => ({
      arguments: { groupId },
      why: "Shows the project with its clusters, users and access list.",
    }),
  },
  run: async ({ groupId }, context) => {
    const { leftOut = {}, ...details } = await readProjectDetails(context, groupId);
    const missing = (Object.keys(words) as (keyof typeof words)[])
      .filter((name) => leftOut[name] !== undefined)
      .map((name) => `${leftOut[name]} ${words[name]}`);
    return {
      outcome: "found",
      ...details,
      ...(missing.length === 0
        ? {}
        : { note: `Too long for one result: ${missing.join(", ")} are not shown.` }),
    };
  },
});
