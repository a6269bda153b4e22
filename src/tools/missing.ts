/** Tells what is missing to connect to a cluster, and which calls would add it. */
import type { Suggestion } from "../common/failure.ts";
import { type ConnectionPart, findMissing, type Missing } from "../operations/missing.ts";
import type { ToolContext } from "./define.ts";
import type { Body } from "./result.ts";

/** What helps where a part is missing: calls that are valid as they stand, or a sentence where only the user knows the arguments. */
type Help = { suggestions?: Suggestion[]; note?: string };

type About = {
  groupId: string;
  usernames: readonly string[];
  isRemote: boolean;
  offers(tool: string): boolean;
};

const proposed = ["app", "app-2", "app-3", "app-4", "app-5"];

const helpFor: Readonly<Record<ConnectionPart, (about: About) => Help>> = {
  database_user: ({ groupId, usernames }) => {
    const username = proposed.find((name) => !usernames.includes(name));
    if (username === undefined) return {};
    const why = `No database user reaches the cluster. The name ${username} is only a suggestion.`;
    return { suggestions: [{ suggest: "create_user", with: { groupId, username }, why }] };
  },
  // An address is never invented: it comes from the user, or from Atlas for this machine.
  access_list_entry: ({ groupId, offers, isRemote }) =>
    offers("create_access_list_entry")
      ? {
          note: "Ask the user which address or block may connect, then call create_access_list_entry.",
          suggestions: isRemote ? [] : [{ suggest: "allow_address", with: { groupId } }],
        }
      : {},
};

/** The members of a result that tell what is missing; none where it cannot be read. */
export const missingBody = async (
  context: ToolContext,
  groupId: string,
  cluster: string,
): Promise<Pick<Body, "missing" | "note" | "suggestions">> => {
  const missing: Missing | undefined = await findMissing(context, groupId, cluster);
  if (missing === undefined) return {};
  const { parts, usernames } = missing;
  const { isRemote } = context;
  const { switchedOff } = context.setup;
  const offers = (name: string) => !switchedOff.some(({ tool }) => tool === name);
  const help = parts.map((part) => helpFor[part]({ groupId, usernames, isRemote, offers }));
  const notes = help.flatMap(({ note = [] }) => note);
  return {
    missing: parts,
    ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
    suggestions:
      parts.length === 0
        ? [{ suggest: "check_connection", with: { groupId, name: cluster } }]
        : help.flatMap(({ suggestions = [] }) => suggestions),
  };
};
