/** The prompt `provision_flex_cluster`, which leads an assistant from nothing to a connection string. */
import {
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { visible } from "../common/visible.ts";
import type { Tool } from "../tools/define.ts";

const name = "provision_flex_cluster";

// Some hosts split what is typed at every space, whatever the quotes: so one word each, and what may have spaces last.
const descriptions: Readonly<Record<string, string>> = {
  cluster: "Name of the cluster: one word, such as orders.",
  ipAddress: "The IP address that will connect: one word, such as 203.0.113.7.",
  project: "Name of the project: one word, such as my-shop. An existing project is reused.",
  region: "Where: one word, such as frankfurt or eu-west-1.",
};

/** The prompt as it is listed. A project that the operator has fixed is no argument. */
export const listedPrompt = (isProjectFixed: boolean): Prompt => ({
  name,
  title: "Provision a flex cluster",
  description:
    "From nothing to a connection string: project, flex cluster, database user, access list.",
  arguments: Object.entries(descriptions)
    .filter(([argument]) => argument !== "project" || !isProjectFixed)
    .map(([argument, description]) => ({ name: argument, description, required: false })),
});

type Args = Record<string, string>;

const maxLength = 200;

// What hosts leave in place of an argument that was not given.
const placeholder =
  /^(\$\w+|\$?\{[^{}]*\}|\{\{[^{}]*\}\}|%\w+%|<[^<>]*>|\[[\w ]*\]|null|undefined|none)$/i;

/** The value of an argument, without quotes around it; undefined if it is empty or a placeholder. */
const given = (args: Args, argument: string): string | undefined => {
  const own = Object.hasOwn(args, argument) ? args[argument] : undefined;
  const text = (own ?? "")
    .trim()
    .replace(/^["'`“‘](.*)["'`”’]$/s, "$1")
    .trim();
  return /[\p{L}\p{N}]/u.test(text) && !placeholder.test(text) ? text : undefined;
};

/** A text as quoted data, cut to a maximum length. */
const quoted = (text: string): string => {
  const characters = [...text];
  const cut = characters.length > maxLength ? `${characters.slice(0, maxLength).join("")}…` : text;
  return visible(JSON.stringify(cut));
};

// OpenCode gets the prompt before its user has typed anything: it sends `$1`, `$2` ..., and later puts each word, or
// nothing, where they stand (docs/hosts.md#opencode).
const place = /^"?(\$\d+)"?$/;

/** An argument as quoted data. Without a value, what to do instead, which begins with a bracket. */
const valueOr = (args: Args, argument: string, otherwise: string): string => {
  const [, kept] = place.exec(args[argument] ?? "") ?? [];
  if (kept !== undefined) return `"${kept}" ${otherwise.replace("(", "(if that is empty: ")}`;
  const value = given(args, argument);
  return value === undefined ? otherwise : quoted(value);
};

type Step = { tool: string; text: string; isLeftOut?: boolean };

type Setting = { offers(tool: string): boolean; isProjectFixed: boolean };

/** What to say of the project where the operator has fixed it. */
const fixedProject = (args: Args): string => {
  const project = given(args, "project");
  const check =
    project === undefined ? "" : `: if that is not ${quoted(project)}, stop and tell me`;
  return ` This server is fixed to one project${check}.`;
};

const stepsFor = (args: Args, { offers, isProjectFixed }: Setting): Step[] => {
  const project = `project ${valueOr(args, "project", "(ask me for a name)")}`;
  const cluster = `cluster ${valueOr(args, "cluster", "(ask me for a name)")}`;
  return [
    {
      tool: "get_account",
      text: `see the backend, the organizations, the prices and what the operator allows. Tell me whether this is the sandbox or live Atlas.${isProjectFixed ? fixedProject(args) : ""}`,
    },
    {
      tool: "create_project",
      text: `${project}, with ifExists "return". If I want it for a while only, with sweepAfter; its clusters take the same end.`,
    },
    {
      tool: "list_projects",
      text: `find ${project}.`,
      isLeftOut: isProjectFixed || offers("create_project"),
    },
    {
      tool: "create_flex_cluster",
      text: `${cluster}, region ${valueOr(args, "region", "(ask me where)")}, with ifExists "return" and waitSeconds 40. On live Atlas tell me the price first. If another cluster has the name, show me how it differs and ask me what to do.`,
    },
    {
      tool: "get_flex_cluster",
      text: `${offers("create_flex_cluster") ? "" : `${cluster}, `}with waitSeconds 40, until ready is true.`,
    },
    {
      tool: "create_database_user",
      text: 'a user for the application, with ifExists "return". Its password is in the file that credentialsFile names: tell me the path, never ask for or print the password.',
    },
    {
      tool: "create_access_list_entry",
      text: `IP address ${valueOr(args, "ipAddress", "(ask me; do not guess it)")}, with ifExists "return".`,
    },
    {
      tool: "check_connection",
      text: "with the user, from this machine. If it does not connect, tell me why and what helps.",
    },
    { tool: "get_project", text: "show me what is there now, and the connection string." },
  ];
};

/** The steps whose tools are on. */
const stepsOf = (args: Args, tools: readonly Tool[], isProjectFixed: boolean): Step[] => {
  const offers = (wanted: string) => tools.some((tool) => tool.name === wanted);
  return stepsFor(args, { offers, isProjectFixed }).filter(
    ({ tool, isLeftOut }) => offers(tool) && isLeftOut !== true,
  );
};

/** Whether any step of the prompt is left; without one there is no prompt. */
export const hasSteps = (tools: readonly Tool[], isProjectFixed: boolean): boolean =>
  stepsOf({}, tools, isProjectFixed).length > 0;

/** Which project, where no step says so. */
const projectNote = (args: Args, steps: readonly Step[], isProjectFixed: boolean): string[] => {
  const isSaid = steps.some(({ tool }) => tool === "create_project" || tool === "list_projects");
  if (isProjectFixed || isSaid) return [];
  return [`The project is ${valueOr(args, "project", "(ask me which)")}; ask me for its id.`];
};

/** What can be done with it later, and what cannot. */
const changeNote = (tools: readonly Tool[]): string[] =>
  tools.some(({ access }) => access === "update")
    ? [
        "Later you can change names of projects, tags, termination protection, users and ends, if I ask for it; never the provider, the region or the size of a cluster.",
      ]
    : [];

/** The prompt with its arguments filled in, without the steps whose tool is off. Throws `-32602` for another name, or if no step is left. */
export const promptFor = (
  asked: string,
  args: Args,
  tools: readonly Tool[],
  isProjectFixed: boolean,
): GetPromptResult => {
  if (asked !== name)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Prompt ${JSON.stringify(asked.slice(0, 100))} is unknown; there is ${name}.`,
    );
  const steps = stepsOf(args, tools, isProjectFixed);
  if (steps.length === 0)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Prompt "${name}" is switched off: the tools of its steps are.`,
    );
  const text = [
    "Take me from nothing to a MongoDB Atlas connection string, step by step:",
    ...steps.map(({ tool, text }, index) => `${index + 1}. ${tool}: ${text}`),
    ...projectNote(args, steps, isProjectFixed),
    ...changeNote(tools),
    "After each step, say in one line what is true now. When a result has nextActions, use those calls instead of inventing arguments. When an outcome is unknown, repeat the same call. Stop and ask me when something is missing or needs my agreement.",
  ].join("\n");
  return { messages: [{ role: "user", content: { type: "text", text } }] };
};
