/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses-streaming */
import { type OfferedTool, type Said, textOf, type Wire } from "./wire.ts";

// Tools can be grouped; a call then names its group beside the tool.
const separator = " ";

const toolsIn = (tools: any[], group = ""): OfferedTool[] =>
  tools.flatMap((tool) =>
    tool.type === "namespace"
      ? toolsIn(tool.tools, `${tool.name}${separator}`)
      : [
          {
            name: `${group}${tool.name ?? tool.type}`,
            description: tool.description ?? "",
            schema: tool.parameters ?? {},
          },
        ],
  );

const itemOf = (said: Said) => {
  if ("text" in said)
    return {
      type: "message",
      id: "msg_scripted",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: said.text, annotations: [] }],
    };
  const [name, namespace] = said.tool.name.split(separator).reverse();
  return {
    type: "function_call",
    id: `fc_${said.id}`,
    call_id: said.id,
    status: "completed",
    name,
    ...(namespace === undefined ? {} : { namespace }),
    arguments: JSON.stringify(said.args),
  };
};

const typed = (data: { type: string; [name: string]: unknown }) => ({ event: data.type, data });

export const responses: Wire = {
  path: /\/responses(\?|$)/,
  read: ({ instructions = "", input = [], tools = [] }) => {
    const items: any[] = typeof input === "string" ? [{ role: "user", content: input }] : input;
    return {
      // A group says what its tools are for.
      system: [
        instructions,
        textOf(items.filter(({ role }) => role === "developer" || role === "system")),
        ...tools.filter(({ type }: any) => type === "namespace").map((one: any) => one.description),
      ].join("\n"),
      user: textOf(items.filter(({ role }) => role === "user")),
      tools: toolsIn(tools),
      results: items
        .filter(({ type }) => type === "function_call_output")
        .map(({ call_id, output }) => ({ id: call_id, text: textOf(output) })),
    };
  },
  stream: (said, model) => {
    const item = itemOf(said);
    const usage = {
      input_tokens: 1,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 2,
    };
    const response = { id: "resp_scripted", object: "response", model, created_at: 0 };
    return [
      typed({
        type: "response.created",
        response: { ...response, status: "in_progress", output: [] },
      }),
      typed({ type: "response.output_item.added", output_index: 0, item }),
      typed({ type: "response.output_item.done", output_index: 0, item }),
      typed({
        type: "response.completed",
        response: { ...response, status: "completed", output: [item], usage },
      }),
    ];
  },
};
