/** What the answer to a delete claims, held against what the sandbox holds. Written from docs/architecture.md#lost-answers, as `model.ts` is. */
import { isAccepted, isUnclear, type Resource } from "./model.ts";
import type { Answer, Exchanged } from "./provision.ts";

/** One delete with its answer, and all that is needed to judge it. */
export type ToldDelete = {
  args: Record<string, any>;
  answer: Answer;
  /** What the delete is about: its id, undefined where nothing of the kind is known. */
  id: unknown;
  before: Resource[];
  after: Resource[];
  /** Deletes of it that this call, or others at the same time, have sent. */
  sent: Exchanged[];
  /** Others at the same time were about the same name. */
  alone: boolean;
  blind: boolean;
  late: boolean;
};

const holds = (resources: Resource[], id: unknown): boolean =>
  resources.some((one) => one.id === id);

const judgeSuccess = ({ args, answer, id, before, after, sent, alone, blind }: ToldDelete) => {
  const { outcome, reconciled } = answer;
  const problems: string[] = [];
  const wasThere = holds(before, id);
  if (args.dryRun && outcome === "deleted") problems.push("deleted in a dry run");
  if (outcome === "would_delete") {
    if (args.dryRun !== true) problems.push("would delete, but was asked to");
    if (alone && !wasThere) problems.push("would delete what is not there");
    return problems;
  }
  // A look that misses what was made a moment ago is believed, as it is by a create.
  if (holds(after, id) && !(outcome === "absent" && blind)) problems.push(`${outcome}, but there`);
  if (!["deleted", "absent"].includes(outcome)) problems.push(`${outcome} is no outcome here`);
  if (!alone) return problems;
  if (outcome === "deleted" && !wasThere) problems.push("deleted, but was not there");
  if (outcome === "absent" && wasThere && !blind) problems.push("absent, but was there");
  if (outcome === "absent" && sent.some(isAccepted)) problems.push("absent, but it was deleted");
  if (outcome === "deleted" && !reconciled && !sent.some(isAccepted))
    problems.push("deleted, but no delete was accepted");
  if (reconciled && !sent.some((one) => isUnclear(one, false)))
    problems.push("reconciled, but nothing was unclear");
  return problems;
};

const judgeFailure = ({ args, answer, id, before, after, sent, alone, late }: ToldDelete) => {
  const { code, outcome, message, nextActions } = answer.error;
  if (code === "internal") return [`internal: ${message}`];
  if (outcome === "not_deleted")
    return alone && !late && holds(before, id) && !holds(after, id)
      ? ["not deleted, but it is gone"]
      : [];
  if (outcome !== "unknown") return [`${outcome} is no outcome of a delete`];
  const problems: string[] = [];
  // Accepted, and still there: that it will go is not known either.
  const isOpen = sent.some((one) => isUnclear(one, false) || isAccepted(one));
  if (!isOpen) problems.push("unknown, but every delete was refused");
  const repeats = nextActions.some(
    (one: { arguments: Record<string, unknown> }) => one.arguments.name === args.name,
  );
  if (!repeats) problems.push("unknown, without what to do about it");
  return problems;
};

/** What is not true in the answer to a delete; empty where all of it is. */
export const liesOfDelete = (told: ToldDelete): string[] => {
  const { args, answer, sent, alone } = told;
  const problems = answer.status === "ok" ? judgeSuccess(told) : judgeFailure(told);
  if (!alone) return problems;
  // Once, once more where that was lost, and once more where Atlas has not acted on it.
  const heavy = sent.filter((one) => isAccepted(one) || isUnclear(one, false));
  if (heavy.length > 3) problems.push(`${heavy.length} deletes`);
  if (args.dryRun && sent.length > 0) problems.push("deleted in a dry run");
  return problems;
};
