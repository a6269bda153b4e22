/** Which tools the operator has chosen with `--tools`: by their names, or by groups. */
import { nearest } from "../common/spelling.ts";
import { ConfigError, type ToolChoice } from "../config/config.ts";
import type { Setup, Tool } from "../tools/define.ts";

/** The accesses of tools, and what one needs to reach a cluster that exists. */
const groups = ["read", "create", "update", "delete", "connect"];

const namesOf = ({ name, access, groups: others = [] }: Tool): string[] => [
  name,
  access,
  ...others,
];

/** Whether a tool is among those chosen. Without a choice, all are. */
export const isChosen = (tool: Tool, choice: ToolChoice | undefined): boolean =>
  choice === undefined || namesOf(tool).some((name) => choice.names.includes(name));

const longest = 60;

/** Refuses a name that is neither a tool nor a group. Throws `ConfigError`. */
export const checkToolChoice = (choice: ToolChoice | undefined, tools: readonly Tool[]): void => {
  if (choice === undefined) return;
  const known = [...groups, ...tools.map(({ name }) => name)];
  const unknown = choice.names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown.slice(0, longest), known);
  const shown = JSON.stringify(unknown.slice(0, longest));
  throw new ConfigError(
    `${choice.from}: ${shown} is neither a tool nor one of the groups ${groups.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
};

/** Refuses a choice of which other settings leave nothing: a host would show a server that can do nothing. Throws `ConfigError`. */
export const checkOffered = (
  choice: ToolChoice | undefined,
  tools: readonly Tool[],
  { switchedOff }: Pick<Setup, "switchedOff">,
): void => {
  if (choice === undefined || switchedOff.length < tools.length) return;
  const chosen = tools.filter((tool) => isChosen(tool, choice)).map(({ name }) => name);
  const off = switchedOff.filter(({ tool }) => chosen.includes(tool));
  const reasons = [...new Set(off.map(({ reason }) => reason))];
  throw new ConfigError(
    `${choice.from} leaves no tool: ${reasons.join("; ") || `there is none in ${choice.names.join(", ")}`}`,
  );
};
