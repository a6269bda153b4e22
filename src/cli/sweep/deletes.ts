/** Deletes what is due, a bounded number at once, each as one audited change of the operator. */
import type { CallerRunner } from "../../calls/run.ts";
import { isRecord } from "../../common/json.ts";
import { sideBySide } from "../../common/side-by-side.ts";
import type { Judged } from "../../operations/sweep-verdicts.ts";
import { sweptFlexCluster, sweptProject } from "../../tools/swept.ts";

/**
 * How one delete ended: `deleting` if Atlas has accepted it, `deleted` or `absent` if looks have shown that it is gone,
 * `not_found` if one answer alone has said so. `mayHave`: it has failed, and may have been done all the same.
 */
export type Ended =
  | { outcome: "deleted" | "deleting" | "absent" | "not_found" }
  | { failed: string; mayHave: boolean; mayPass: boolean; retryAfterSeconds: number };

const atOnce = 8;

const failedWith = (error: unknown): Ended => {
  const { code, message, outcome, retry, retryAfterSeconds } = isRecord(error) ? error : {};
  // Its project is not there. That is one answer, so the next looks decide.
  if (code === "not_found") return { outcome: "not_found" };
  return {
    failed: typeof message === "string" ? message : "It failed.",
    mayHave: outcome === "unknown",
    mayPass: retry === "same_arguments" || retry === "after_delay",
    retryAfterSeconds: typeof retryAfterSeconds === "number" ? retryAfterSeconds : 0,
  };
};

const endedWith = (outcome: unknown): Ended =>
  outcome === "deleted" || outcome === "absent" ? { outcome } : { outcome: "deleting" };

/** Whether the signal has cut a call off before it has sent anything: no answer of Atlas ended it. */
const isCutOff = (error: unknown, signal: AbortSignal): boolean => {
  const { code, outcome, atlas } = isRecord(error) ? error : {};
  return (
    signal.aborted && code === "unavailable" && outcome === "not_deleted" && atlas === undefined
  );
};

/** Undefined if the signal has cut it off before anything was sent. */
const deleteOne = async (
  caller: CallerRunner,
  { kind, groupId, name, id }: Judged,
  signal: AbortSignal,
): Promise<Ended | undefined> => {
  const tool = kind === "project" ? sweptProject : sweptFlexCluster;
  const call = { canElicit: false, showsCard: false, signal, progress: async () => {} };
  const end = await caller.run(tool, { groupId, name, id }, call);
  // Nobody is asked: the container of this command was told so.
  if ("question" in end) return failedWith(undefined);
  const { status, outcome, error } = end.result;
  if (isCutOff(error, signal)) return undefined;
  return status === "ok" ? endedWith(outcome) : failedWith(error);
};

/** Deletes each and reports how it ended. Begins none once the signal has aborted, and reports none that it has cut off. */
export const deleteAll = async (
  caller: CallerRunner,
  due: readonly Judged[],
  signal: AbortSignal,
  onEnd: (judged: Judged, ended: Ended) => void | Promise<void>,
): Promise<void> => {
  await sideBySide(due, atOnce, async (judged) => {
    if (signal.aborted) return;
    const ended = await deleteOne(caller, judged, signal);
    if (ended !== undefined) await onEnd(judged, ended);
  });
};
