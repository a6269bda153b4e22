/** What the tools that update have in common. */
import type * as z from "zod/v4";
import type { Failure } from "../common/failure.ts";
import type { Timing } from "../operations/context.ts";
import { isAsAsked, readForUpdate } from "../operations/update.ts";
import { changedSincePlan } from "../operations/update-failures.ts";
import type { UpdateResult, UpdateSpec } from "../operations/update-spec.ts";
import type { Risk } from "./define.ts";
import type { Body } from "./result.ts";

/** Refuses arguments that ask for no change; `names` are those that do. */
export const someOf =
  (names: readonly string[]) =>
  (input: Record<string, unknown>, context: z.core.$RefinementCtx): void => {
    if (names.some((name) => input[name] !== undefined)) return;
    context.addIssue({ code: "custom", message: `need at least one of ${names.join(", ")}` });
  };

/** The resource that an update would change, with whether anything is left to do, and what is risky about it. */
export const planUpdate = async <T>(
  spec: UpdateSpec<T>,
  risksOf: (resource: T) => Risk[],
  timing: Timing,
): Promise<{ resource: T; isDone: boolean; risks: Risk[] }> => {
  const resource = await readForUpdate(spec, timing);
  return { resource, isDone: isAsAsked(spec, resource), risks: risksOf(resource) };
};

/** The update that was planned: it is refused if the resource has got a risk since that nobody has agreed to. */
export const asPlanned = <T>(
  spec: UpdateSpec<T>,
  id: string | undefined,
  risksOf: (resource: T) => Risk[],
  planned: readonly Risk[],
): UpdateSpec<T> => ({
  ...spec,
  id,
  refusal: (resource): Failure | undefined => {
    const known = planned.map(({ says }) => says);
    const risk = risksOf(resource).find(({ says }) => !known.includes(says));
    return risk && changedSincePlan(spec.noun, spec.lookUp, risk.says);
  },
});

/** The members that the body about an update has, besides the resource. */
export const updateBody = <T>({
  differences,
  reconciled,
}: UpdateResult<T>): Pick<Body, "differences" | "reconciled"> => ({
  ...(differences.length === 0 ? {} : { differences }),
  ...(reconciled ? { reconciled } : {}),
});
