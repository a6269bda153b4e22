/** Runs a call: parse the arguments, read or change, build the result. Tools throw failures; this file handles them. */
import type { AtlasClient } from "../atlas/client.ts";
import { startDeadline } from "../common/deadline.ts";
import {
  AtlasToolError,
  type Failure,
  failure,
  invalidInput,
  raise,
  type SuggestionKind,
} from "../common/failure.ts";
import { isRecord } from "../common/json.ts";
import type { Log } from "../common/log.ts";
import type { PendingQuestion, UserResponse } from "../consent/consent.ts";
import type { OperationContext, Scope } from "../operations/context.ts";
import { type Caller, operator } from "../policy/caller.ts";
import type { Setup, Tool, ToolContext } from "../tools/define.ts";
import { checkArguments } from "../tools/schema/check.ts";
import { inputSchemaOf, normalizeArguments, own } from "../tools/schema/normalize.ts";
import { logCall } from "./call-log.ts";
import { type ChangeEnd, type ChangeParts, runChange } from "./change.ts";
import { checkScope, fillScope, type ScopeCheck } from "./scope.ts";
import type { Availability } from "./tool-availability.ts";
import {
  type CardQuestion,
  confirmationEnd,
  failureResult,
  type ResultContext,
  successResult,
  type ToolResult,
} from "./tool-result.ts";
import { whyNotOffered } from "./unknown-tool.ts";

type Args = Record<string, unknown>;

/** What the transport knows about a call. */
export type Call = {
  /** Whether the host can show its user a form. */
  canElicit: boolean;
  /** Whether the host shows its user the card of the MCP App, as it has declared. */
  showsCard: boolean;
  /** The user's response to the question of an earlier run of this call. */
  response?: UserResponse | undefined;
  signal: AbortSignal;
  progress(seconds: number, message: string): Promise<void>;
};

/** The result, with the question for a card if there is one, or the question that has to be answered first. */
export type CallEnd =
  | { result: ToolResult; card?: CardQuestion | undefined }
  | { question: PendingQuestion };

/** A finished call: its tool, caller, result and duration in milliseconds. */
export type EndedCall = { tool: string; callerId: string; result: ToolResult; ms: number };

/** What the calls of all callers have in common. */
type Shared = Omit<
  ToolContext,
  "atlas" | "deadline" | "recorded" | "pendingAddresses" | "bounds" | "setup" | "owner" | "progress"
>;

export type RunnerOptions = {
  atlas: AtlasClient;
  /** The client of ephemeral clusters, which sends no credentials. */
  unauthenticated: AtlasClient;
  shared: Shared;
  log: Log;
  changes: ChangeParts;
  availabilityFor(caller: Caller): Availability;
  deadlineMs: number;
  /** Called after every call. */
  onCall?: ((call: EndedCall) => void) | undefined;
};

/** The calls of one caller. */
export type CallerRunner = {
  /** The tools that are on for this caller, in order. */
  tools: readonly Tool[];
  run(tool: Tool, args: unknown, call: Call): Promise<CallEnd>;
  /** Why there is no tool of this name for the caller. Writes it to the log. */
  refuse(name: string): string;
};

export type Runner = {
  scope: Scope;
  forCaller(caller: Caller): CallerRunner;
  /** Counts work as a running call until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
  /** The number of running calls. */
  inFlight(): number;
  /** Resolves when no call is running. */
  drained(): Promise<void>;
};

// What to suggest for an id that is missing or malformed.
const sources: Readonly<Record<string, SuggestionKind>> = {
  orgId: "see_account",
  groupId: "find_project",
};

/** The arguments by the tool's schema. Throws `invalid_input` with all problems at once. */
const parseArguments = (tool: Tool, args: Args): Args => {
  const checked = checkArguments(tool, args);
  if ("input" in checked) return checked.input;
  const fields = checked.problems;
  const suggestions = fields.flatMap(({ path }) => {
    const suggest = own(sources, path);
    return suggest === undefined ? [] : [{ suggest }];
  });
  return raise(invalidInput(fields, suggestions));
};

// Only a change that is applied may send anything, and that has audit lines.
const recorded: OperationContext["recorded"] = () =>
  Promise.reject(new Error("A plan changes nothing."));

/** What holds for the tools of ephemeral clusters, whose backend may be another one. */
const ofEphemeral = (availability: Availability): Availability => ({
  ...availability,
  ...availability.ofEphemeral,
});

export const createRunner = (options: RunnerOptions): Runner => {
  const { atlas, unauthenticated, shared, log } = options;
  const { clock, scope, notice } = shared;
  const projectOrgIds: ScopeCheck["projectOrgIds"] = new Map();

  const dispatch = async (
    tool: Tool,
    args: Args,
    availability: Availability,
    call: Call,
    context: ToolContext,
  ): Promise<ChangeEnd> => {
    const filled = availability.isBounded ? fillScope(scope, tool, args) : args;
    const input = parseArguments(tool, filled);
    if (tool.access === "read") {
      if (availability.isBounded) await checkScope(tool, args, { ...context, projectOrgIds });
      return { body: await tool.run(input, context) };
    }
    const { confirmation } = input;
    const consentInput = {
      canElicit: call.canElicit,
      showsCard: call.showsCard,
      response: call.response,
      confirmation: typeof confirmation === "string" ? confirmation : undefined,
    };
    const change = { tool, args, filled, input, availability, projectOrgIds, consentInput };
    return runChange(options.changes, change, context);
  };

  /** What is not found in this sandbox may have been made in another process. */
  const withNotice = (failed: Failure, { backend }: Setup): Failure =>
    failed.code === "not_found" && notice !== undefined && backend === "sandbox"
      ? { ...failed, message: `${failed.message} ${notice}` }
      : failed;

  const toFailure = (error: unknown, tool: Tool, setup: Setup): Failure => {
    if (error instanceof AtlasToolError) return withNotice(error.failure, setup);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error?.({ tool: tool.name, error: text }, "unexpected failure");
    return failure(
      "internal",
      "This server failed unexpectedly. Its log on stderr has the details.",
      { retry: "never", ...(tool.access === "read" ? {} : { outcome: "unknown" }) },
    );
  };

  const answer = (end: ChangeEnd, context: ResultContext): CallEnd => {
    if ("question" in end) return end;
    if ("needed" in end) return confirmationEnd(end.needed, context);
    return { result: successResult(end.body, context) };
  };

  const report = (tool: Tool, caller: Caller, call: Call, end: CallEnd, ms: number) => {
    logCall(log, { tool, caller, call, end, ms });
    if ("result" in end)
      options.onCall?.({ tool: tool.name, callerId: caller.id, result: end.result, ms });
  };

  const run = async (
    tool: Tool,
    raw: unknown,
    call: Call,
    availability: Availability,
  ): Promise<CallEnd> => {
    const { caller, tools, setup, bounds } = availability;
    const client = tool.ephemeral ? unauthenticated : atlas;
    const startedAt = clock.monotonic();
    const deadline = startDeadline(options.deadlineMs, call.signal, clock);
    const normalized = normalizeArguments(raw ?? {}, inputSchemaOf(tool));
    const args = isRecord(normalized) ? { ...normalized } : {};
    const progress: OperationContext["progress"] = (seconds, message) =>
      call.progress(seconds, message).catch(() => {});
    const context = {
      ...shared,
      atlas: client,
      deadline,
      recorded,
      pendingAddresses: Promise.resolve([]),
      bounds,
      setup,
      owner: caller === operator ? undefined : caller.id,
      progress,
    };
    const about = () => ({ tool, args, tools, scope, backend: setup.backend, now: client.now() });
    const end = await dispatch(tool, args, availability, call, context)
      .then((performed) => answer(performed, about()))
      .catch((error: unknown) => ({
        result: failureResult(toFailure(error, tool, setup), about()),
      }))
      .finally(deadline.clear);
    report(tool, caller, call, end, clock.monotonic() - startedAt);
    return end;
  };

  const refuse = (name: string, availability: Availability): string => {
    const reason = whyNotOffered(name, availability);
    const fields = { tool: name.slice(0, 100), principal: availability.caller.id, reason };
    log.warn?.(fields, "tool not offered");
    return reason;
  };

  const running = new Set<Promise<unknown>>();

  return {
    scope,
    forCaller: (caller) => {
      const availability = options.availabilityFor(caller);
      return {
        tools: availability.tools,
        run: (tool, args, call) =>
          run(tool, args, call, tool.ephemeral ? ofEphemeral(availability) : availability),
        refuse: (name) => refuse(name, availability),
      };
    },
    track: (work) => {
      const tracked = work.finally(() => running.delete(tracked));
      running.add(tracked);
      return tracked;
    },
    inFlight: () => running.size,
    drained: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};
