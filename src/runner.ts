/** The one way from a call to an answer: parse, scope, plan, apply, envelope. Tools never see a failure of their own. */
import type { AtlasClient } from "./atlas/client.ts";
import { headersOf } from "./atlas/requests.ts";
import { type Clock, startDeadline } from "./deadline.ts";
import type { Advice } from "./error-table.ts";
import {
  AtlasToolError,
  type Failure,
  type FailureOutcome,
  failure,
  type Hint,
  invalidInput,
} from "./errors.ts";
import type { Principal } from "./guard/principal.ts";
import type { Log } from "./log.ts";
import type { Scope, Work } from "./operations/work.ts";
import { createScopeGuard } from "./scope.ts";
import type { Access, Body, Context, Standing, Tool } from "./tools/define.ts";
import { problemsOf, regular } from "./tools/parse.ts";
import { fullInput, type JsonSchema } from "./tools/portable.ts";

type NextAction = { tool: string; arguments: Record<string, unknown>; why: string };

/** An answer as structured content; its JSON is the text that goes with it. */
type Answer = { status: "ok" | "error"; backend: Standing["backend"] } & Record<string, unknown>;

/** What a call brings along from its transport. */
type Call = {
  principal: Principal;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): Promise<void>;
};

export type RunnerOptions = {
  tools: readonly Tool[];
  atlas: AtlasClient;
  flights: Work["flights"];
  clock: Clock;
  log: Log;
  scope: Scope;
  standing: Standing;
  deadlineMs: number;
  userAgent: string;
  /** Told of every call once it is answered. */
  onCall?(call: Called): void;
};

/** A call that is over: who made it, how it went, and in how many milliseconds. */
export type Called = { tool: string; principal: string; answer: Answer; ms: number };

export type Runner = {
  /** The tools that are switched on for a principal, in order. */
  offered(principal: Principal): readonly Tool[];
  scope: Scope;
  run(tool: Tool, args: unknown, call: Call): Promise<Answer>;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
};

type Args = Record<string, unknown>;

const untouched: Record<Access, FailureOutcome> = {
  read: "no_change",
  create: "not_created",
  delete: "not_deleted",
};

// Where ids come from: the advice for one that is missing or malformed.
const sources: Readonly<Record<string, Advice>> = { orgId: "see_account", groupId: "find_project" };

export const createRunner = (options: RunnerOptions): Runner => {
  const { tools, scope, standing } = options;
  const guard = createScopeGuard(scope, options.atlas);
  const schemas = new Map<string, JsonSchema>();
  const schemaOf = (tool: Tool): JsonSchema => {
    const known = schemas.get(tool.name) ?? fullInput(tool);
    schemas.set(tool.name, known);
    return known;
  };

  /** Turns a hint into a call: of the tool that gives the advice, or of the same tool with changes. Never one that would be refused as invalid. */
  const actionOf = (hint: Hint, tool: Tool, args: Args): NextAction[] => {
    const merged = { ...args, ...hint.with };
    const adviser =
      hint.advice === "repeat" ? tool : tools.find((one) => one.helps[hint.advice] !== undefined);
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

  const actionsOf = (hints: readonly Hint[], tool: Tool, args: Args): NextAction[] =>
    hints.flatMap((hint) => actionOf(hint, tool, args));

  const success = (tool: Tool, args: Args, { hints = [], ...body }: Body): Answer => {
    const nextActions = actionsOf(hints, tool, args);
    return {
      status: "ok",
      backend: standing.backend,
      ...body,
      ...(nextActions.length === 0 ? {} : { nextActions }),
    };
  };

  const errorAnswer = (
    tool: Tool,
    args: Args,
    { code, message, hints, outcome, ...rest }: Failure,
  ): Answer => ({
    status: "error",
    backend: standing.backend,
    error: {
      code,
      message,
      outcome: outcome ?? untouched[tool.access],
      ...rest,
      nextActions: actionsOf(hints, tool, args),
    },
  });

  const dispatch = async (tool: Tool, args: Args, context: Context): Promise<Body> => {
    const filled = guard.fill(tool, args);
    const prepared = tool.prepare(filled);
    if ("issues" in prepared) {
      const fields = problemsOf(prepared.issues, filled, schemaOf(tool));
      const hints = fields.flatMap(({ path }) =>
        sources[path] === undefined ? [] : [{ advice: sources[path] }],
      );
      throw new AtlasToolError(invalidInput(fields, hints));
    }
    await guard.checkHome(filled, context.deadline);
    if ("run" in prepared) return prepared.run(context);
    const plan = await prepared.plan(context);
    if ("settled" in plan) return plan.settled;
    if (!prepared.dryRun) return plan.apply(context);
    const { method, path, body } = plan.request;
    return {
      outcome: tool.access === "delete" ? "would_delete" : "would_create",
      request: {
        method,
        path,
        headers: { ...headersOf(plan.request), "user-agent": options.userAgent },
        ...(body === undefined ? {} : { body }),
      },
    };
  };

  const failureOf = (error: unknown, tool: Tool): Failure => {
    if (error instanceof AtlasToolError) return error.failure;
    options.log.error(
      {
        tool: tool.name,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
      "unexpected failure",
    );
    return failure(
      "internal",
      "This server failed in a way that it should not. Its log on stderr says more.",
      { retry: "never", ...(tool.access === "read" ? {} : { outcome: "unknown" }) },
    );
  };

  const run = async (tool: Tool, raw: unknown, call: Call): Promise<Answer> => {
    const startedAt = options.clock.now();
    const deadline = startDeadline(options.deadlineMs, call.signal, options.clock);
    const { atlas, clock, flights } = options;
    const progress: Work["progress"] = (done, total, message) =>
      call.progress(done, total, message).catch(() => {});
    const regularized = regular(raw ?? {}, schemaOf(tool));
    const args: Args =
      typeof regularized === "object" && regularized !== null ? { ...regularized } : {};
    const answer = await dispatch(tool, args, {
      atlas,
      clock,
      deadline,
      flights,
      scope,
      standing,
      progress,
    })
      .then((body) => success(tool, args, body))
      .catch((error: unknown) => errorAnswer(tool, args, failureOf(error, tool)))
      .finally(deadline.clear);
    const ms = options.clock.now() - startedAt;
    const outcome =
      answer.status === "ok" ? answer.outcome : (answer.error as { outcome?: unknown }).outcome;
    // A call whose caller is gone is answered to nobody: the log is where its truth is kept.
    const level = call.signal.aborted && tool.access !== "read" ? "warn" : "info";
    options.log[level](
      { tool: tool.name, status: answer.status, outcome, ms, cancelled: call.signal.aborted },
      "call",
    );
    options.onCall?.({ tool: tool.name, principal: call.principal.id, answer, ms });
    return answer;
  };

  const running = new Set<Promise<Answer>>();

  const offered = ({ readOnly, noDelete }: Principal): readonly Tool[] =>
    tools.filter(
      ({ access }) => !(readOnly && access !== "read") && !(noDelete && access === "delete"),
    );

  return {
    offered,
    scope,
    run: (tool, args, call) => {
      const answer = run(tool, args, call).finally(() => running.delete(answer));
      running.add(answer);
      return answer;
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};
