// OpenAI's chat completions, and what is compatible with them: https://platform.openai.com/docs/api-reference/chat
import { ModelError } from "./http.mjs";

const tokensOf = ({ usage }) => ({
  in: usage?.prompt_tokens ?? 0,
  out: usage?.completion_tokens ?? 0,
});

/** The arguments of a call, or what is wrong with them, which the model is told. */
const callOf = ({ id, function: { name, arguments: text } }) => {
  try {
    return { id, name, args: text?.trim() ? JSON.parse(text) : {} };
  } catch (error) {
    return { id, name, args: {}, problem: `The arguments are not JSON: ${error.message}` };
  }
};

/** Opens conversations with a model; see models/index.mjs for their form. */
export const createOpenAi =
  ({ baseUrl = "https://api.openai.com/v1", model, apiKey, sender }) =>
  ({ system, tools, signal }) => {
    const messages = [{ role: "system", content: system }];
    const url = `${baseUrl.replace(/\/$/, "")}/chat/completions`;
    const headers = {
      "content-type": "application/json",
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    };
    const offered = tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    }));
    return {
      say: (text) => void messages.push({ role: "user", content: text }),
      results: (results) => {
        for (const { id, text } of results)
          messages.push({ role: "tool", tool_call_id: id, content: text });
      },
      next: async () => {
        const answer = await sender.post(url, headers, { model, messages, tools: offered }, signal);
        const message = answer.choices?.[0]?.message;
        if (message === undefined) throw new ModelError(`${url} answers without a message.`);
        const { content, tool_calls: calls } = message;
        messages.push({
          role: "assistant",
          content: content ?? "",
          ...(calls?.length ? { tool_calls: calls } : {}),
        });
        return {
          text: content ?? "",
          calls: (calls ?? []).map(callOf),
          tokens: tokensOf(answer),
        };
      },
    };
  };
