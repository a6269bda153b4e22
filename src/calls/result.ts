/** What a call is answered with: one flat object, whose next actions are ready to make (design 4.4). */
import type { Failure, FailureOutcome, Hint } from "../common/failure.ts";
import type { Access, Body, Standing, Tool } from "../tools/define.ts";
import type { Passed } from "./change.ts";
import type { ScopeGuard } from "./scope.ts";

type Args = Record<string, unknown>;

type Needed = Extract<Passed, { needed: unknown }>["needed"];

type NextAction = { tool: string; arguments: Args; why: string };

/** An answer as structured content; its JSON is the text that goes with it. */
export type Answer = {
  status: "ok" | "error" | "needs_confirmation";
  backend: Standing["backend"];
} & Record<string, unknown>;

const untouched: Record<Access, FailureOutcome> = {
  read: "no_change",
  create: "not_created",
  delete: "not_deleted",
};

/** One call, as far as its answer depends on it. */
type Asked = {
  tool: Tool;
  args: Args;
  /** The tools that this caller has: nothing else is suggested. */
  offered: readonly Tool[];
  guard: ScopeGuard;
  backend: Standing["backend"];
};

export const createEnvelope = ({ tool, args, offered, guard, backend }: Asked) => {
  /** Turns a hint into a call: of the tool that gives the advice, or of the same tool with changes. Never one that would be refused as invalid. */
  const actionOf = (hint: Hint): NextAction[] => {
    // A confirmation is good for the very call that it came with.
    const { confirmation: _, ...plain } = args;
    const merged = { ...plain, ...hint.with };
    const adviser =
      hint.advice === "repeat" ? tool : offered.find((one) => one.helps[hint.advice] !== undefined);
    if (adviser === undefined) return [];
    const help =
      hint.advice === "repeat"
        ? { arguments: merged, why: "" }
        : adviser.helps[hint.advice]?.(merged);
    if (help === undefined) return [];
    const shown = guard.strip(adviser, help.arguments);
    if ("issues" in adviser.prepare(guard.fill(adviser, shown))) return [];
    return [{ tool: adviser.name, arguments: shown, why: hint.why ?? help.why }];
  };

  const actionsOf = (hints: readonly Hint[]): NextAction[] => hints.flatMap(actionOf);

  const success = ({ hints = [], ...body }: Body): Answer => {
    const nextActions = actionsOf(hints);
    return {
      status: "ok",
      backend,
      ...body,
      ...(nextActions.length === 0 ? {} : { nextActions }),
    };
  };

  const failed = ({ code, message, hints, outcome, ...rest }: Failure): Answer => ({
    status: "error",
    backend,
    error: {
      code,
      message,
      outcome: outcome ?? untouched[tool.access],
      ...rest,
      nextActions: actionsOf(hints),
    },
  });

  const needed = ({ quote, confirmation, message }: Needed): Answer => {
    const why = "Only after the user has agreed: does what the message says.";
    const nextActions = actionsOf([{ advice: "repeat", with: { confirmation }, why }]);
    return { status: "needs_confirmation", backend, quote, confirmation, message, nextActions };
  };

  return { success, failed, needed };
};
