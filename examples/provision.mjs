// A script without a model: makes a project and a flex cluster through an MCP client, and prints the
// connection string. Safe to run again: it goes on with what exists.
//   node examples/provision.mjs PROJECT CLUSTER [AWS|AZURE|GCP] [REGION]
// Where money is spent, the server asks and the one at the terminal answers. Without credentials in the
// environment it works on the embedded sandbox.
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [projectName, clusterName, provider = "AWS", region = "US_EAST_1"] = process.argv.slice(2);
if (!projectName || !clusterName) {
  console.error("usage: node examples/provision.mjs PROJECT CLUSTER [AWS|AZURE|GCP] [REGION]");
  process.exit(2);
}

const client = new Client(
  { name: "provision-script", version: "1.0.0" },
  {
    versionNegotiation: { mode: "auto" },
    // Without a terminal there is nobody to ask.
    capabilities: process.stdin.isTTY ? { elicitation: {} } : {},
  },
);
if (process.stdin.isTTY)
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const said = await terminal.question(`${params.message} [y/N] `);
    terminal.close();
    return /^y(es)?$/i.test(said.trim())
      ? { action: "accept", content: { agree: true } }
      : { action: "decline" };
  });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL("../dist/cli.cjs", import.meta.url))],
    env: Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)),
    stderr: "inherit",
  }),
);

/** Calls a tool; an error ends the script with what the server says to do. */
const call = async (name, args) => {
  const { structuredContent: answer } = await client.callTool({ name, arguments: args });
  if (answer.status === "ok") return answer;
  const { code, message, nextActions } = answer.error ?? answer;
  console.error(`${name}: ${code ?? answer.status}: ${message}`);
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

const { organizations } = await call("get_account", {});
const { project } = await call("create_project", {
  name: projectName,
  orgId: organizations[0].id,
  ifExists: "return",
});
let { cluster, ready } = await call("create_flex_cluster", {
  groupId: project.id,
  name: clusterName,
  providerSettings: { backingProviderName: provider, regionName: region },
  ifExists: "return",
});
while (!ready)
  ({ cluster, ready } = await call("get_flex_cluster", {
    groupId: project.id,
    name: clusterName,
    waitSeconds: 30,
  }));

console.log(cluster.connectionStrings.standardSrv);
await client.close();
