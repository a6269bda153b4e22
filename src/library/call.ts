/** A typed call of a tool: resolves with the success, and rejects with an error that has a name and a code. */
import { settleWithin } from "../common/deadline.ts";
import { isRecord } from "../common/json.ts";
import { withoutHowToAgree } from "../consent/how-to-agree.ts";
import { CallError, ConfirmationError, ToolError } from "./tool-error.ts";
import type {
  ToolAccesses,
  ToolConfirmation,
  ToolFailure,
  ToolInputs,
  ToolPlans,
  ToolSuccesses,
} from "./tool-types.ts";

export type ToolName = keyof ToolInputs;

/** What a tool does. */
export type ToolAccess<N extends ToolName = ToolName> = ToolAccesses[N];

/** The arguments of a tool. */
export type ToolInput<N extends ToolName = ToolName> = ToolInputs[N];

/** What a tool did or found. */
export type ToolSuccess<N extends ToolName = ToolName> = ToolSuccesses[N];

/** What a dry run of a tool shows; reads have none. */
export type ToolPlan<N extends ToolName = ToolName> = ToolPlans[N];

/** Every result that a tool can have, told apart by `status` and then by `outcome`. */
export type ToolResult<N extends ToolName = ToolName> =
  | ToolSuccess<N>
  | ToolPlan<N>
  | (ToolAccess<N> extends "read" ? never : ToolConfirmation)
  | ToolFailure;

/** A change that a person has to agree to. */
export type ConfirmationQuestion = {
  tool: ToolName;
  /** The arguments of the call. */
  arguments: Record<string, unknown>;
  /** For the person: what the call would do, where and at what price. */
  message: string;
  quote: ToolConfirmation["quote"];
  backend: ToolConfirmation["backend"];
};

export type CallOptions = {
  /**
   * Asks whoever may agree to a change that costs money or takes something away; `true` is a yes. The audit then says that
   * the program agreed ("agent"): nobody but the program knows whether it has asked a person.
   */
  confirm?: ((question: ConfirmationQuestion) => boolean | Promise<boolean>) | undefined;
  /**
   * Ends waits, reads and an open question at once. A change that was sent is followed for up to 30 s, to say what became of
   * it: as `outcome` of the error says, or not known.
   */
  signal?: AbortSignal | undefined;
};

/** The argument `dryRun`, if the tool has it: the result depends on it. */
type DryRun<N extends ToolName, D> = ToolAccess<N> extends "read" ? unknown : { dryRun?: D };

/**
 * Calls a tool. Resolves with its success. Rejects with a `ToolError` if the tool fails, with a `ConfirmationError` if a
 * person has to agree first, and with a `CallError` if there is no result.
 */
export type Call = <N extends ToolName, D extends boolean = false>(
  name: N,
  args: ToolInput<N> & DryRun<N, D>,
  options?: CallOptions,
) => Promise<D extends true ? ToolPlan<N> | ToolSuccess<N> : ToolSuccess<N>>;

/** One call: resolves with the result as the server has it. Rejects with a `CallError`. */
export type Send = (
  name: string,
  args: Record<string, unknown>,
  signal: AbortSignal | undefined,
) => Promise<unknown>;

const known = ["confirm", "signal"];

/** Throws if the call is wrong, of a program that may not use TypeScript: a misspelt `confirm` would never ask. */
const checkCall = (tool: unknown, args: unknown, options: unknown): void => {
  const refusal = (problem: string) => new CallError("invalid_option", String(tool), problem);
  if (typeof tool !== "string") throw refusal("The name of a tool must be a text.");
  if (!isRecord(args)) throw refusal("The arguments of a tool must be an object.");
  if (!isRecord(options)) throw refusal("The options of a call must be an object.");
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw refusal(`A call has no option ${JSON.stringify(unknown)}, only "confirm" and "signal".`);
  const { confirm, signal } = options;
  if (confirm !== undefined && typeof confirm !== "function")
    throw refusal('The option "confirm" must be a function.');
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw refusal('The option "signal" must be an AbortSignal.');
};

const abortedBefore = (tool: string, { reason }: AbortSignal): CallError =>
  new CallError("aborted", tool, `The call of ${tool} was aborted before anything was sent.`, {
    cause: reason,
  });

/** A result of this server, by its form. */
const isResult = (value: unknown): value is ToolResult => {
  if (!isRecord(value)) return false;
  if (value.status === "ok") return typeof value.outcome === "string";
  if (value.status === "needs_confirmation") return typeof value.confirmation === "string";
  return value.status === "error" && isRecord(value.error) && typeof value.error.code === "string";
};

// A confirmation is asked for anew if the price or the resource has changed since, and again after 5 minutes. A server
// that takes none of its own would have it asked for without end.
const mostQuestions = 3;

/** Calls by `send`, until `ending` aborts, whose reason is the error. */
export const callBy =
  (send: Send, ending?: AbortSignal): Call =>
  async (name, args, options = {}) => {
    checkCall(name, args, options);
    const { confirm, signal } = options;
    let given: Record<string, unknown> = { ...args };
    for (let asked = 0; ; asked += 1) {
      if (signal?.aborted) throw abortedBefore(name, signal);
      const result = await send(name, given, signal);
      if (!isResult(result))
        throw new CallError(
          "not_a_result",
          name,
          `The server answered something else than a result of ${name}.`,
          { cause: result },
        );
      if (result.status === "error")
        throw new ToolError(name, result, signal?.aborted ? { cause: signal.reason } : undefined);
      // Which of the successes it is depends on the name.
      if (result.status === "ok") return result as never;
      if (confirm === undefined || asked === mostQuestions)
        throw new ConfirmationError("confirmation_needed", name, result);
      const { quote, backend, confirmation } = result;
      // A person is asked here, and the end of the text is for an agent.
      const message = withoutHowToAgree(result.message);
      const { confirmation: _, ...shown } = given;
      const asking = confirm({ tool: name, arguments: shown, message, quote, backend });
      const until = AbortSignal.any([signal, ending].filter((one) => one !== undefined));
      const isAgreed = await settleWithin(Promise.resolve(asking), until, () =>
        signal?.aborted ? abortedBefore(name, signal) : until.reason,
      );
      if (isAgreed !== true) throw new ConfirmationError("confirmation_declined", name, result);
      given = { ...shown, confirmation };
    }
  };
