/** Consent: asked of the user where the host can, else handed to the agent as a token to repeat. Bound to what was shown (docs/architecture.md#consent). */
import type { Clock } from "../common/deadline.ts";
import { type ErrorCode, type Failure, failure, raise } from "../common/failure.ts";
import type { ConfirmMode } from "../config/config.ts";
import { notDone } from "../operations/failures.ts";
import type { Change } from "../tools/define.ts";
import type { PriceQuote } from "./question.ts";
import type { Signer } from "./signer.ts";

/** What an asked user did; `cannot` where the host could not ask after all. */
export type UserReply = "accepted" | "declined" | "dismissed" | "unanswered" | "cannot";

/** The reply of a user, with the state that went out with the question. */
export type UserResponse = { reply: UserReply; state: unknown };

/** A question that the host has to show its user; the call comes again with the reply and this state. */
export type PendingQuestion = { message: string; state: string };

/** What a host can do, and what has come back so far. */
export type Asked = {
  /** Whether the host can show its user a form. */
  canElicit: boolean;
  response: UserResponse | undefined;
  /** The token that an earlier answer gave for this repeat. */
  confirmation: string | undefined;
};

/** Who agreed: the user, the agent for its user, the operator's setting, or nobody because nobody had to. */
export type Approver = "user" | "agent" | "operator" | "not_needed";

/** What is agreed to. `bound` is all that must be the same when the reply comes. */
export type Subject = { change: Change; quote: PriceQuote; bound: unknown; message: string };

/** What an agent has to bring along, once its user agrees. */
export type NeededConfirmation = { quote: PriceQuote; confirmation: string; message: string };

export type Consent =
  | { approver: Approver }
  | { question: PendingQuestion }
  | { needed: NeededConfirmation };

// A token travels through a model's context, so it is short-lived.
const tokenMs = 300_000;

const declineMessages = {
  declined: [
    "The user declined. Nothing was sent. Do not repeat it unless the user asks for it.",
    "never",
  ],
  dismissed: [
    "The user closed the question without an answer. Nothing was sent.",
    "same_arguments",
  ],
  unanswered: [
    "Nobody answered the question in time. Nothing was sent. If this host does not show such questions, whoever runs the server can set ATLAS_MCP_CONFIRM to token.",
    "same_arguments",
  ],
} as const satisfies Partial<Record<UserReply, [string, Failure["retry"]]>>;

const refuse = (
  code: ErrorCode,
  { effect }: Change,
  message: string,
  retry: Failure["retry"],
): never => raise(failure(code, message, { outcome: notDone[effect], retry }));

/** Throws `declined` where the user has said no. A no needs no proof of what it was said to: nothing happens. */
export const refuseDeclined = (change: Change, { reply }: UserResponse): void => {
  if (reply === "accepted" || reply === "cannot") return;
  const [message, retry] = declineMessages[reply];
  refuse("declined", change, message, retry);
};

/** `formMs` is how long a form may wait for a person (milliseconds). */
export type ConsentOptions = { mode: ConfirmMode; signer: Signer; clock: Clock; formMs: number };

/** Takes the consent that has come back, or says what is needed for it. Throws `policy_denied` where only a person counts and none can be asked. */
export const obtainConsent = (
  { change, quote, bound, message }: Subject,
  { canElicit, response, confirmation }: Asked,
  { mode, signer, clock, formMs }: ConsentOptions,
): Consent => {
  const now = clock.now();
  if (canElicit && mode !== "token") {
    const { reply, state } = response ?? {};
    // A reply counts only with the signature of the very question.
    const isOurs = typeof state === "string" && signer.verify("form", bound, state, now);
    if (!isOurs) return { question: { message, state: signer.sign("form", bound, now + formMs) } };
    if (reply === "accepted") return { approver: "user" };
  }
  if (mode === "human")
    return refuse(
      "policy_denied",
      change,
      "The operator wants a person to agree to this (rule confirm human), and this host cannot ask its user. A host that shows MCP forms (elicitation) would pass.",
      "after_fix",
    );
  if (confirmation !== undefined && signer.verify("token", bound, confirmation, now))
    return { approver: "agent" };
  const stale =
    confirmation === undefined
      ? ""
      : "The confirmation that came with the call is expired or was given for something else. ";
  return {
    needed: {
      quote,
      confirmation: signer.sign("token", bound, now + tokenMs),
      message: `${stale}${message} Ask your user. If they agree, repeat the call with the confirmation within 5 minutes; nothing was sent yet.`,
    },
  };
};
