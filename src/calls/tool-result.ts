/** Builds the result of a call: one flat object, whose next actions are valid calls (docs/architecture.md#results). */
import type { Failure, FailureOutcome, Suggestion } from "../common/failure.ts";
import type { NeededConfirmation } from "../consent/consent.ts";
import type { Scope } from "../operations/context.ts";
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
  create: "not_created",
  delete: "not_deleted",
};

/** What the result depends on besides the body or the failure. */
export type ResultContext = {
  tool: Tool;
  args: Args;
  /** The tools that this caller has; no other is suggested. */
  tools: readonly Tool[];
  scope: Scope;
  backend: Setup["backend"];
};

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
