/** OpenAI's chat completions: https://platform.openai.com/docs/api-reference/chat/streaming */
import { type Said, textOf, type Wire } from "./wire.ts";

const deltaOf = (said: Said) =>
  "text" in said
    ? { role: "assistant", content: said.text }
    : {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            index: 0,
            id: said.id,
            type: "function",
            function: { name: said.tool.name, arguments: JSON.stringify(said.args) },
          },
        ],
      };

export const chat: Wire = {
  path: /\/chat\/completions(\?|$)/,
  read: ({ messages = [], tools = [] }) => {
    const ofRole = (...roles: string[]) =>
      messages.filter(({ role }: { role: string }) => roles.includes(role));
    return {
      system: textOf(ofRole("system", "developer")),
      user: textOf(ofRole("user")),
      tools: tools.map(({ function: tool }: any) => ({
        name: tool.name,
        description: tool.description ?? "",
        schema: tool.parameters ?? {},
      })),
      results: ofRole("tool").map((message: any) => ({
        id: message.tool_call_id,
        text: textOf(message.content),
      })),
    };
  },
  stream: (said, model) => {
    const chunk = (delta: object, finish_reason: string | null) => ({
      data: {
        id: "chatcmpl-scripted",
        object: "chat.completion.chunk",
        created: 0,
        model,
        choices: [{ index: 0, delta, finish_reason }],
        ...(finish_reason === null
          ? {}
          : { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }),
      },
    });
    return [
      chunk(deltaOf(said), null),
      chunk({}, "text" in said ? "stop" : "tool_calls"),
      { data: "[DONE]" },
    ];
  },
};
