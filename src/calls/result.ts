/** What a call is answered with: one flat object, whose next actions are ready to make (docs/architecture.md#results). */
import type { Failure, FailureOutcome, Suggestion } from "../common/failure.ts";
import type { NeededConfirmation } from "../consent/consent.ts";
import type { Scope } from "../operations/context.ts";
import type { Setup, Tool } from "../tools/define.ts";
import type { Access, Body } from "../tools/result.ts";
import { fillScope, stripScope } from "./scope.ts";

type Args = Record<string, unknown>;

type NextAction = { tool: string; arguments: Args; why: string };

/** A result as structured content; its JSON is the text that goes with it. */
export type ToolResult = {
  status: "ok" | "error" | "needs_confirmation";
  backend: Setup["backend"];
} & Record<string, unknown>;

const untouched: Record<Access, FailureOutcome> = {
  read: "no_change",
  create: "not_created",
  delete: "not_deleted",
};

/** The call, as far as its result depends on it. */
export type ResultContext = {
  tool: Tool;
  args: Args;
  /** The tools that this caller has: nothing else is suggested. */
  tools: readonly Tool[];
  scope: Scope;
  backend: Setup["backend"];
};

/** Makes a call of a suggestion: of the tool that serves it, or of the same tool with changes. None that would be refused as invalid. */
const toNextAction = (suggestion: Suggestion, context: ResultContext): NextAction[] => {
  const { suggest, why } = suggestion;
  // A confirmation is good for the very call that it came with.
  const { confirmation: _, ...args } = context.args;
  const merged = { ...args, ...suggestion.with };
  const isRepeat = suggest === "repeat";
  const tool = isRepeat ? context.tool : context.tools.find((one) => one.suggests?.[suggest]);
  if (tool === undefined) return [];
  const made = isRepeat ? { arguments: merged, why: "" } : tool.suggests?.[suggest]?.(merged);
  if (made === undefined) return [];
  const shown = stripScope(context.scope, tool, made.arguments);
  const isValid = tool.input.safeParse(fillScope(context.scope, tool, shown)).success;
  return isValid ? [{ tool: tool.name, arguments: shown, why: why ?? made.why }] : [];
};

const toNextActions = (suggestions: readonly Suggestion[], context: ResultContext): NextAction[] =>
  suggestions.flatMap((suggestion) => toNextAction(suggestion, context));

export const successResult = (
  { suggestions = [], ...body }: Body,
  context: ResultContext,
): ToolResult => {
  const nextActions = toNextActions(suggestions, context);
  return {
    status: "ok",
    backend: context.backend,
    ...body,
    ...(nextActions.length === 0 ? {} : { nextActions }),
  };
};

export const failureResult = (
  { code, message, suggestions, outcome, ...rest }: Failure,
  context: ResultContext,
): ToolResult => ({
  status: "error",
  backend: context.backend,
  error: {
    code,
    message,
    outcome: outcome ?? untouched[context.tool.access],
    ...rest,
    nextActions: toNextActions(suggestions, context),
  },
});

export const confirmationResult = (
  { quote, confirmation, message }: NeededConfirmation,
  context: ResultContext,
): ToolResult => {
  const why = "Only after the user has agreed: does what the message says.";
  const repeat: Suggestion = { suggest: "repeat", with: { confirmation }, why };
  return {
    status: "needs_confirmation",
    backend: context.backend,
    quote,
    confirmation,
    message,
    nextActions: toNextActions([repeat], context),
  };
};
