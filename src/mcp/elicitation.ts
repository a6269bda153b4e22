/** How a host's user is asked, in both eras of the protocol: the guard sees one function (mcp facts, section 2). */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  SdkError,
  SdkErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Ask, Form, Pending, Reply } from "../consent/consent.ts";

/** The name of the one question in a result that asks (2026-07-28). */
const key = "consent";

// A yes or no needs no field: the host's own buttons are the answer.
const paramsOf = ({ message }: { message: string }) => ({
  message,
  requestedSchema: { type: "object" as const, properties: {} },
});

const replies: Record<string, Reply> = {
  accept: "accepted",
  decline: "declined",
  cancel: "dismissed",
};

const actionOf = (response: unknown): unknown =>
  typeof response === "object" && response !== null ? Reflect.get(response, "action") : undefined;

const replyOf = (response: unknown): Reply | undefined => replies[String(actionOf(response))];

/** The result that makes a host of 2026-07-28 ask, and call again with the answer. */
export const askingResult = ({ message, state }: Pending) => ({
  resultType: "input_required" as const,
  inputRequests: {
    [key]: { method: "elicitation/create" as const, params: paramsOf({ message }) },
  },
  requestState: state,
});

/** The answer that came with this call counts only with the seal of the very question. */
const askLater =
  ({ mcpReq }: ServerContext): Ask =>
  async (form) => {
    const state: unknown = mcpReq.requestState();
    const reply = replyOf(mcpReq.inputResponses?.[key]);
    if (reply !== undefined && typeof state === "string" && form.holds(state)) return reply;
    return { message: form.message, state: form.seal() };
  };

const progressMs = 5000;

export type Waiting = {
  /** Milliseconds for the user to answer. */
  timeoutMs: number;
  progress(done: number, total: number, message: string): Promise<void>;
};

/** Asks while the call stays open; progress keeps the host's own time-out away where it heeds that. */
const askNow =
  ({ mcpReq }: ServerContext, { timeoutMs, progress }: Waiting): Ask =>
  async (form: Form) => {
    const startedAt = Date.now();
    const timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - startedAt) / 1000);
      void progress(seconds, Math.ceil(timeoutMs / 1000), "Waiting for the user to agree.");
    }, progressMs);
    try {
      const response = await mcpReq.send(
        { method: "elicitation/create", params: paramsOf(form) },
        { timeout: timeoutMs, signal: mcpReq.signal },
      );
      return replyOf(response) ?? "cannot";
    } catch (error) {
      if (mcpReq.signal.aborted) return "dismissed";
      const late = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
      return late ? "unanswered" : "cannot";
    } finally {
      clearInterval(timer);
    }
  };

// The envelope of 2026-07-28 says it with each request; its type does not know the member.
const declaredIn = (envelope: object | undefined): ClientCapabilities | undefined =>
  envelope && Reflect.get(envelope, CLIENT_CAPABILITIES_META_KEY);

/** A bare `elicitation: {}` means forms; a host that names only other modes cannot show one. */
const showsForms = (capabilities: ClientCapabilities | undefined): boolean => {
  const modes = capabilities?.elicitation;
  if (modes === undefined) return false;
  return "form" in modes || Object.keys(modes).length === 0;
};

/** The way to ask this call's user; undefined where the host has declared none. */
export const askOf = (
  server: Server,
  context: ServerContext,
  waiting: Waiting,
): Ask | undefined => {
  const { envelope } = context.mcpReq;
  if (!showsForms(declaredIn(envelope) ?? server.getClientCapabilities())) return undefined;
  return envelope === undefined ? askNow(context, waiting) : askLater(context);
};
