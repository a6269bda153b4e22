// The OpenAI Agents SDK: the server is one of the agent's mcpServers, its runner calls the tools.
import { Agent, MCPServerStdio, OpenAIChatCompletionsModel, Runner } from "@openai/agents";
import OpenAI from "openai";
import { openModel } from "./model.mjs";
import { patience, rounds, server, showAnswer, showCall, task } from "./task.mjs";

const model = await openModel();
// Its patience with a server is five seconds where nothing else is said.
const atlas = new MCPServerStdio({ ...server, clientSessionTimeoutSeconds: patience / 1000 });
await atlas.connect();
try {
  const agent = new Agent({
    name: "provisioner",
    model: new OpenAIChatCompletionsModel(new OpenAI(model), model.name),
    mcpServers: [atlas],
  });
  // Traces would go to OpenAI.
  const runner = new Runner({ tracingDisabled: true });
  runner.on("agent_tool_start", (_context, _agent, tool, { toolCall }) =>
    showCall(tool.name, JSON.parse(toolCall.arguments)),
  );
  showAnswer((await runner.run(agent, task, { maxTurns: rounds })).finalOutput);
} finally {
  await atlas.close();
  model.close();
}
