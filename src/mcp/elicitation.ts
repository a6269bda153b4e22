/** Asks the host's user, in protocol 2026-07-28 and in earlier ones (docs/atlas.md#hosts-and-protocol). */
import { SdkError, SdkErrorCode, type ServerContext } from "@modelcontextprotocol/server";
import { isRecord } from "../common/json.ts";
import type { PendingQuestion, UserReply, UserResponse } from "../consent/consent.ts";

/** The name of the question in an `input_required` result (2026-07-28). */
const key = "consent";

// Without a required field some hosts accept by themselves, and without the default some offer the yes first: then a stray
// Enter would agree (docs/hosts.md).
const requestedSchema = {
  type: "object" as const,
  properties: { agree: { type: "boolean" as const, title: "I agree", default: false } },
  required: ["agree"],
};

const paramsOf = (message: string) => ({ message, requestedSchema });

/** What the host's answer is worth: only an accepted form with the box ticked is a yes. Undefined if it is no answer at all. */
const replyOf = (response: unknown): UserReply | undefined => {
  const { action, content } = isRecord(response) ? response : {};
  if (action === "decline") return "declined";
  if (action === "cancel") return "dismissed";
  if (action !== "accept") return undefined;
  const { agree } = isRecord(content) ? content : {};
  if (agree === true) return "accepted";
  return agree === false ? "declined" : "unticked";
};

/** The result that makes a host of 2026-07-28 ask its user, and repeat the call with the reply. */
export const inputRequired = ({ message, state }: PendingQuestion) => ({
  resultType: "input_required" as const,
  inputRequests: {
    [key]: { method: "elicitation/create" as const, params: paramsOf(message) },
  },
  requestState: state,
});

/** The reply that came with this call (2026-07-28). */
export const responseIn = ({ mcpReq }: ServerContext): UserResponse | undefined => {
  const responses = mcpReq.inputResponses ?? {};
  const reply = Object.hasOwn(responses, key) ? replyOf(responses[key]) : undefined;
  return reply === undefined ? undefined : { reply, state: mcpReq.requestState() };
};

const progressMs = 5000;

export type ElicitOptions = {
  /** Milliseconds for the user to answer. */
  timeoutMs: number;
  /** Aborts when the server ends; the question then counts as unanswered. */
  ending: AbortSignal;
  progress(seconds: number, message: string): Promise<void>;
};

/** Asks the user while the call is open, for protocols before 2026-07-28. Progress extends the time-out of hosts that support that. */
export const elicit = async (
  { message, state }: PendingQuestion,
  { mcpReq }: ServerContext,
  { timeoutMs, ending, progress }: ElicitOptions,
): Promise<UserResponse> => {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - startedAt) / 1000);
    const time = `(${seconds} of ${Math.ceil(timeoutMs / 1000)} s)`;
    progress(seconds, `Waiting for the user to agree ${time}.`).catch(() => {});
  }, progressMs);
  try {
    const response = await mcpReq.send(
      { method: "elicitation/create", params: paramsOf(message) },
      { timeout: timeoutMs, signal: AbortSignal.any([mcpReq.signal, ending]) },
    );
    return { reply: replyOf(response) ?? "cannot", state };
  } catch (error) {
    if (ending.aborted) return { reply: "unanswered", state };
    if (mcpReq.signal.aborted) return { reply: "dismissed", state };
    const late = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
    return { reply: late ? "unanswered" : "cannot", state };
  } finally {
    clearInterval(timer);
  }
};
