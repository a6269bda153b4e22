/** How a host's user is asked, in both eras of the protocol (docs/atlas.md#hosts-and-protocol). */
import { SdkError, SdkErrorCode, type ServerContext } from "@modelcontextprotocol/server";
import type { PendingQuestion, UserReply, UserResponse } from "../consent/consent.ts";

/** The name of the one question in a result that asks (2026-07-28). */
const key = "consent";

// A yes or no needs no field: the host's own buttons are the answer.
const paramsOf = (message: string) => ({
  message,
  requestedSchema: { type: "object" as const, properties: {} },
});

const replies: Record<string, UserReply> = {
  accept: "accepted",
  decline: "declined",
  cancel: "dismissed",
};

const actionOf = (response: unknown): unknown =>
  typeof response === "object" && response !== null ? Reflect.get(response, "action") : undefined;

const replyOf = (response: unknown): UserReply | undefined => replies[String(actionOf(response))];

/** The result that makes a host of 2026-07-28 ask, and call again with the reply. */
export const inputRequired = ({ message, state }: PendingQuestion) => ({
  resultType: "input_required" as const,
  inputRequests: {
    [key]: { method: "elicitation/create" as const, params: paramsOf(message) },
  },
  requestState: state,
});

/** The reply that came with this call, in the era of 2026-07-28. */
export const responseIn = ({ mcpReq }: ServerContext): UserResponse | undefined => {
  const reply = replyOf(mcpReq.inputResponses?.[key]);
  return reply === undefined ? undefined : { reply, state: mcpReq.requestState() };
};

const progressMs = 5000;

export type ElicitOptions = {
  /** Milliseconds for the user to answer. */
  timeoutMs: number;
  /** Aborts when the server ends: the question is then given up. */
  ending: AbortSignal;
  progress(done: number, total: number, message: string): Promise<void>;
};

/** Asks the user while the call stays open, as hosts before 2026-07-28 want it. Progress keeps the host's own time-out away where it heeds that. */
export const elicit = async (
  { message, state }: PendingQuestion,
  { mcpReq }: ServerContext,
  { timeoutMs, ending, progress }: ElicitOptions,
): Promise<UserResponse> => {
  const startedAt = Date.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((Date.now() - startedAt) / 1000);
    void progress(seconds, Math.ceil(timeoutMs / 1000), "Waiting for the user to agree.");
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
