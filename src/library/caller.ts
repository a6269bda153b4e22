/** A typed call over an MCP client that a program already has. */
import { settleWithin } from "../common/deadline.ts";
import { isRecord, parseJson } from "../common/json.ts";
import { type Call, callBy } from "./call.ts";
import { CallError } from "./tool-error.ts";

/** The client of either MCP SDK, or any other with this method. */
export type McpClient = {
  // biome-ignore lint/suspicious/noExplicitAny: each client has its own types for options and results.
  callTool(params: { name: string; arguments: Record<string, unknown> }, ...more: any[]): any;
};

/** Calls a tool: resolves with the result of `tools/call`. */
export type CallTool = (
  name: string,
  args: Record<string, unknown>,
  options: { signal?: AbortSignal },
) => unknown;

/** The method of a client as a function. Throws `CallError`. */
const callToolOf = (client: McpClient): CallTool => {
  if (typeof client?.callTool !== "function")
    throw new CallError(
      "invalid_option",
      "",
      "createCaller needs an MCP client with the method callTool, or a function that calls a tool.",
    );
  // The options are the second argument of SDK 2, whose method has two, and the third of SDK 1.
  const hasSchema = client.callTool.length !== 2;
  return (name, args, options) => {
    const params = { name, arguments: args };
    return hasSchema
      ? client.callTool(params, undefined, options)
      : client.callTool(params, options);
  };
};

/** The result in an answer: its structured content, or the same as text, in protocols before 2025-06-18. */
const resultIn = (answer: unknown): unknown => {
  if (!isRecord(answer)) return answer;
  const { structuredContent, content } = answer;
  if (structuredContent !== undefined) return structuredContent;
  const [first] = Array.isArray(content) ? content : [];
  const text = isRecord(first) ? first.text : undefined;
  return (typeof text === "string" ? parseJson(text)?.value : undefined) ?? answer;
};

// JSON-RPC: the parameters are invalid. This server refuses so what it does not offer.
const invalidParams = -32602;

const toCallError = (tool: string, error: unknown, signal: AbortSignal | undefined): CallError => {
  if (signal?.aborted)
    return new CallError(
      "aborted",
      tool,
      `The call of ${tool} was aborted; what became of it is not known.`,
      { cause: signal.reason },
    );
  const says = error instanceof Error ? error.message : String(error);
  const isRefused = isRecord(error) && error.code === invalidParams;
  return new CallError(isRefused ? "tool_not_offered" : "call_failed", tool, says, {
    cause: error,
  });
};

/**
 * A typed `call` over a client that is connected to this server, or over a function that calls it.
 * @example const call = createCaller(client);
 * @example const call = createCaller((name, args) => other.callTool(name, args));
 */
export const createCaller = (client: McpClient | CallTool): Call => {
  const callTool = typeof client === "function" ? client : callToolOf(client);
  return callBy(async (name, args, signal) => {
    const options = signal === undefined ? {} : { signal };
    const calling = Promise.resolve().then(() => callTool(name, args, options));
    // Not every client listens to the signal.
    const answered =
      signal === undefined ? calling : settleWithin(calling, signal, () => new Error("aborted"));
    const answer = await answered.catch((error: unknown) => {
      throw toCallError(name, error, signal);
    });
    return resultIn(answer);
  });
};
