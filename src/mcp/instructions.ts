/** How the tools fit together, for the model. Hosts cut it at 2 KB. Says nothing of what is off. */
import type { Tool } from "../tools/define.ts";
import { outcomes } from "../tools/result.ts";

/** A part of a sentence, and the tool without which it says nothing. */
type Part = readonly [tool: string, text: string];

const created: readonly Part[] = [
  ["create_project", "projects"],
  ["create_flex_cluster", "flex clusters"],
];

const changed: readonly Part[] = [
  ["update_project", "name and tags of projects"],
  ["update_flex_cluster", "tags and termination protection of clusters"],
  ["update_database_user", "roles, password and end of database users"],
];

/** The tools that take tags and a lease. */
const leased = ["create_project", "create_flex_cluster", "update_project", "update_flex_cluster"];

const order: readonly Part[] = [
  ["get_account", "get_account (organization ids, projects, prices)"],
  ["create_project", "create_project"],
  ["create_flex_cluster", "create_flex_cluster with waitSeconds"],
  ["get_flex_cluster", 'get_flex_cluster until "ready" is true'],
  ["check_connection", "check_connection"],
];

/** What the model is told of these tools. */
export const instructionsFor = (tools: readonly Tool[]): string => {
  const offers = (name: string) => tools.some((tool) => tool.name === name);
  const offered = (parts: readonly Part[]) =>
    parts.flatMap(([tool, text]) => (offers(tool) ? [text] : []));
  const when = (isTrue: boolean, text: string) => (isTrue ? [text] : []);
  const accesses = new Set(tools.map(({ access }) => access));
  const hasChanges = tools.some(({ access }) => access !== "read");
  const makes = offered(created);
  const updates = offered(changed);
  const steps = offered(order);
  const shown = [...accesses].flatMap((access) => outcomes[access]);
  const paragraphs = [
    [
      makes.length > 0
        ? `Creates${updates.length > 0 ? ", changes" : ""}${accesses.has("delete") ? " and deletes" : ""} MongoDB Atlas ${makes.join(" and ")}`
        : "Works with MongoDB Atlas",
      "and tells the truth about what happened.",
    ],
    [
      ...when(steps.length > 1, `Order: ${steps.join(" -> ")}.`),
      ...when(
        offers("create_ephemeral_cluster"),
        "create_ephemeral_cluster makes a free cluster that needs no account, works for 2 days and is deleted after 7 unless a person claims it; the backend in its result says whether it is real.",
      ),
      ...when(
        offers("create_flex_cluster") || offers("get_flex_cluster"),
        'cluster.connectionStrings has the addresses; "missing" names what a connection still needs: a database user, an IP access list entry.',
      ),
    ],
    [
      `Results: status "ok" has an outcome (${shown.join(", ")}).`,
      ...when(
        hasChanges,
        '"needs_confirmation" did nothing yet: show its message to the user and, only if they agree, repeat the call with its confirmation.',
      ),
      '"error" has error.code, error.outcome (what is true in Atlas now), error.retry (never, same_arguments, after_delay with retryAfterSeconds, after_fix) and error.nextActions: calls that are ready to make.',
    ],
    [
      ...when(
        accesses.has("create"),
        'A create never makes two: after a time-out or an unknown outcome repeat the same call with ifExists "return" instead of inventing another name. A create changes nothing that exists: it reports the differences.',
      ),
      ...when(hasChanges, "dryRun shows the request and sends nothing."),
    ],
    [
      ...when(updates.length > 0, `Changes: ${updates.join("; ")}.`),
      ...when(
        leased.some(offers),
        "tags is always the whole list. sweepAfter says when the operator's sweep command may delete a project or cluster; Atlas itself does not.",
      ),
    ],
    [
      'backend "sandbox" is a local imitation: nothing is real or billed.',
      offers("create_flex_cluster")
        ? 'backend "atlas" is live: flex clusters cost money, so create only what the user asked for.'
        : 'backend "atlas" is live.',
    ],
    [
      `Not offered: ${offers("create_ephemeral_cluster") ? "other " : ""}free (M0) and dedicated clusters, upgrades, another region, pausing, resizing or renaming clusters. Never ask for keys, passwords or tokens; the operator configures credentials.`,
    ],
  ];
  return paragraphs
    .filter((sentences) => sentences.length > 0)
    .map((sentences) => sentences.join(" "))
    .join("\n\n");
};
