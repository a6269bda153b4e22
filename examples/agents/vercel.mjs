// The Vercel AI SDK: its MCP client gives the tools, its tool loop calls them.
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { isStepCount, ToolLoopAgent } from "ai";
import { openModel } from "./model.mjs";
import { rounds, server, showAnswer, showCall, task } from "./task.mjs";

const model = await openModel();
const provider = createOpenAICompatible({ ...model, name: "model" });
const client = await createMCPClient({ transport: new Experimental_StdioMCPTransport(server) });
try {
  const agent = new ToolLoopAgent({
    model: provider.chatModel(model.name),
    tools: await client.tools(),
    stopWhen: isStepCount(rounds),
    onStepEnd: ({ toolCalls }) => {
      for (const { toolName, input } of toolCalls) showCall(toolName, input);
    },
  });
  showAnswer((await agent.generate({ prompt: task })).text);
} finally {
  await client.close();
  model.close();
}
