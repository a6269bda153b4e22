/** Anthropic's Messages: https://docs.claude.com/en/api/messages-streaming */
import { type Said, textOf, type Wire } from "./wire.ts";

const usage = { input_tokens: 1, output_tokens: 1 };

const blocksOf = ({ content }: { content: any }): any[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

const blockOf = (said: Said) =>
  "text" in said
    ? {
        start: { type: "text", text: "" },
        delta: { type: "text_delta", text: said.text },
        stop_reason: "end_turn",
      }
    : {
        start: { type: "tool_use", id: said.id, name: said.tool.name, input: {} },
        delta: { type: "input_json_delta", partial_json: JSON.stringify(said.args) },
        stop_reason: "tool_use",
      };

const typed = (data: { type: string; [name: string]: unknown }) => ({ event: data.type, data });

export const anthropic: Wire = {
  path: /\/v1\/messages(\?|$)/,
  read: ({ system = "", messages = [], tools = [] }) => {
    const blocks = messages.filter(({ role }: any) => role !== "assistant").flatMap(blocksOf);
    return {
      system: textOf(system),
      user: textOf(blocks.filter(({ type }: any) => type === "text")),
      tools: tools.map((tool: any) => ({
        name: tool.name,
        description: tool.description ?? "",
        schema: tool.input_schema ?? {},
      })),
      results: blocks
        .filter(({ type }: any) => type === "tool_result")
        .map((block: any) => ({ id: block.tool_use_id, text: textOf(block.content) })),
    };
  },
  stream: (said, model) => {
    const { start, delta, stop_reason } = blockOf(said);
    const message = {
      id: "msg_scripted",
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    };
    return [
      typed({ type: "message_start", message }),
      typed({ type: "content_block_start", index: 0, content_block: start }),
      typed({ type: "content_block_delta", index: 0, delta }),
      typed({ type: "content_block_stop", index: 0 }),
      typed({ type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage }),
      typed({ type: "message_stop" }),
    ];
  },
};
