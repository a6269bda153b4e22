/** A server that has everything the conformance suite asks for, so that what is judged is the host around it. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import {
  listedPrompts,
  prompts,
  readResource,
  resources,
  resourceTemplates,
} from "./conformance-content.ts";
import { askingPrompt, askingTools, getAskingPrompt } from "./conformance-questions.ts";
import { inputSchemaOf, plainTools } from "./conformance-tools.ts";

const cached = { ttlMs: 60_000, cacheScope: "public" as const };

const unknown = (what: string) =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown: ${what}`);

/** What the client of this call can do: said with each request in 2026, once before. */
const capabilitiesOf = (server: Server, { mcpReq }: ServerContext): ClientCapabilities => {
  const declared: unknown = Reflect.get(mcpReq.envelope ?? {}, CLIENT_CAPABILITIES_META_KEY);
  return (declared as ClientCapabilities | undefined) ?? server.getClientCapabilities() ?? {};
};

export const createConformanceServer = (): Server => {
  const server = new Server(
    { name: "conformance", version: "1.0.0" },
    {
      capabilities: {
        tools: {},
        prompts: {},
        resources: { subscribe: true },
        completions: {},
        logging: {},
      },
      cacheHints: {
        "tools/list": cached,
        "prompts/list": cached,
        "resources/list": cached,
        "resources/templates/list": cached,
        "resources/read": cached,
        "server/discover": cached,
      },
    },
  );
  const names = [...Object.keys(plainTools), ...Object.keys(askingTools)];
  server.setRequestHandler("tools/list", () => ({
    tools: names.map((name) => ({
      name,
      description: "A tool of the conformance suite",
      inputSchema: inputSchemaOf(name),
    })),
  }));
  // The handlers' results are the suite's own, of every kind there is.
  server.setRequestHandler("tools/call", async ({ params }, context): Promise<any> => {
    const { name, arguments: args = {} } = params;
    const capabilities = capabilitiesOf(server, context);
    const asking = askingTools[name];
    if (asking !== undefined) return asking(context, capabilities);
    const plain = plainTools[name];
    if (plain === undefined) throw unknown(name);
    return plain({ args: args as Record<string, string>, context, capabilities });
  });
  server.setRequestHandler("prompts/list", () => ({
    prompts: [...listedPrompts(), { name: askingPrompt, description: "A prompt that asks first" }],
  }));
  server.setRequestHandler("prompts/get", ({ params }, context): any => {
    if (params.name === askingPrompt) return getAskingPrompt(context);
    const prompt = prompts[params.name];
    if (prompt === undefined) throw unknown(params.name);
    return { messages: prompt.messages(params.arguments ?? {}) };
  });
  server.setRequestHandler("resources/list", () => ({ resources }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates }));
  server.setRequestHandler("resources/read", ({ params }) => readResource(params.uri));
  server.setRequestHandler("resources/subscribe", () => ({}));
  server.setRequestHandler("resources/unsubscribe", () => ({}));
  server.setRequestHandler("completion/complete", () => ({
    completion: { values: ["paris", "park"], total: 2, hasMore: false },
  }));
  return server;
};
