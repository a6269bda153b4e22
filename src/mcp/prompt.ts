/** The one prompt: walks an assistant from nothing to a connection string. */
import {
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import type { Tool } from "../tools/define.ts";

const argument = (name: string, description: string) => ({ name, description, required: false });

export const prompt: Prompt = {
  name: "provision_flex_cluster",
  title: "Provision a flex cluster",
  description:
    "From nothing to a connection string: project, flex cluster, database user, access list.",
  arguments: [
    argument("project", "Name of the project; an existing one is used again."),
    argument("cluster", "Name of the cluster."),
    argument("region", "Where, in your own words: a provider and region, or a city."),
    argument("ipAddress", "The address that will connect."),
  ],
};

const longest = 200;

/** What the user has given, as data: capped, and in quotes. */
const given = (args: Record<string, string>, name: string, otherwise: string): string => {
  const value = args[name]?.trim();
  return value ? JSON.stringify(value.slice(0, longest)) : otherwise;
};

type Step = { tool: string; says: string };

const stepsFor = (args: Record<string, string>): Step[] => [
  {
    tool: "get_account",
    says: "see the backend, the organizations, prices and what the operator allows. Tell me whether this is the sandbox or live Atlas.",
  },
  {
    tool: "create_project",
    says: `project ${given(args, "project", "(ask me for a name)")}, with ifExists "return".`,
  },
  {
    tool: "create_flex_cluster",
    says: `cluster ${given(args, "cluster", "(ask me for a name)")}, region ${given(args, "region", "(ask me where)")}, with ifExists "return" and waitSeconds 40. On live Atlas tell me the price first.`,
  },
  { tool: "get_flex_cluster", says: "with waitSeconds 40, until ready is true." },
  {
    tool: "create_database_user",
    says: 'a user for the application, with ifExists "return". Its password is in the file that credentialsFile names: tell me the path, never ask for or print the password.',
  },
  {
    tool: "create_access_list_entry",
    says: `address ${given(args, "ipAddress", "(ask me; do not guess it)")}, with ifExists "return".`,
  },
  { tool: "get_project", says: "show me what is there now, and the connection string." },
];

/** The prompt with its arguments filled in; steps whose tool is switched off are left out. Throws `-32602` for another name. */
export const promptFor = (
  name: string,
  args: Record<string, string>,
  offered: readonly Tool[],
): GetPromptResult => {
  if (name !== prompt.name)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Prompt ${JSON.stringify(name.slice(0, 100))} is unknown.`,
    );
  const on = new Set(offered.map((tool) => tool.name));
  const steps = stepsFor(args)
    .filter(({ tool }) => on.has(tool))
    .map(({ tool, says }, index) => `${index + 1}. ${tool}: ${says}`);
  const text = [
    "Take me from nothing to a MongoDB Atlas connection string, step by step:",
    ...steps,
    "After each step say in one line what is true now. When an answer has nextActions, take those rather than inventing arguments. When an outcome is unknown, repeat the same call. Stop and ask me where something is missing or needs my agreement.",
  ].join("\n");
  return { messages: [{ role: "user", content: { type: "text", text } }] };
};
