/** The errors of a call: the tool failed, a person has to agree first, or there is no result. */
import { withoutHowToAgree } from "../consent/how-to-agree.ts";
import type { ToolName } from "./call.ts";
import type { Failure, NextAction, Price, ToolConfirmation, ToolFailure } from "./tool-types.ts";

/** Why a tool failed. */
export type ToolErrorCode = Failure["code"];

/**
 * A call whose result is a failure. `outcome` says what is true in Atlas, and `retry` whether a repeat helps; `result` is
 * the whole result.
 */
export class ToolError extends Error {
  readonly code: ToolErrorCode;
  readonly tool: ToolName;
  readonly outcome: Failure["outcome"];
  readonly retry: Failure["retry"];
  /** Seconds to wait before a repeat. */
  readonly retryAfterSeconds: number | undefined;
  /** Invalid arguments: the path, the problem, and a valid value. */
  readonly fields: NonNullable<Failure["fields"]>;
  /** The resource that has the name, as Atlas returns it. */
  readonly existing: unknown;
  /** Arguments that differ from what exists in Atlas. */
  readonly differences: NonNullable<Failure["differences"]>;
  /** Atlas's own words. */
  readonly atlas: Failure["atlas"];
  /** Calls that could help next, the best one first. */
  readonly nextActions: NextAction[];
  readonly result: ToolFailure;
  constructor(tool: ToolName, result: ToolFailure, options?: { cause: unknown }) {
    const { error } = result;
    super(error.message, options);
    this.name = "ToolError";
    this.code = error.code;
    this.tool = tool;
    this.outcome = error.outcome;
    this.retry = error.retry;
    this.retryAfterSeconds = error.retryAfterSeconds;
    this.fields = error.fields ?? [];
    this.existing = error.existing;
    this.differences = error.differences ?? [];
    this.atlas = error.atlas;
    this.nextActions = error.nextActions;
    this.result = result;
  }
}

/** `confirmation_needed`: there was no `confirm` to ask; `confirmation_declined`: it said no. */
export type ConfirmationErrorCode = "confirmation_needed" | "confirmation_declined";

/** A change that a person has to agree to, and has not. Nothing was sent. */
export class ConfirmationError extends Error {
  readonly code: ConfirmationErrorCode;
  readonly tool: ToolName;
  /** The price by which it was asked. */
  readonly quote: Price;
  /** As argument of the same call, it is a yes. Valid for 5 minutes. */
  readonly confirmation: string;
  readonly result: ToolConfirmation;
  constructor(code: ConfirmationErrorCode, tool: ToolName, result: ToolConfirmation) {
    super(
      code === "confirmation_declined"
        ? `The answer was no, so nothing was sent. It was asked: ${withoutHowToAgree(result.message)}`
        : result.message,
    );
    this.name = "ConfirmationError";
    this.code = code;
    this.tool = tool;
    this.quote = result.quote;
    this.confirmation = result.confirmation;
    this.result = result;
  }
}

/**
 * `invalid_option`: an option of the call is wrong; `tool_not_offered`: there is no such tool, or it is switched off;
 * `aborted`: `signal` aborted; `call_failed`: the client has no result (`cause` is its error); `not_a_result`: the result
 * is not one of this server. Nothing was sent with the first two; with the others, what became of a change is not known.
 */
export type CallErrorCode =
  | "invalid_option"
  | "tool_not_offered"
  | "aborted"
  | "call_failed"
  | "not_a_result";

/** A call without a result. */
export class CallError extends Error {
  readonly code: CallErrorCode;
  readonly tool: string;
  constructor(code: CallErrorCode, tool: string, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = "CallError";
    this.code = code;
    this.tool = tool;
  }
}
