/** Tools of the conformance suite that answer with content, or speak with the client of the 2025 era on the way. */
import { setTimeout as delay } from "node:timers/promises";
import {
  type ClientCapabilities,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { image, resource, text, wav } from "./conformance-content.ts";

type Args = Record<string, string>;

export type Call = { args: Args; context: ServerContext; capabilities: ClientCapabilities };

const answer = (...content: object[]) => ({ content });

const options = [
  { const: "value1", title: "First" },
  { const: "value2", title: "Second" },
  { const: "value3", title: "Third" },
];
const three = ["option1", "option2", "option3"];

const defaults = {
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
};

const enums = {
  untitledSingle: { type: "string", enum: three },
  titledSingle: { type: "string", oneOf: options },
  legacyEnum: {
    type: "string",
    enum: ["opt1", "opt2", "opt3"],
    enumNames: ["One", "Two", "Three"],
  },
  untitledMulti: { type: "array", items: { type: "string", enum: three } },
  titledMulti: { type: "array", items: { anyOf: options } },
};

/** Asks the user over the stream of the call. */
const ask = async ({ mcpReq }: ServerContext, message: string, properties: object) => {
  const requestedSchema = { type: "object", properties };
  const asked = { method: "elicitation/create" as const, params: { message, requestedSchema } };
  const { action, content } = await mcpReq.send(asked);
  return `action=${action}, content=${JSON.stringify(content)}`;
};

const progress = async ({ mcpReq }: ServerContext, done: number) => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken !== undefined)
    await mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken, progress: done, total: 100 },
    });
};

export const plainTools: Record<string, (call: Call) => object | Promise<object>> = {
  test_simple_text: () => answer(text("This is a simple text response for testing.")),
  test_image_content: () => answer(image),
  test_audio_content: () => answer({ type: "audio", data: wav, mimeType: "audio/wav" }),
  test_embedded_resource: () =>
    answer(
      resource("test://embedded-resource", "text/plain", "This is an embedded resource content."),
    ),
  test_multiple_content_types: () =>
    answer(
      text("Multiple content types test:"),
      image,
      resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ),
  test_error_handling: () => ({
    isError: true,
    ...answer(text("This tool intentionally returns an error for testing")),
  }),
  test_tool_with_logging: async ({ context }) => {
    for (const line of ["started", "processing data", "completed"]) {
      const said = line === "processing data" ? `Tool ${line}` : `Tool execution ${line}`;
      await context.mcpReq.log("info", said);
      await delay(50);
    }
    return answer(text("Logged"));
  },
  test_logging_tool: async ({ context }) => {
    await context.mcpReq.log("info", "Only for those who want to know");
    return answer(text("Logged"));
  },
  test_tool_with_progress: async ({ context }) => {
    for (const done of [0, 50, 100]) {
      await progress(context, done);
      await delay(50);
    }
    return answer(text("Done"));
  },
  test_sampling: async ({ args, context }) => {
    const messages = [{ role: "user", content: text(args.prompt ?? "") }];
    const params = { messages, maxTokens: 100 };
    const { content } = await context.mcpReq.send({ method: "sampling/createMessage", params });
    const said = [content].flat().map((one) => (one.type === "text" ? one.text : ""));
    return answer(text(`LLM response: ${said.join("")}`));
  },
  test_elicitation: async ({ args, context }) => {
    const fields = { username: { type: "string" }, email: { type: "string" } };
    return answer(text(`User response: ${await ask(context, args.message ?? "", fields)}`));
  },
  test_elicitation_sep1034_defaults: async ({ context }) =>
    answer(text(`Elicitation completed: ${await ask(context, "Right?", defaults)}`)),
  test_elicitation_sep1330_enums: async ({ context }) =>
    answer(text(`Elicitation completed: ${await ask(context, "Which?", enums)}`)),
  test_missing_capability: ({ capabilities }) => {
    if (capabilities.sampling === undefined)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return answer(text("The capability is there"));
  },
};

export const inputSchemaOf = (name: string) => {
  const needed: Record<string, string> = { test_sampling: "prompt", test_elicitation: "message" };
  const argument = needed[name];
  return argument === undefined
    ? { type: "object" as const, properties: {} }
    : {
        type: "object" as const,
        properties: { [argument]: { type: "string" } },
        required: [argument],
      };
};
