/**
 * Consent: the host asks its user if it can; otherwise the agent gets a token for a repeat, and a card that the host shows
 * gets another one for its button. All are bound to what was shown (docs/architecture.md#consent).
 */
import type { Clock } from "../common/deadline.ts";
import { type ErrorCode, type Failure, failure, raise } from "../common/failure.ts";
import type { ConfirmMode } from "../config/config.ts";
import { notDone } from "../operations/failures.ts";
import type { Change } from "../tools/define.ts";
import { howToAgree, howToAgreeByCard } from "./how-to-agree.ts";
import { nounOf, type PriceQuote } from "./question.ts";
import { expiryOf, questionIn, type Signer, type Verdict } from "./signer.ts";

/**
 * What the user did. `unticked`: they sent the form without a tick; `cannot`: the host could not ask, or has not;
 * `automatic`: the host said no by itself.
 */
export type UserReply =
  | "accepted"
  | "declined"
  | "unticked"
  | "dismissed"
  | "unanswered"
  | "cannot"
  | "automatic";

/** The reply of a user, with the state that was sent with the question. */
export type UserResponse = { reply: UserReply; state: unknown };

/** A question that the host shows its user. The call is repeated with the reply and this state. */
export type PendingQuestion = { message: string; state: string };

/** What a call brings for its consent. */
export type ConsentInput = {
  /** Whether the host can show its user a form. */
  canElicit: boolean;
  /** Whether the host shows its user the card, and so keeps what only the card is told from its model. */
  showsCard: boolean;
  response: UserResponse | undefined;
  /** The token from the result of an earlier run, or that of its card. */
  confirmation: string | undefined;
};

/**
 * Who agreed: the user in a form, the button of a card (so the host says that its user pressed it), the agent for its
 * user, the operator's setting, or nobody because no consent was needed.
 */
export type Approver = "user" | "app" | "agent" | "operator" | "not_needed";

/** What the user agrees to. `bound` is all that must be the same when the reply arrives. */
export type Subject = { change: Change; quote: PriceQuote; bound: unknown; message: string };

/** What the card shows and its button sends: `name` is that of the resource. A lifetime, as clocks differ. */
export type CardConfirmation = {
  name: string;
  question: string;
  confirmation: string;
  lifetimeMs: number;
};

/** What an agent must show its user, and send with the repeat; `card` only if the host shows one. */
export type NeededConfirmation = {
  quote: PriceQuote;
  confirmation: string;
  message: string;
  card?: CardConfirmation;
};

export type Consent =
  | { approver: Approver }
  | { question: PendingQuestion }
  | { needed: NeededConfirmation };

// A token travels through a model's context, so it is short-lived.
const tokenMs = 300_000;

const declineMessages = {
  declined: [
    "The user declined. Nothing was sent. Do not repeat the call unless the user asks for it.",
    "never",
  ],
  // Also what a client gets that accepts in code and leaves the form empty.
  unticked: [
    'The form came back without the tick ("agree": true), which counts as a no. Nothing was sent. Do not repeat the call unless the user asks for it.',
    "never",
  ],
  dismissed: [
    "The user closed the question without answering. Nothing was sent.",
    "same_arguments",
  ],
  unanswered: ["Nobody answered the question in time. Nothing was sent.", "same_arguments"],
} as const satisfies Partial<Record<UserReply, [string, Failure["retry"]]>>;

/** What is wrong with a confirmation, for the agent that sent it. */
const problems: Readonly<Record<Exclude<Verdict, "valid">, string>> = {
  expired: "The confirmation in this call has expired: it is valid for 5 minutes.",
  other_subject:
    "The confirmation in this call was given for something else: other arguments, another resource, another price or another caller.",
  other_key:
    "The confirmation in this call was issued by another server process, with another key: the operator can set ATLAS_MCP_SECRET to the same value for all of them.",
  not_ours:
    "The confirmation in this call is not one of this server's: it must be sent exactly as the result had it.",
};

const refuse = (
  code: ErrorCode,
  { effect }: Change,
  message: string,
  retry: Failure["retry"],
): never => raise(failure(code, message, { outcome: notDone[effect], retry }));

// No person reads a question and says no so fast (milliseconds); hosts that answer by themselves took 0 to 34.
const fastestPersonMs = 500;

/** The response, with a no that came too fast for a person as the host's own. */
export const judgeResponse = (
  { reply, state }: UserResponse,
  { clock, formMs }: Pick<ConsentOptions, "clock" | "formMs">,
): UserResponse => {
  if (reply !== "declined" && reply !== "unticked" && reply !== "dismissed")
    return { reply, state };
  const askedAt = typeof state === "string" ? expiryOf(state) - formMs : Number.NaN;
  const took = clock.now() - askedAt;
  return { reply: took >= 0 && took < fastestPersonMs ? "automatic" : reply, state };
};

/** Throws `declined` if the user did not agree. This needs no signature, because nothing is sent. */
export const refuseDeclined = (change: Change, { reply }: UserResponse): void => {
  if (reply === "accepted" || reply === "cannot" || reply === "automatic") return;
  const [message, retry] = declineMessages[reply];
  refuse("declined", change, message, retry);
};

/** The question to which a consent was given, which is good for one change, whoever answers it; undefined where nobody was asked. */
export const consentOf = (
  { response, confirmation }: ConsentInput,
  approver: Approver,
): string | undefined => {
  const texts: Partial<Record<Approver, unknown>> = {
    user: response?.state,
    app: confirmation,
    agent: confirmation,
  };
  const text = texts[approver];
  return typeof text === "string" ? questionIn(text) : undefined;
};

/** The failure of a change whose consent was used before, where a look did not show that the change was done. */
export const consentUsed = (change: Change): Failure =>
  failure(
    "conflict",
    `The consent in this call was used before, by a call that may still be running, and it is good for one change. So this call sent nothing about ${nounOf(change)}. Look whether it was done. To do it once more, repeat the call without a confirmation: the user is then asked again.`,
    {
      outcome: notDone[change.effect],
      retry: "after_fix",
      suggestions: [{ suggest: "repeat", why: "Looks first, and asks the user again." }],
    },
  );

/** `formMs` is how long a form may wait for a person (milliseconds). */
export type ConsentOptions = { mode: ConfirmMode; signer: Signer; clock: Clock; formMs: number };

/** Checks the consent that came with the call, or returns what is still needed. Throws `policy_denied` if a person must agree but cannot be asked. */
export const obtainConsent = (
  { change, quote, bound, message }: Subject,
  { canElicit, showsCard, response, confirmation }: ConsentInput,
  { mode, signer, clock, formMs }: ConsentOptions,
): Consent => {
  const now = clock.now();
  const isAutomatic = response?.reply === "automatic";
  if (canElicit && mode !== "token") {
    const { reply, state } = response ?? {};
    // A reply counts only with the signature of this question.
    const isOurs =
      typeof state === "string" && signer.verify("form", bound, state, now) === "valid";
    if (!isOurs) return { question: { message, state: signer.sign("form", bound, now + formMs) } };
    if (reply === "accepted") return { approver: "user" };
  }
  if (mode === "human")
    return refuse(
      "policy_denied",
      change,
      `The operator requires a person to agree to this (rule confirm human), but this host ${isAutomatic ? "answered the question by itself, without asking its user" : "cannot ask its user"}. Use a host that shows MCP forms (elicitation).`,
      "after_fix",
    );
  const judged = (purpose: "token" | "card"): Verdict | undefined =>
    confirmation === undefined ? undefined : signer.verify(purpose, bound, confirmation, now);
  const asToken = judged("token");
  if (asToken === "valid") return { approver: "agent" };
  const verdict = asToken === "not_ours" && showsCard ? judged("card") : asToken;
  if (verdict === "valid") return { approver: "app" };
  const problem = verdict === undefined ? "" : `${problems[verdict]} `;
  const unasked = isAutomatic
    ? "This host answered the question by itself, without asking its user. "
    : "";
  const expires = now + tokenMs;
  const card = () => ({
    name: change.name,
    question: message,
    confirmation: signer.sign("card", bound, expires),
    lifetimeMs: tokenMs,
  });
  return {
    needed: {
      quote,
      confirmation: signer.sign("token", bound, expires),
      message: `${problem}${unasked}${message} ${showsCard ? howToAgreeByCard : howToAgree}`,
      ...(showsCard ? { card: card() } : {}),
    },
  };
};
