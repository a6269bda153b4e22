/** Tools of the conformance suite that need something from the client first (2026-07-28): each answers with its questions until it has what it asked for. */
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type ClientCapabilities,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { text } from "./conformance-content.ts";

export const form = (message: string, name: string, type = "string") => ({
  method: "elicitation/create",
  params: {
    message,
    requestedSchema: { type: "object", properties: { [name]: { type } }, required: [name] },
  },
});

const sampling = (question: string, maxTokens = 100) => ({
  method: "sampling/createMessage",
  params: { messages: [{ role: "user", content: text(question) }], maxTokens },
});

const roots = { method: "roots/list", params: {} };

const sign = (state: string) => createHmac("sha256", "conformance").update(state).digest("hex");

const seal = (state: string) => `${state}.${sign(state)}`;

/** The state that came back, or an error where it is not one of ours. */
const opened = ({ mcpReq }: ServerContext): string => {
  const [state = "", seen = ""] = String(mcpReq.requestState() ?? "").split(".");
  const [right, given] = [Buffer.from(sign(state)), Buffer.from(seen)];
  if (right.length === given.length && timingSafeEqual(right, given)) return state;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "The state is not one of this server's");
};

const answered = ({ mcpReq }: ServerContext, ...keys: string[]): boolean =>
  keys.every((key) => mcpReq.inputResponses?.[key] !== undefined);

const asking = (inputRequests: object, state?: string) => ({
  resultType: "input_required" as const,
  inputRequests,
  ...(state === undefined ? {} : { requestState: seal(state) }),
});

const done = (value: string) => ({ content: [text(value)] });

export type Tool = (context: ServerContext, capabilities: ClientCapabilities) => object;

/** Asks for one thing, and says that it has it. */
const once =
  (key: string, question: object): Tool =>
  (context) =>
    answered(context, key)
      ? done(`Got ${JSON.stringify(context.mcpReq.inputResponses?.[key])}`)
      : asking({ [key]: question });

/** Asks with a state that has to come back as it was. */
const sealed =
  (key: string): Tool =>
  (context) => {
    const question = asking({ [key]: form("Please confirm", "ok", "boolean") }, "round-1");
    if (!answered(context, key)) return question;
    opened(context);
    return done("state-ok");
  };

export const askingTools: Record<string, Tool> = {
  test_input_required_result_elicitation: once("user_name", form("What is your name?", "name")),
  test_input_required_result_sampling: once(
    "capital_question",
    sampling("What is the capital of France?"),
  ),
  test_input_required_result_list_roots: once("client_roots", roots),
  test_input_required_result_request_state: sealed("confirm"),
  test_input_required_result_tampered_state: sealed("confirm"),
  test_input_required_result_multiple_inputs: (context) => {
    if (answered(context, "user_name", "greeting", "client_roots")) {
      opened(context);
      return done("All answered");
    }
    const requests = {
      user_name: form("What is your name?", "name"),
      greeting: sampling("Generate a greeting", 50),
      client_roots: roots,
    };
    return asking(requests, "all");
  },
  test_input_required_result_multi_round: (context) => {
    if (answered(context, "step2") && opened(context) === "round-2") return done("Both steps done");
    if (answered(context, "step1") && opened(context) === "round-1")
      return asking({ step2: form("Step 2: What is your favorite color?", "color") }, "round-2");
    return asking({ step1: form("Step 1: What is your name?", "name") }, "round-1");
  },
  test_input_required_result_capabilities: (_context, capabilities) =>
    asking({
      ...(capabilities.sampling && { question: sampling("What is the capital of France?") }),
      ...(capabilities.elicitation && { user_name: form("What is your name?", "name") }),
    }),
  test_streaming_elicitation: once("user_name", form("What is your name?", "name")),
};

export const askingPrompt = "test_input_required_result_prompt";

export const getAskingPrompt = (context: ServerContext) =>
  answered(context, "user_context")
    ? { messages: [{ role: "user" as const, content: text("With the context that was given") }] }
    : asking({ user_context: form("What context should the prompt use?", "context") });
