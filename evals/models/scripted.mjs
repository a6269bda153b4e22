// The scripted model behind both protocols, on a free port of this machine: it proves the harness and the adapters.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { nextMove } from "./script.mjs";

const size = (value) => encode(JSON.stringify(value)).length;

/** As the real endpoints: a result that answers no call is refused. */
const calledTool = (call) => {
  if (call === undefined) throw new Error("A result answers no call.");
  return call;
};

const textOf = (content) =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("\n");

/** Anthropic's Messages. */
const messagesWire = {
  read: ({ messages, max_tokens: most }, headers) => {
    if (!headers["anthropic-version"] || !headers["x-api-key"] || !(most > 0))
      throw new Error("anthropic-version, x-api-key and max_tokens are required.");
    const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
    const nameOf = (id) =>
      calledTool(blocks.find((block) => block.type === "tool_use" && block.id === id)).name;
    return {
      played: messages.filter(({ role }) => role === "assistant").length,
      results: blocks
        .filter(({ type }) => type === "tool_result")
        .map(({ tool_use_id, content }) => ({ tool: nameOf(tool_use_id), text: textOf(content) })),
    };
  },
  write: ({ text, calls = [] }, model, usage, idOf) => ({
    id: "msg_scripted",
    type: "message",
    role: "assistant",
    model,
    content:
      text === undefined
        ? calls.map(({ name, args }, index) => ({
            type: "tool_use",
            id: idOf(index),
            name,
            input: args,
          }))
        : [{ type: "text", text }],
    stop_reason: text === undefined ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: usage.in, output_tokens: usage.out },
  }),
};

/** OpenAI's chat completions. */
const chatWire = {
  read: ({ messages }, headers) => {
    if (!headers.authorization?.startsWith("Bearer ")) throw new Error("A key is required.");
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
    const nameOf = (id) => calledTool(calls.find((one) => one.id === id)).function.name;
    return {
      played: messages.filter(({ role }) => role === "assistant").length,
      results: messages
        .filter(({ role }) => role === "tool")
        .map(({ tool_call_id, content }) => ({
          tool: nameOf(tool_call_id),
          text: textOf(content),
        })),
    };
  },
  write: ({ text = null, calls = [] }, model, usage, idOf) => ({
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text,
          ...(calls.length === 0
            ? {}
            : {
                tool_calls: calls.map(({ name, args }, index) => ({
                  id: idOf(index),
                  type: "function",
                  function: { name, arguments: JSON.stringify(args) },
                })),
              }),
        },
        finish_reason: calls.length === 0 ? "stop" : "tool_calls",
      },
    ],
    usage: {
      prompt_tokens: usage.in,
      completion_tokens: usage.out,
      total_tokens: usage.in + usage.out,
    },
  }),
};

const wires = { "/v1/messages": messagesWire, "/v1/chat/completions": chatWire };

/**
 * Starts the model for one task. Tokens are those of o200k_base in what is sent and answered.
 * @returns {Promise<{anthropicUrl: string, openaiUrl: string, close: () => void}>}
 */
export const startScriptedModel = async (moves) => {
  const http = createServer(async (incoming, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const wire = incoming.method === "POST" ? wires[incoming.url] : undefined;
    if (wire === undefined) return answer(404, { error: { message: "unknown path" } });
    try {
      const body = await json(incoming);
      const { played, results } = wire.read(body, incoming.headers);
      const move = nextMove(moves, played, results);
      const { system, messages, tools } = body;
      const usage = { in: size({ system, messages, tools }), out: size(move) };
      answer(
        200,
        wire.write(move, body.model, usage, (index) => `call_${played}_${index}`),
      );
    } catch (error) {
      answer(400, { error: { type: "invalid_request_error", message: error.message } });
    }
  });
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${http.address().port}`;
  return {
    anthropicUrl: address,
    openaiUrl: `${address}/v1`,
    close: () => http.close().closeAllConnections(),
  };
};
