// Anthropic's Messages API, and what is compatible with it: https://docs.claude.com/en/api/messages
import { ModelError } from "./http.mjs";

const version = "2023-06-01";
const maxTokens = 8192;

const tokensOf = ({ usage = {} }) => ({
  // Read from a cache or not: the model has read it.
  in:
    (usage.input_tokens ?? 0) +
    (usage.cache_read_input_tokens ?? 0) +
    (usage.cache_creation_input_tokens ?? 0),
  out: usage.output_tokens ?? 0,
});

/** Opens conversations with a model; see models/index.mjs for their form. */
export const createAnthropic =
  ({ baseUrl = "https://api.anthropic.com", model, apiKey, sender }) =>
  ({ system, tools, signal }) => {
    const messages = [];
    // Some give the address with the version, as OpenAI's has it.
    const url = `${baseUrl.replace(/(\/v1)?\/?$/, "")}/v1/messages`;
    const headers = {
      "content-type": "application/json",
      "anthropic-version": version,
      ...(apiKey === undefined ? {} : { "x-api-key": apiKey }),
    };
    const offered = tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    }));
    return {
      say: (text) => void messages.push({ role: "user", content: text }),
      results: (results) =>
        void messages.push({
          role: "user",
          content: results.map(({ id, text, failed }) => ({
            type: "tool_result",
            tool_use_id: id,
            content: text,
            ...(failed ? { is_error: true } : {}),
          })),
        }),
      next: async () => {
        const body = { model, max_tokens: maxTokens, system, tools: offered, messages };
        const answer = await sender.post(url, headers, body, signal);
        if (!Array.isArray(answer.content)) throw new ModelError(`${url} answers without content.`);
        // As it came, also what only the model can read; an empty message would be refused.
        if (answer.content.length > 0)
          messages.push({ role: "assistant", content: answer.content });
        const ofType = (type) => answer.content.filter((block) => block.type === type);
        return {
          text: ofType("text")
            .map(({ text }) => text)
            .join("\n"),
          calls: ofType("tool_use").map(({ id, name, input }) => ({ id, name, args: input })),
          tokens: tokensOf(answer),
        };
      },
    };
  };
