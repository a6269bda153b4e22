/** Builds the result of a call: one flat object, whose next actions are valid calls (docs/architecture.md#results). */
import type { Failure, FailureOutcome, Suggestion, SuggestionKind } from "../common/failure.ts";
import { allVisible, visible } from "../common/visible.ts";
import type { CardConfirmation, NeededConfirmation } from "../consent/consent.ts";
import { canonical } from "../consent/signer.ts";
import type { Scope } from "../operations/context.ts";
import { notDone, words } from "../operations/failures.ts";
import type { Setup, Tool } from "../tools/define.ts";
import type { Access, Body } from "../tools/result.ts";
import { checkArguments } from "../tools/schema/check.ts";
import { fillScope, stripScope } from "./scope.ts";

type Args = Record<string, unknown>;

type NextAction = { tool: string; arguments: Args; why: string };

/** A result as structured content; the text content is its JSON. */
export type ToolResult = {
  status: "ok" | "error" | "needs_confirmation";
  backend: Setup["backend"];
} & Record<string, unknown>;

const untouched: Record<Access, FailureOutcome> = {
  read: "no_change",
  ...notDone,
};

/** What the result depends on besides the body or the failure. */
export type ResultContext = {
  tool: Tool;
  args: Args;
  /** The tools that this caller has; no other is suggested. */
  tools: readonly Tool[];
  scope: Scope;
  backend: Setup["backend"];
  /** Atlas's time of day (milliseconds since 1970). */
  now: number;
};

/** Adds `expired` to what has a lease that is over at `now`. */
const markExpired = (value: unknown, now: number): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => markExpired(entry, now));
  const { sweepAfter } = value as { sweepAfter?: unknown };
  const isOver = typeof sweepAfter === "string" && Date.parse(sweepAfter) <= now;
  const marked = Object.entries(value).map(([name, member]) => [name, markExpired(member, now)]);
  return { ...Object.fromEntries(marked), ...(isOver ? { expired: true } : {}) };
};

/** Data from Atlas as results show it. */
const shown = <T>(value: T, { now }: ResultContext): T => markExpired(allVisible(value), now) as T;

/** Turns a suggestion into a call: of the tool that serves it, or of the same tool with other arguments. Drops it if the arguments are invalid. */
const toNextAction = (suggestion: Suggestion, context: ResultContext): NextAction[] => {
  const { suggest, why } = suggestion;
  // A confirmation is valid only for the call that it was issued for.
  const { confirmation: _, ...args } = context.args;
  const merged = { ...args, ...suggestion.with };
  const isRepeat = suggest === "repeat";
  const tool = isRepeat ? context.tool : context.tools.find(({ suggests }) => suggests?.[suggest]);
  if (tool === undefined) return [];
  const action = isRepeat ? { arguments: merged, why: "" } : tool.suggests?.[suggest]?.(merged);
  if (action === undefined) return [];
  const shown = stripScope(context.scope, tool, action.arguments);
  const isValid = "input" in checkArguments(tool, fillScope(context.scope, tool, shown));
  return isValid ? [{ tool: tool.name, arguments: shown, why: why ?? action.why }] : [];
};

const toNextActions = (suggestions: readonly Suggestion[], context: ResultContext): NextAction[] =>
  suggestions.flatMap((suggestion) => toNextAction(suggestion, context));

const repeats: Record<Access, Suggestion> = {
  read: { suggest: "repeat", why: "Safe to repeat: it only reads." },
  create: words.create.repeat,
  update: words.update.repeat,
  delete: words.delete.repeat,
};

/** The repeat that may pass, after the wait that it needs. */
const toRepeat = ({ retryAfterSeconds }: Failure, context: ResultContext): NextAction[] => {
  const { why = "", ...repeat } = repeats[context.tool.access];
  const wait = retryAfterSeconds === undefined ? "" : `Wait ${retryAfterSeconds} s first. `;
  return toNextAction({ ...repeat, why: `${wait}${why}` }, context);
};

const callOf = ({ tool, arguments: args }: NextAction): string => canonical([tool, args]);

/**
 * The calls that can help after a failure. One that may pass comes with its repeat, if a person has not said no; any other
 * never comes with the very call that failed.
 */
const afterFailure = (failed: Failure, context: ResultContext): NextAction[] => {
  // Atlas refuses every call then.
  if (failed.code === "unauthenticated") return [];
  const actions = toNextActions(failed.suggestions, context);
  if (failed.retry === "same_arguments" || failed.retry === "after_delay") {
    const known = actions.map(callOf);
    const repeat = failed.code === "declined" ? [] : toRepeat(failed, context);
    return [...actions, ...repeat.filter((action) => !known.includes(callOf(action)))];
  }
  const same = toNextAction({ suggest: "repeat" }, context).map(callOf);
  return actions.filter((action) => !same.includes(callOf(action)));
};

export const successResult = (
  { suggestions = [], request, ...body }: Body,
  context: ResultContext,
): ToolResult => {
  const nextActions = toNextActions(suggestions, context);
  return {
    status: "ok",
    backend: context.backend,
    ...shown(body, context),
    // Exactly what would be sent; none of it is from Atlas.
    ...(request === undefined ? {} : { request }),
    ...(nextActions.length === 0 ? {} : { nextActions }),
  };
};

export const failureResult = (failed: Failure, context: ResultContext): ToolResult => {
  const { code, message, suggestions: _, outcome, ...rest } = failed;
  return {
    status: "error",
    backend: context.backend,
    error: {
      code,
      message: visible(message),
      outcome: outcome ?? untouched[context.tool.access],
      ...shown(rest, context),
      nextActions: afterFailure(failed, context),
    },
  };
};

const toConfirmed = (confirmation: string, context: ResultContext): NextAction[] => {
  const why = "Only after the user has agreed: does what the message says.";
  return toNextAction({ suggest: "repeat", with: { confirmation }, why }, context);
};

const confirmationResult = (
  { quote, confirmation, message }: NeededConfirmation,
  context: ResultContext,
): ToolResult => ({
  status: "needs_confirmation",
  backend: context.backend,
  quote,
  confirmation,
  message,
  nextActions: toConfirmed(confirmation, context),
});

/** What the card asks and its button calls, which is no part of the result: the model is not shown it. `look` shows what is there. */
export type CardQuestion = {
  name: string;
  question: string;
  lifetimeMs: number;
  call: Omit<NextAction, "why">;
  look?: Omit<NextAction, "why">;
};

/** The kind of call that shows whether a change was done. */
const lookFor = (tool: Tool): SuggestionKind => {
  if (tool.access === "read") return "repeat";
  if (tool.kind === "flexCluster") return "look_up_cluster";
  if (tool.kind === "ephemeralCluster") return "look_up_ephemeral";
  return tool.kind === "project" && tool.access === "create" ? "look_up_project" : "show_project";
};

const withoutWhy = ({ tool, arguments: args }: NextAction) => ({ tool, arguments: args });

const cardQuestion = (
  { name, question, lifetimeMs, confirmation }: CardConfirmation,
  context: ResultContext,
): CardQuestion | undefined => {
  const [call] = toConfirmed(confirmation, context).map(withoutWhy);
  if (call === undefined) return undefined;
  const [look] = toNextAction({ suggest: lookFor(context.tool) }, context).map(withoutWhy);
  return { name, question, lifetimeMs, call, ...(look && { look }) };
};

/** The result that asks for a confirmation, and the question for the card if the host shows one. */
export const confirmationEnd = (
  needed: NeededConfirmation,
  context: ResultContext,
): { result: ToolResult; card: CardQuestion | undefined } => ({
  result: confirmationResult(needed, context),
  card: needed.card && cardQuestion(needed.card, context),
});
