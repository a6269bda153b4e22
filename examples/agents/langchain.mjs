// LangChain: its MCP adapters give the tools, createAgent's loop calls them.
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, createMiddleware, ToolMessage } from "langchain";
import { openModel } from "./model.mjs";
import { patience, rounds, server, showAnswer, showCall, task } from "./task.mjs";

const model = await openModel();
const client = new MultiServerMCPClient({
  mcpServers: { atlas: { transport: "stdio", ...server, defaultToolTimeout: patience } },
});

// The adapters throw where a tool answers with an error, and that would end the agent. The error says
// what to do next, so the model has to see it.
const errorsToModel = createMiddleware({
  name: "errorsToModel",
  wrapToolCall: async (request, handler) => {
    const { id, name, args } = request.toolCall;
    showCall(name, args);
    try {
      return await handler(request);
    } catch (error) {
      return new ToolMessage({ tool_call_id: id, content: error.message, status: "error" });
    }
  },
});

try {
  const agent = createAgent({
    model: new ChatOpenAI({
      model: model.name,
      apiKey: model.apiKey,
      configuration: { baseURL: model.baseURL },
    }),
    tools: await client.getTools(),
    middleware: [errorsToModel],
  });
  const { messages } = await agent.invoke(
    { messages: [{ role: "user", content: task }] },
    { recursionLimit: 3 * rounds },
  );
  showAnswer(messages.at(-1).text);
} finally {
  await client.close();
  model.close();
}
