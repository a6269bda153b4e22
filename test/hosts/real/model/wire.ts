/** What the API of any vendor carries between a host and its model. */

export type OfferedTool = {
  name: string;
  description: string;
  schema: Record<string, any>;
};

export type ToolResult = {
  /** The id of the call, as the model gave it. */
  id: string;
  /** All that the model reads. */
  text: string;
};

/** One request of a host, in the terms of no vendor. */
export type Heard = {
  /** The instructions of the host, with those of the servers as far as it has put them there. */
  system: string;
  /** What stands in messages of the user. */
  user: string;
  tools: OfferedTool[];
  results: ToolResult[];
};

export type Said = { text: string } | { id: string; tool: OfferedTool; args: object };

type StreamEvent = { event?: string; data: object | "[DONE]" };

export type Wire = {
  path: RegExp;
  read(body: any): Heard;
  /** The events of a streamed response. */
  stream(said: Said, model: string): StreamEvent[];
};

/** The text in a content of any form: a text, or blocks with text. */
export const textOf = (content: unknown): string => {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(textOf).join("\n");
  if (typeof content !== "object" || content === null) return "";
  const { text, content: inner } = content as { text?: unknown; content?: unknown };
  return textOf(text ?? inner);
};
