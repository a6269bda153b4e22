// The MCP client of a host: what the model sees of a server, and the form that its user answers.
import { Client } from "@modelcontextprotocol/client";

// A no that comes sooner is the host's own, and not a person's (docs/hosts.md).
const personMs = 600;

// A call may wait for its cluster, and for its user.
const callMs = 180_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The values of a form by which a user agrees: a ticked box, or the option that says yes. */
const agreement = ({ properties = {} } = {}) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { type, enum: options }]) => [
      name,
      type === "boolean"
        ? true
        : (options?.find((one) => /^yes/i.test(one)) ?? options?.[0] ?? "yes"),
    ]),
  );

const textOf = ({ content = [], structuredContent }) => {
  const texts = content.filter(({ type }) => type === "text").map(({ text }) => text);
  return texts.length > 0 ? texts.join("\n") : JSON.stringify(structuredContent ?? {});
};

/**
 * Connects to a server. `form` says how the user answers a form: "yes", "no", or "none" for a host that cannot show one;
 * `asked` hears each form. Gives the tools, the server's instructions and `call`, whose result is `{text, failed}`.
 */
export const connectClient = async (transport, { form, asked }) => {
  const capabilities = form === "none" ? {} : { elicitation: {} };
  const client = new Client({ name: "evals", version: "1.0.0" }, { capabilities });
  if (form !== "none")
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked(params.message, form === "yes");
      if (form === "yes") return { action: "accept", content: agreement(params.requestedSchema) };
      await pause(personMs);
      return { action: "decline" };
    });
  await client.connect(transport);
  const { tools } = await client.listTools();
  return {
    tools: tools.map(({ name, description = "", inputSchema }) => ({
      name,
      description,
      inputSchema,
    })),
    instructions: client.getInstructions() ?? "",
    call: async (name, args) => {
      try {
        const how = { timeout: callMs, resetTimeoutOnProgress: true };
        const result = await client.callTool({ name, arguments: args }, how);
        return { text: textOf(result), failed: result.isError === true };
      } catch (error) {
        // What a host tells its model where the protocol refuses a call.
        return { text: `The call failed: ${error.message}`, failed: true };
      }
    },
    close: () => client.close(),
  };
};
