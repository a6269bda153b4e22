/** The report of a sweep for a person: a line for each resource, at 80 columns, with times in UTC. */
import { visible } from "../../common/visible.ts";
import type { Judged } from "../../operations/sweep-verdicts.ts";
import { count } from "../count.ts";
import { hang } from "../wrap.ts";
import type { Report } from "./report.ts";

type Named = Pick<Judged, "kind" | "name" | "groupId" | "projectName" | "sweepAfter">;

const kinds = { project: "project", flexCluster: "cluster" } as const;

const nameOf = ({ kind, name, groupId, projectName }: Named): string => {
  const own = name || groupId;
  return visible(kind === "flexCluster" ? `${projectName || groupId}/${own}` : own);
};

const marks = 14;

/** One resource: what became of it, the date of its lease, its kind and its name, and why it stays. */
export const rowOf = (mark: string, named: Named, reason: string | undefined, width: number) => {
  const { kind, sweepAfter = "-" } = named;
  const row = hang(
    `${mark.padEnd(marks)}${sweepAfter.padEnd(22)}${kinds[kind].padEnd(9)}`,
    nameOf(named),
    width,
  );
  if (reason === undefined) return row;
  return `${row}\n${hang(" ".repeat(marks), visible(reason), width)}`;
};

const mostLater = 10;

const summaryOf = ({ now, apply, deleted, wouldDelete, left, later, error }: Report): string[] => {
  if (error !== undefined) return [error.message];
  const [next] = later;
  const absent = deleted.filter(({ outcome }) => outcome === "absent").length;
  const counts = [
    ...(apply ? [`${deleted.length - absent} deleted`] : [`${wouldDelete.length} to delete`]),
    ...(absent > 0 ? [`${absent} ${absent === 1 ? "was" : "were"} gone`] : []),
    `${left.length} left`,
    next === undefined ? "none later" : `${later.length} later (next ${next.sweepAfter})`,
  ];
  return [`${now}: ${counts.join(", ")}.`];
};

const endOf = ({ exitCode, apply, wouldDelete }: Report): string[] => {
  if (exitCode === 0) return ["Nothing that is over remains."];
  if (exitCode !== 3) return [];
  return !apply && wouldDelete.length > 0
    ? ["Nothing was deleted; --apply deletes."]
    : ["Something that is over remains, or may; see above."];
};

/** The report as text. */
export const textOf = (report: Report, width: number): string => {
  const { deleted, wouldDelete, left, later, stopped, note } = report;
  const rows = [
    ...deleted.map((one) =>
      rowOf(one.outcome === "absent" ? "was gone" : "deleted", one, undefined, width),
    ),
    ...wouldDelete.map((one) => rowOf("would delete", one, undefined, width)),
    ...left.map((one) => rowOf("left", one, one.reason, width)),
    ...later.slice(0, mostLater).map((one) => rowOf("later", one, undefined, width)),
    ...(later.length > mostLater
      ? [`and ${count(later.length - mostLater, "resource")} later`]
      : []),
  ];
  const sentences = [
    ...(stopped ? ["Stopped by a signal."] : []),
    ...summaryOf(report),
    ...endOf(report),
    ...(note === undefined ? [] : [note]),
  ].map((sentence) => hang("", visible(sentence), width));
  return `${[...rows, ...(rows.length > 0 ? [""] : []), ...sentences].join("\n")}\n`;
};
