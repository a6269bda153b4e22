// An MCP client of the server for scripts at a terminal: whoever sits there answers the server's questions.
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { serverEnv } from "./server-env.mjs";

/** Asks the one at the terminal. */
const ask = async ({ params }) => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const said = await terminal.question(`${params.message} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(said.trim())
    ? { action: "accept", content: { agree: true } }
    : { action: "decline" };
};

/** Starts the server with these flags, and connects to it. */
export const startServer = async (name, flags = []) => {
  const client = new Client(
    { name, version: "1.0.0" },
    {
      versionNegotiation: { mode: "auto" },
      // Without a terminal there is nobody to ask.
      capabilities: process.stdin.isTTY ? { elicitation: {} } : {},
    },
  );
  if (process.stdin.isTTY) client.setRequestHandler("elicitation/create", ask);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL("../dist/cli.cjs", import.meta.url)), ...flags],
    env: serverEnv(flags),
    stderr: "inherit",
  });
  // A server that does not start has said why.
  await client.connect(transport).catch(() => process.exit(1));

  /** Calls a tool; an error ends the script with what the server says to do. */
  const call = async (tool, args) => {
    const { structuredContent: answer } = await client.callTool({ name: tool, arguments: args });
    if (answer.status === "ok") return answer;
    const { code, message, nextActions } = answer.error ?? answer;
    console.error(`${tool}: ${code ?? answer.status}: ${message}`);
    if (answer.status === "needs_confirmation")
      console.error(
        "  run this in a terminal to answer the question, or agree with ATLAS_MCP_CONFIRM=never",
      );
    else
      for (const action of nextActions)
        console.error(`  try ${action.tool} ${JSON.stringify(action.arguments)}`);
    await client.close();
    process.exit(1);
  };

  return { call, close: () => client.close() };
};
