/** The prompt `provision_flex_cluster`, which leads an assistant from nothing to a connection string. */
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
    argument("project", "Name of the project. An existing project is reused."),
    argument("cluster", "Name of the cluster."),
    argument("region", "Provider and region, or a city, in your own words."),
    argument("ipAddress", "The IP address that will connect."),
  ],
};

const maxLength = 200;

/** An argument as quoted data, cut to a maximum length. Without a value, what to do instead. */
const valueOr = (args: Record<string, string>, name: string, otherwise: string): string => {
  const value = args[name]?.trim();
  return value ? JSON.stringify(value.slice(0, maxLength)) : otherwise;
};

type Step = { tool: string; text: string };

const stepsFor = (args: Record<string, string>): Step[] => [
  {
    tool: "get_account",
    text: "see the backend, the organizations, the prices and what the operator allows. Tell me whether this is the sandbox or live Atlas.",
  },
  {
    tool: "create_project",
    text: `project ${valueOr(args, "project", "(ask me for a name)")}, with ifExists "return".`,
  },
  {
    tool: "create_flex_cluster",
    text: `cluster ${valueOr(args, "cluster", "(ask me for a name)")}, region ${valueOr(args, "region", "(ask me where)")}, with ifExists "return" and waitSeconds 40. On live Atlas tell me the price first.`,
  },
  { tool: "get_flex_cluster", text: "with waitSeconds 40, until ready is true." },
  {
    tool: "create_database_user",
    text: 'a user for the application, with ifExists "return". Its password is in the file that credentialsFile names: tell me the path, never ask for or print the password.',
  },
  {
    tool: "create_access_list_entry",
    text: `IP address ${valueOr(args, "ipAddress", "(ask me; do not guess it)")}, with ifExists "return".`,
  },
  { tool: "get_project", text: "show me what is there now, and the connection string." },
];

/** The prompt with its arguments filled in, without the steps whose tool is off. Throws `-32602` for another name. */
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
  const names = new Set(offered.map((tool) => tool.name));
  const steps = stepsFor(args)
    .filter(({ tool }) => names.has(tool))
    .map(({ tool, text }, index) => `${index + 1}. ${tool}: ${text}`);
  const text = [
    "Take me from nothing to a MongoDB Atlas connection string, step by step:",
    ...steps,
    "After each step, say in one line what is true now. When a result has nextActions, use those calls instead of inventing arguments. When an outcome is unknown, repeat the same call. Stop and ask me when something is missing or needs my agreement.",
  ].join("\n");
  return { messages: [{ role: "user", content: { type: "text", text } }] };
};
