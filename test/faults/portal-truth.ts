/** What an answer claims that is not so in Atlas. */
import { isDeepStrictEqual } from "node:util";
import type { Resource } from "../support/imitation.ts";
import type { Place, PortalCall } from "./portal-calls.ts";
import type { Answer } from "./provision.ts";

type Shown = Record<string, any>;

const kinds = {
  project: "project",
  projects: "project",
  cluster: "cluster",
  clusters: "cluster",
  databaseUser: "user",
  databaseUsers: "user",
  accessListEntry: "entry",
  accessListEntries: "entry",
} as const;

/** Whether what an answer shows is this resource. */
const isSame = ({ id, kind, name }: Resource, shown: Shown): boolean => {
  if (kind === "user") return shown.username === name;
  if (kind === "entry") return shown.cidrBlock === name;
  // A short row has no id.
  return (shown.id === id || shown.projectName !== undefined) && shown.name === name;
};

/** What is wrong with the calls that a failure offers: a repeat where that may help, never the same call where it does not. */
const wrongAdvice = (tool: string, asked: Shown, { error }: Answer): string[] => {
  const { retry, nextActions } = error;
  const mayPass = retry === "same_arguments" || retry === "after_delay";
  const safe = tool.startsWith("create_") ? { ...asked, ifExists: "return" } : asked;
  const isOffered = (call: Shown) =>
    nextActions.some((one: Shown) => one.tool === tool && isDeepStrictEqual(one.arguments, call));
  if (mayPass) return isOffered(safe) ? [] : [`${retry}, and no safe repeat is offered`];
  return isOffered(asked) ? [`${retry}, and the same call is offered`] : [];
};

/** All that is not so of one answer; `client` is who was asked. */
export const liesOf = (
  { tool, args }: PortalCall,
  place: Place,
  client: string,
  answer: Answer,
): string[] => {
  const { atlas, orgId, groupId } = place;
  const lies: string[] = [];
  const claim = (isTrue: boolean, what: string) => isTrue || lies.push(what);
  const projects = atlas.there("project", orgId);
  const there = {
    project: projects,
    cluster: atlas.there("cluster", groupId),
    user: atlas.there("user", groupId),
    entry: atlas.there("entry", groupId),
  };
  const all = Object.values(there).flat();
  const own = atlas.done.filter((one) => one.client === client);
  const made = own.flatMap((one) => one.made ?? []);
  const removed = own.flatMap((one) => one.removed ?? []);
  const isThere = (id: string) => all.some((one) => one.id === id);
  const target =
    tool === "delete_project" || tool === "get_project"
      ? projects.find(({ id }) => id === groupId)
      : there.cluster.find(({ name }) => name === args(place).name);
  const { undone, leftOver } = answer.error ?? answer;
  if (undone) claim(!isThere(undone.id), "what was undone is there");
  if (leftOver) claim(isThere(leftOver.id), "what was left over is not there");

  if (answer.status !== "ok") {
    const { code, outcome, existing } = answer.error;
    lies.push(...wrongAdvice(tool, args(place), answer));
    const isUnclear = ["unavailable", "outcome_unknown"].includes(code);
    if (outcome === "not_created") claim(!made.some(isThere), "not_created, and it was");
    else if (outcome === "not_deleted") claim(removed.length === 0, "not_deleted, and it was");
    else if (outcome === "exists") {
      const shown: Shown[] = [existing ?? []].flat();
      claim(shown.length > 0, "exists, and nothing is shown");
      for (const one of shown)
        claim(
          all.some((it) => isSame(it, one)),
          "existing is not there",
        );
    } else if (outcome === "no_change") claim(made.length + removed.length === 0, "it changed");
    const isTrue =
      isUnclear ||
      (code === "name_conflict" && outcome === "exists") ||
      (code === "conflict" && outcome === "not_created" && undone !== undefined) ||
      (code === "conflict" && tool === "delete_project" && there.cluster.length > 0) ||
      (code === "not_found" && target === undefined) ||
      code === "unauthenticated";
    claim(isTrue, `the code is ${code}`);
    return lies;
  }

  const { outcome } = answer;
  for (const [member, kind] of Object.entries(kinds)) {
    const shown: Shown[] = [answer[member] ?? []].flat();
    const real = there[kind];
    for (const one of shown)
      claim(
        real.some((it) => isSame(it, one)),
        `${member} is not there`,
      );
    if (Array.isArray(answer[member]) && outcome === "found")
      claim(shown.length === real.length, `${shown.length} ${member} of ${real.length}`);
    const [it] = shown;
    if (outcome === "created" && it !== undefined)
      claim(
        real.some((one) => made.includes(one.id) && isSame(one, it)),
        "somebody else made it",
      );
    if (outcome === "existing" && it !== undefined)
      claim(
        real.some((one) => !made.includes(one.id) && isSame(one, it)),
        "it did not exist",
      );
  }
  if (answer.organizations !== undefined)
    claim(String(answer.organizations.map((one: Shown) => one.id)) === orgId, "organizations");
  if (answer.totalCount !== undefined)
    claim(
      answer.totalCount === there[tool === "list_flex_clusters" ? "cluster" : "project"].length,
      `totalCount is ${answer.totalCount}`,
    );
  if (outcome === "deleted" || outcome === "absent")
    claim(target === undefined, `${outcome}, and it is there`);
  return lies;
};
