/** Gemini's generateContent: https://ai.google.dev/api/generate-content */
import type { Said, Wire } from "./wire.ts";

const partOf = (said: Said) =>
  "text" in said
    ? { text: said.text }
    : { functionCall: { id: said.id, name: said.tool.name, args: said.args } };

const textIn = (parts: any[] = []): string =>
  parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n");

/** What a function response carries: a host may wrap the text of a result. */
const responseIn = ({ output, error, ...others }: Record<string, any>): string => {
  const said = output ?? error ?? others;
  return typeof said === "string" ? said : JSON.stringify(said);
};

export const gemini: Wire = {
  path: /:(streamG|g)enerateContent(\?|$)/,
  read: ({ systemInstruction, contents = [], tools = [] }) => {
    const parts = contents
      .filter(({ role }: any) => role !== "model")
      .flatMap((one: any) => one.parts);
    const declared = tools.flatMap(({ functionDeclarations = [] }: any) => functionDeclarations);
    return {
      system: textIn(systemInstruction?.parts),
      user: textIn(parts),
      tools: declared.map((tool: any) => ({
        name: tool.name,
        description: tool.description ?? "",
        schema: tool.parametersJsonSchema ?? tool.parameters ?? {},
      })),
      results: parts
        .filter(({ functionResponse }: any) => functionResponse !== undefined)
        .map(({ functionResponse: { id, name, response } }: any) => ({
          id: id ?? name,
          text: responseIn(response),
        })),
    };
  },
  stream: (said, model) => [
    {
      data: {
        candidates: [
          { index: 0, content: { role: "model", parts: [partOf(said)] }, finishReason: "STOP" },
        ],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
        modelVersion: model,
      },
    },
  ],
};
