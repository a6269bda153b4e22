/** Says in one sentence what is wrong with params. The SDK answers with all of zod's problems as JSON, and often with the wrong code. */
import type { McpServer, Server } from "@modelcontextprotocol/server";
import { isRecord, parseJson } from "../../common/json.ts";

// Not "Invalid tools/call result", which would be a mistake of ours.
const dump = /^(?:Invalid \S+ request: )?(\[\s*\{[\s\S]*\])$/;

const kinds: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "a boolean",
  object: "an object",
  record: "an object",
  array: "an array",
};

const kindOf = (name: string): string => kinds[name] ?? name;

const pathOf = ({ path }: Record<string, unknown>): string => {
  const names = Array.isArray(path) ? path.map(String) : [];
  const below = names[0] === "params" ? names.slice(1) : names;
  return JSON.stringify((below.length === 0 ? "params" : below.join(".")).slice(0, 100));
};

const sentenceFor = (issue: Record<string, unknown>): string => {
  const said = String(issue.message);
  const [, expected, received] = /expected (\w+), received (\w+)/.exec(said) ?? [];
  const what = pathOf(issue);
  if (expected === undefined || received === undefined)
    return `${what} is not valid (${said.replace(/\s+/g, " ").slice(0, 200)})`;
  return received === "undefined"
    ? `${what} is missing; it must be ${kindOf(expected)}`
    : `${what} must be ${kindOf(expected)}, not ${kindOf(received)}`;
};

/** The sentence for an error message that lists zod's problems. Undefined for any other message. */
export const sentenceIn = (message: string): string | undefined => {
  const list = parseJson(dump.exec(message)?.[1] ?? "")?.value;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isRecord(first) && Array.isArray(first.path)
    ? `Invalid params: ${sentenceFor(first)}`
    : undefined;
};

/** Makes a server that is not connected yet send such errors as a sentence. */
export const withPlainErrors = <S extends Server | McpServer>(server: S): S => {
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      const sentence = "error" in message ? sentenceIn(message.error.message) : undefined;
      if (sentence === undefined || !("error" in message)) return send(message, options);
      return send({ ...message, error: { code: -32602, message: sentence } }, options);
    };
    return connect(transport);
  };
  return server;
};
