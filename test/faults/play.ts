/** One step of a random run: its calls at once, and what is not true in their answers. */

import type { Harness } from "./harness.ts";
import { type Kind, liesOf, nameOf, type Resource, variantOf } from "./model.ts";
import { liesOfDelete } from "./model-deletes.ts";
import { liesOfFile, lostPasswords } from "./passwords.ts";
import type { Provision } from "./provision.ts";
import type { Call, Run } from "./sequences.ts";

/** One run under way: what there is, and the two processes that are asked. */
export type PlayState = {
  harness: Harness;
  run: Run;
  parent: { orgId: string } | { groupId: string };
  processes: Provision[];
  held: Resource[];
  /** Ids of all that has ever had a name. */
  known: Map<string, string[]>;
  /** Told of how each call has ended. */
  onEnd(end: string): void;
};

const creates: Record<Kind, string> = {
  project: "create_project",
  cluster: "create_flex_cluster",
  databaseUser: "create_database_user",
  accessListEntry: "create_access_list_entry",
};

const removes: Partial<Record<Kind, string>> = {
  project: "delete_project",
  cluster: "delete_flex_cluster",
};

const lists = {
  project: "projects",
  cluster: "clusters",
  databaseUser: "users",
  accessListEntry: "accessList",
} as const;

/** A name as the kind has it. */
const called = (kind: Kind, name: string): string =>
  kind === "accessListEntry" ? `203.0.113.${name.length}` : name;

const nameArgument = (kind: Kind, name: string): Record<string, string> => {
  if (kind === "databaseUser") return { username: name };
  return kind === "accessListEntry" ? { ipAddress: called(kind, name) } : { name };
};

type Asked = { tool: string; args: Record<string, any>; removes: boolean; name: string };

const neverMade = "f".repeat(24);

/** The tool that a call asks for, and its arguments. */
const asked = (
  { run: { kind, tagged }, parent, known }: PlayState,
  call: Call,
): Omit<Asked, "name"> => {
  const { name, variant, ifExists, dryRun, remove } = call;
  const dry = dryRun ? { dryRun } : {};
  const tool = remove === false ? undefined : removes[kind];
  if (tool === undefined) {
    const exists = ifExists === undefined ? {} : { ifExists };
    const named = { ...nameArgument(kind, name), ...parent };
    const args = { ...named, ...variantOf(kind, tagged, variant), ...exists, ...dry };
    return { tool: creates[kind], args, removes: false };
  }
  const ids = known.get(name) ?? [];
  const groupId = (remove === "first" ? ids[0] : ids.at(-1)) ?? neverMade;
  const of = kind === "project" ? { groupId } : parent;
  return { tool, args: { name, ...of, ...dry }, removes: true };
};

/** What has gone, though nobody has asked for that. */
const lostIn = (before: Resource[], after: Resource[], calls: Asked[]): string[] =>
  before
    .filter(({ id }) => id !== undefined && !after.some((one) => one.id === id))
    .filter(
      ({ id, name }) =>
        !calls.some(
          ({ args, removes, name: wanted }) =>
            removes &&
            !args.dryRun &&
            wanted === name &&
            (args.groupId === id || "groupId" in args),
        ),
    )
    .map(({ name, id }) => `${name} ${id} is gone, and nobody has deleted it`);

/** Plays the calls of one step at once and returns what is not true in their answers. */
export const play = async (playState: PlayState, calls: Call[]): Promise<string[]> => {
  const { harness, processes, held: before, known } = playState;
  const { kind } = playState.run;
  const sentBefore = processes.map(({ exchanged }) => exchanged.length);
  const told = await Promise.all(
    calls.map(async (call) => {
      const { process, cancelAfter } = call;
      const wanted = asked(playState, call);
      const signal = cancelAfter === undefined ? undefined : AbortSignal.timeout(cancelAfter);
      const answer = await processes[process]?.call(wanted.tool, wanted.args, signal && { signal });
      return { ...wanted, name: called(kind, call.name), answer: answer ?? {}, process };
    }),
  );
  const state = await harness.state();
  const after: Resource[] = state[lists[kind]].filter(({ name }) => name !== "home");
  playState.held = after;
  for (const { name, id } of after) {
    const ids = known.get(name) ?? [];
    if (id !== undefined && !ids.includes(id)) known.set(name, [...ids, id]);
  }
  const all = processes.flatMap(({ exchanged }) => exchanged);
  const blind =
    Object.keys(state.faultsFired).some((name) => name.startsWith("stale_reads")) ||
    all.some(
      ({ method, attempt }) =>
        method === "GET" &&
        !("response" in attempt && [200, 404].includes(attempt.response.status)),
    );
  const late = all.some(
    ({ method, attempt }) =>
      method !== "GET" && "error" in attempt && /Timeout|Abort/.test(attempt.error.code),
  );
  const lies = told.flatMap(({ args, answer, process, name, removes: deletes }, index) => {
    const named = (list: Resource[]) => list.filter((one) => nameOf[kind](one) === name);
    const sent = processes[process]?.exchanged.slice(sentBefore[process]) ?? [];
    const others = told.filter((_, other) => other !== index);
    const what = deletes ? "delete: " : "";
    const end = answer.error ? `${answer.error.code} ${answer.error.outcome}` : answer.outcome;
    const undone = (answer.undone ?? answer.error?.undone) ? ", undone" : "";
    playState.onEnd(`${what}${end}${undone}`);
    const common = { args, answer, before: named(before), after: named(after), blind, late };
    if (deletes)
      return liesOfDelete({
        ...common,
        id: kind === "project" ? args.groupId : named(before)[0]?.id,
        sent: sent.filter(
          ({ method, path }) =>
            method === "DELETE" &&
            path.split("?")[0]?.endsWith(`/${kind === "project" ? args.groupId : name}`),
        ),
        alone: !others.some((one) => one.name === name),
      });
    const isPost = (one: { method: string; name?: string }) =>
      one.method === "POST" && one.name === name;
    return [
      ...liesOf({
        ...common,
        kind,
        posts: sent.filter(isPost),
        beside: others.filter((one) => !one.removes),
        deletedBeside: others.some((one) => one.removes && one.name === name),
      }),
      ...(kind === "databaseUser" ? liesOfFile(answer, all.filter(isPost)) : []),
    ];
  });
  const lost = [...lostIn(before, after, told), ...lostPasswords(harness.passwords, all)];
  return [...lies, ...lost].map(
    (lie) =>
      `${lie}: ${JSON.stringify(told.map(({ tool, args, answer }) => [tool, args, answer]))}`,
  );
};
