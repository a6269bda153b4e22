/** The report of a sweep: one object as `--json` prints it, its exit code, and its text. */
import { inSeconds } from "../../atlas/resources/lease.ts";
import { allVisible } from "../../common/visible.ts";
import type { Judged, ReasonCode } from "../../operations/sweep-verdicts.ts";
import { type Attempt, isGone } from "./attempts.ts";
import type { Ended } from "./deletes.ts";
import type { Swept } from "./passes.ts";

type Item = Pick<Judged, "kind" | "id" | "groupId" | "name" | "projectName" | "sweepAfter">;

/** What stays although it carries something of ours, and why. `over`: whether its lease is over. */
export type Left = Item & { over: boolean; code: ReasonCode; reason: string };

/** The object that `--json` prints; its members are documented in docs/sweep.md. */
export type Report = {
  /** Atlas's time by which it was decided; missing if nothing could be looked at. */
  now?: string;
  apply: boolean;
  backend?: string;
  deleted: (Item & { outcome: "deleted" | "absent" })[];
  wouldDelete: Item[];
  left: Left[];
  /** What has a lease that is not over, the next first. */
  later: Item[];
  stopped?: true;
  note?: string;
  error?: { code: string; message: string };
  exitCode: number;
};

const itemOf = ({ kind, id, groupId, name, projectName, sweepAfter }: Judged): Item => ({
  kind,
  id,
  groupId,
  name,
  ...(projectName === undefined ? {} : { projectName }),
  ...(sweepAfter === undefined ? {} : { sweepAfter }),
});

const leftBecause = (judged: Judged, code: ReasonCode, reason: string): Left => ({
  ...itemOf(judged),
  over: judged.over,
  code,
  reason,
});

/** Why something is left that nobody has seen since its delete. */
const notSeenSince = (judged: Judged, ended: Ended): Left =>
  "outcome" in ended && ended.outcome === "not_found"
    ? leftBecause(judged, "not_deleted", "Atlas has said once that it is not there.")
    : leftBecause(judged, "being_deleted", "Atlas has accepted the delete and is not done yet.");

/** Why something due is still there after a delete. */
const afterAttempt = (judged: Judged, { ended, count, isNew }: Attempt): Left => {
  if ("failed" in ended) return leftBecause(judged, "not_deleted", ended.failed);
  if (isNew) return notSeenSince(judged, ended);
  if (ended.outcome === "absent" || ended.outcome === "not_found")
    return leftBecause(judged, "not_deleted", "Atlas says that it is not there, and lists it.");
  const times = count === 1 ? "the delete" : `${count} deletes`;
  return leftBecause(judged, "not_deleted", `Atlas has accepted ${times} and has done nothing.`);
};

/** Why something that the last look has shown is not deleted; undefined if it would be. */
const leftOf = (
  judged: Judged,
  attempt: Attempt | undefined,
  { apply, stopped, failed }: { apply: boolean; stopped: boolean; failed: boolean },
): Left | undefined => {
  const isProject = judged.kind === "project";
  if (judged.verdict === "left") return leftBecause(judged, judged.code, judged.reason);
  if (attempt !== undefined && judged.verdict === "due") return afterAttempt(judged, attempt);
  if (!apply && (judged.verdict === "due" || (isProject && judged.verdict === "going")))
    return undefined;
  if (judged.verdict === "going") return leftBecause(judged, judged.code, judged.reason);
  const why = stopped ? "was stopped" : failed ? "failed" : "ended";
  return leftBecause(judged, "stopped", `The sweep ${why} before it came to this.`);
};

const byDate = (one: Item, other: Item): number =>
  (one.sweepAfter ?? "").localeCompare(other.sweepAfter ?? "");

const inOrder = <T extends Item>(items: readonly T[]): T[] =>
  items.toSorted((one, other) => byDate(one, other) || one.name.localeCompare(other.name));

const errorOf = ({ failed, stopped }: Swept): Report["error"] => {
  if (failed === undefined) return undefined;
  return stopped
    ? { code: "stopped", message: "The sweep was stopped before it had looked at everything." }
    : { code: failed.code, message: failed.message };
};

/** 0 if nothing that is over remains, 3 if something does, or may where a project cannot be read, 1 if a look failed. */
const exitCodeOf = ({ error, wouldDelete, left }: Omit<Report, "exitCode">): number => {
  if (error !== undefined) return 1;
  const remains = left.some(({ over, code }) => over || code === "not_readable");
  return remains || wouldDelete.length > 0 ? 3 : 0;
};

/** Whether what is gone went by this sweep. */
const goneBy = (ended: Ended): "deleted" | "absent" => {
  if ("failed" in ended) return ended.mayHave ? "deleted" : "absent";
  return ended.outcome === "absent" || ended.outcome === "not_found" ? "absent" : "deleted";
};

export const reportOf = (
  swept: Swept,
  { apply, backend, note }: { apply: boolean; backend: string; note: string | undefined },
): Report => {
  const { seen, attempts, stopped, failed } = swept;
  const gone = [...attempts.values()].filter(isGone);
  const goneIds = new Set(gone.map(({ judged }) => judged.id));
  const shown = (seen?.judged ?? []).filter(({ id }) => !goneIds.has(id));
  const shownIds = new Set(shown.map(({ id }) => id));
  const how = { apply, stopped, failed: failed !== undefined };
  const [wouldDelete, left, later]: [Item[], Left[], Item[]] = [[], [], []];
  for (const judged of shown) {
    if (judged.verdict === "later") later.push(itemOf(judged));
    else {
      const stays = leftOf(judged, attempts.get(judged.id), how);
      if (stays === undefined) wouldDelete.push(itemOf(judged));
      else left.push(stays);
    }
  }
  // Accepted, and not seen since: by one look alone, or because its project cannot be read now.
  for (const { judged, ended } of attempts.values())
    if ("outcome" in ended && !goneIds.has(judged.id) && !shownIds.has(judged.id))
      left.push(notSeenSince(judged, ended));
  const error = errorOf(swept);
  const report = {
    ...(seen === undefined ? {} : { now: inSeconds(seen.now) }),
    apply,
    backend,
    deleted: gone.map(({ judged, ended }) => ({ ...itemOf(judged), outcome: goneBy(ended) })),
    wouldDelete,
    left: inOrder(left),
    later: inOrder(later),
    ...(stopped ? { stopped: true as const } : {}),
    ...(note === undefined ? {} : { note }),
    ...(error === undefined ? {} : { error }),
  };
  return { ...report, exitCode: exitCodeOf(report) };
};

/** Names in it come from Atlas. */
export const jsonOf = (report: Report): string =>
  `${JSON.stringify(allVisible(report), null, 2)}\n`;

const nothingDone = { deleted: [], wouldDelete: [], left: [], later: [] };

/** The object where a sweep could not begin, or broke off with an error that is ours. */
export const jsonOfError = (apply: boolean, code: string, message: string, exitCode: number) =>
  jsonOf({ apply, ...nothingDone, error: { code, message }, exitCode });

/** The object where a setting is wrong. */
export const textOfMistake = (says: string, args: readonly string[]): string =>
  jsonOfError(
    args.some((word) => /^--apply(=true)?$/i.test(word)),
    "configuration",
    says,
    2,
  );
