/** The one way from a call to an answer: parse, read or pass the gate, envelope. Tools never see a failure of their own. */
import type { AtlasClient } from "../atlas/client.ts";
import type { Advice } from "../atlas/codes.ts";
import { type Clock, startDeadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure, invalidInput } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { Ask, Pending } from "../consent/consent.ts";
import type { OperationContext, Scope } from "../operations/context.ts";
import type { Caller } from "../policy/caller.ts";
import type { Rules } from "../policy/rules.ts";
import type { Standing, Tool, ToolContext } from "../tools/define.ts";
import { inputSchemaOf } from "../tools/schema/host-schema.ts";
import { normalizeArguments, problemsOf } from "../tools/schema/problems.ts";
import type { Gate, Passed } from "./change.ts";
import { type Answer, createEnvelope } from "./result.ts";
import { boundsOf, createScopeGuard } from "./scope.ts";

/** What a call brings along from its transport. */
type Call = {
  principal: Caller;
  /** How the host's user is asked; undefined where the host cannot. */
  ask: Ask | undefined;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): Promise<void>;
};

export type RunnerOptions = {
  /** All tools; what a caller has of them is what its standing does not switch off. */
  tools: readonly Tool[];
  atlas: AtlasClient;
  flights: OperationContext["flights"];
  clock: Clock;
  log: Log;
  scope: Scope;
  /** The operator's policy. */
  rules: Rules;
  gate: Gate;
  standingFor(principal: Caller): Standing;
  deadlineMs: number;
  credentialFiles?: ToolContext["credentialFiles"];
  /** Told of every call once it is answered. */
  onCall?(call: Called): void;
};

/** A call that is over: who made it, how it went, and in how many milliseconds. */
export type Called = { tool: string; principal: string; answer: Answer; ms: number };

export type Runner = {
  /** The tools that are switched on for a principal, in order. */
  offered(principal: Caller): readonly Tool[];
  scope: Scope;
  /** The answer, or the question that has to be answered first. */
  run(tool: Tool, args: unknown, call: Call): Promise<Result>;
  /** How many calls are under way. */
  underWay(): number;
  /** Resolves when none is. */
  idle(): Promise<void>;
};

type Args = Record<string, unknown>;

type Result = { answer: Answer } | { pending: Pending };

/** How a call ended, for the log. */
const endOf = (result: Result): { status: string; outcome?: unknown } => {
  if ("pending" in result) return { status: "asking" };
  const { status, outcome, error } = result.answer;
  return { status, outcome: outcome ?? (error as { outcome?: unknown } | undefined)?.outcome };
};

// Where ids come from: the advice for one that is missing or malformed.
const sources: Readonly<Record<string, Advice>> = { orgId: "see_account", groupId: "find_project" };

export const createRunner = (options: RunnerOptions): Runner => {
  const { scope, gate } = options;
  const guard = createScopeGuard(scope, options.atlas);

  const dispatch = async (
    tool: Tool,
    args: Args,
    context: ToolContext,
    call: Call,
  ): Promise<Passed> => {
    const filled = guard.fill(tool, args);
    const prepared = tool.prepare(filled);
    if ("issues" in prepared) {
      const fields = problemsOf(prepared.issues, filled, inputSchemaOf(tool));
      const hints = fields.flatMap(({ path }) =>
        sources[path] === undefined ? [] : [{ advice: sources[path] }],
      );
      throw new AtlasToolError(invalidInput(fields, hints));
    }
    const checkBounds = () => guard.check(tool, args, context.bounds, context.deadline);
    if ("run" in prepared) {
      await checkBounds();
      return { body: await prepared.run(context) };
    }
    const { principal, ask, signal } = call;
    const passage = { prepared, args: filled, principal, ask, caller: signal, checkBounds };
    return gate.pass(passage, context);
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

  const offeredIn = ({ switchedOff }: Standing): readonly Tool[] => {
    const off = new Set(switchedOff.map((one) => one.tool));
    return options.tools.filter((tool) => !off.has(tool.name));
  };

  const run = async (tool: Tool, raw: unknown, call: Call): Promise<Result> => {
    const { atlas, clock, flights, standingFor } = options;
    const { principal } = call;
    const startedAt = clock.now();
    const deadline = startDeadline(options.deadlineMs, call.signal, clock);
    const progress: OperationContext["progress"] = (done, total, message) =>
      call.progress(done, total, message).catch(() => {});
    const regularized = normalizeArguments(raw ?? {}, inputSchemaOf(tool));
    const args: Args =
      typeof regularized === "object" && regularized !== null ? { ...regularized } : {};
    const standing = standingFor(principal);
    const envelope = createEnvelope({
      tool,
      args,
      offered: offeredIn(standing),
      guard,
      backend: standing.backend,
    });
    const context: ToolContext = {
      atlas,
      clock,
      deadline,
      flights,
      scope,
      bounds: boundsOf(scope, [options.rules, principal.rules]),
      standing,
      credentialFiles: options.credentialFiles,
      progress,
    };
    const result = await dispatch(tool, args, context, call)
      .then((passed): Result => {
        if ("pending" in passed) return passed;
        if ("needed" in passed) return { answer: envelope.needed(passed.needed) };
        return { answer: envelope.success(passed.body) };
      })
      .catch((error: unknown): Result => {
        return { answer: envelope.failed(failureOf(error, tool)) };
      })
      .finally(deadline.clear);
    // A call whose caller is gone is answered to nobody: the log is where its truth is kept.
    const level = call.signal.aborted && tool.access !== "read" ? "warn" : "info";
    const ms = clock.now() - startedAt;
    options.log[level](
      {
        tool: tool.name,
        principal: principal.id,
        ...endOf(result),
        ms,
        cancelled: call.signal.aborted,
      },
      "call",
    );
    if ("answer" in result)
      options.onCall?.({ tool: tool.name, principal: principal.id, answer: result.answer, ms });
    return result;
  };

  const running = new Set<Promise<Result>>();

  return {
    offered: (principal) => offeredIn(options.standingFor(principal)),
    scope,
    run: (tool, args, call) => {
      const result = run(tool, args, call).finally(() => running.delete(result));
      running.add(result);
      return result;
    },
    underWay: () => running.size,
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};
