/** Consent: asked of the user where the host can, else handed to the agent as a token to repeat. Bound to what was shown (design 4.6). */

import type { Clock } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure } from "../common/failure.ts";
import type { ConfirmMode } from "../config/config.ts";
import type { Change } from "../tools/define.ts";
import type { PriceQuote } from "./question.ts";
import type { Signer } from "./signer.ts";

/** What an asked user did; `cannot` where the host could not ask after all. */
export type Reply = "accepted" | "declined" | "dismissed" | "unanswered" | "cannot";

/** A form to show: the words, and the seal that must come back with the answer where the protocol keeps no call open. */
export type Form = { message: string; seal(): string; holds(state: string): boolean };

/** The form is on its way to the user; the call comes again with the answer. */
export type Pending = { message: string; state: string };

/** Asks the user, in either era of the protocol; undefined where the host cannot. */
export type Ask = (form: Form) => Promise<Reply | Pending>;

/** Who agreed: the user, the agent for its user, the operator's setting, or nobody because nobody had to. */
export type Approver = "user" | "agent" | "operator" | "not_needed";

/** What is agreed to. `bound` is all that must be the same when the answer comes. */
export type Subject = {
  change: Change;
  quote: PriceQuote;
  bound: unknown;
  question(): Promise<string>;
};

export type Consent =
  | { approver: Approver }
  | { pending: Pending }
  | { needed: { quote: PriceQuote; confirmation: string; message: string } };

// A token travels through a model's context, so it is short-lived; a form may wait for a person.
const tokenMs = 300_000;
const formMs = 900_000;

const outcomeOf = ({ effect }: Change) => (effect === "delete" ? "not_deleted" : "not_created");

const calm: Record<Exclude<Reply, "accepted" | "cannot">, [string, Failure["retry"]]> = {
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
};

const refused = (change: Change, reply: keyof typeof calm): AtlasToolError => {
  const [message, retry] = calm[reply];
  return new AtlasToolError(failure("declined", message, { outcome: outcomeOf(change), retry }));
};

const noHuman = (change: Change): AtlasToolError =>
  new AtlasToolError(
    failure(
      "policy_denied",
      "The operator wants a person to agree to this (rule confirm human), and this host cannot ask its user. A host that shows MCP forms (elicitation) would pass.",
      { outcome: outcomeOf(change), retry: "after_fix" },
    ),
  );

type Options = { mode: ConfirmMode; sealer: Signer; clock: Clock };

/** Gets consent for a subject, or says what is still needed for it. Throws `declined` and `policy_denied`. */
export const obtainConsent = async (
  subject: Subject,
  ask: Ask | undefined,
  confirmation: string | undefined,
  { mode, sealer, clock }: Options,
): Promise<Consent> => {
  const { change, bound } = subject;
  const question = await subject.question();
  const asks = mode !== "token" ? ask : undefined;
  if (asks !== undefined) {
    const reply = await asks({
      message: question,
      seal: () => sealer.seal("form", bound, clock.now() + formMs),
      holds: (state) => sealer.holds("form", bound, state, clock.now()),
    });
    if (typeof reply === "object") return { pending: reply };
    if (reply === "accepted") return { approver: "user" };
    if (reply !== "cannot") throw refused(change, reply);
  }
  if (mode === "human") throw noHuman(change);
  if (confirmation !== undefined && sealer.holds("token", bound, confirmation, clock.now()))
    return { approver: "agent" };
  const stale =
    confirmation === undefined
      ? ""
      : "The confirmation that came with the call is expired or was given for something else. ";
  return {
    needed: {
      quote: subject.quote,
      confirmation: sealer.seal("token", bound, clock.now() + tokenMs),
      message: `${stale}${question} Ask your user. If they agree, repeat the call with the confirmation within 5 minutes; nothing was sent yet.`,
    },
  };
};
