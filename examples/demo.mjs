// The demo: a real MCP client drives the real stdio server, on the embedded sandbox, from an empty
// organization to connection strings. No account, no credentials, nothing is billed.
//   npm run demo
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim, green, yellow] = ["1", "2", "32", "33"].map(paint);

const print = (text = "") => console.log(text);
const step = (text) => print(`\n${bold(text)}`);
const show = (label, value) => print(`  ${dim(label.padEnd(12))} ${value}`);

const client = new Client(
  { name: "atlas-provision-demo", version: "1.0.0" },
  { versionNegotiation: { mode: "auto" } },
);

// Only what a child needs: credentials in this shell stay out, so the demo can never reach live Atlas.
const { PATH = "", HOME = "" } = process.env;
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [fileURLToPath(new URL("../dist/cli.cjs", import.meta.url)), "--backend", "sandbox"],
  env: { PATH, HOME },
});

/** Calls a tool and shows the call; returns its structured content. */
const call = async (tool, args, options) => {
  print(`  ${dim("->")} ${tool} ${dim(JSON.stringify(args))}`);
  const { structuredContent } = await client.callTool({ name: tool, arguments: args }, options);
  return structuredContent;
};

const must = (answer, status) => {
  if (answer.status !== status) throw new Error(`expected ${status}: ${JSON.stringify(answer)}`);
  return answer;
};

const startedAt = Date.now();
await client.connect(transport);

step("1. Connect to the MCP server (it starts an Atlas sandbox by itself)");
const { tools } = await client.listTools();
show("protocol", client.getNegotiatedProtocolVersion());
show("tools", tools.map((tool) => tool.name).join(", "));

step("2. What is there?");
const account = must(await call("get_account", {}), "ok");
const [organization] = account.organizations;
show("backend", `${account.backend} ${dim("(nothing is real, nothing is billed)")}`);
show("organization", `${organization.name} ${dim(organization.id)}`);
show("projects", account.totalCount);

step("3. Create a project");
const wanted = {
  name: "shop",
  orgId: organization.id,
  tags: [{ key: "environment", value: "demo" }],
};
const { project } = must(await call("create_project", wanted), "ok");
show("created", `${green(project.name)} ${dim(project.id)}`);

step("4. The same call again, as after a lost answer: nothing is doubled");
const { error: taken } = must(await call("create_project", wanted), "error");
show(taken.code, taken.message);
const same = must(await call("create_project", { ...wanted, ifExists: "return" }), "ok");
show(same.outcome, `${green(same.project.name)} ${dim(same.project.id)}`);

step("5. Create a flex cluster, with the region in AWS's spelling");
const { error } = must(
  await call("create_flex_cluster", {
    groupId: project.id,
    name: "orders",
    providerSettings: { backingProviderName: "AWS", regionName: "us-east-1" },
    waitSeconds: 20,
  }),
  "error",
);
show(yellow(error.code), error.message);
const [mended] = error.nextActions;
show("suggestion", mended.why);

step("6. The mended call, as the answer suggested it");
const { cluster, ready } = must(
  await call(mended.tool, mended.arguments, {
    onprogress: ({ progress, total, message }) => show(`${progress} of ${total} s`, message),
  }),
  "ok",
);
show("state", `${green(cluster.stateName)} ${dim(`ready: ${ready}`)}`);

step("7. Connection strings");
show("srv", green(cluster.connectionStrings.standardSrv));
show("standard", cluster.connectionStrings.standard);

await client.close();
print(
  `\n${dim(`Done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s. Host names of the sandbox end in .invalid: there is no server behind them.`)}`,
);
