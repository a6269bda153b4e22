// The demo: a real MCP client drives the real stdio server, on the embedded sandbox, from an empty
// organization to a connection string with a user and an address behind it, and back to empty.
// No account, no credentials, nothing is billed.
//   npm run demo
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv, stripVTControlCharacters } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim, green, yellow] = ["1", "2", "32", "33"].map(paint);

// A reader such as `head` has what it wanted and is gone.
process.stdout.on("error", () => process.exit(0));

const print = (text = "") => console.log(text);

const lengthOf = (text) => stripVTControlCharacters(text).length;

/** Prints a text after a prefix. In a terminal a long text wraps between words, below where it began. */
const hang = (prefix, text) => {
  const width = process.stdout.isTTY ? process.stdout.columns : 0;
  const start = lengthOf(prefix);
  let line = prefix;
  let isEmpty = true;
  for (const word of String(text).split(" ")) {
    if (width > start + 20 && !isEmpty && lengthOf(line) + 1 + lengthOf(word) > width) {
      print(line);
      line = " ".repeat(start);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  print(line);
};
let steps = 0;
const step = (text) => {
  steps += 1;
  print(`\n${bold(`${steps}. ${text}`)}`);
};
const show = (label, value) => hang(`  ${dim(label.padEnd(12))} `, value);

// Passwords of database users go to files: here to a folder that goes with the demo, however it ends.
const folder = mkdtempSync(join(tmpdir(), "atlas-provision-demo-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const client = new Client(
  { name: "atlas-provision-demo", version: "1.0.0" },
  { versionNegotiation: { mode: "auto" }, capabilities: { elicitation: {} } },
);

// A host would show the question to its user; the user of this one reads it and declines.
client.setRequestHandler("elicitation/create", async ({ params }) => {
  show("asks", yellow(params.message));
  // A person reads first; a no at once would be taken for the host's own.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  show("the user", "no");
  return { action: "decline" };
});

// Only what a child needs: credentials in this shell stay out, so the demo can never reach live Atlas.
const { PATH = "", HOME = "" } = process.env;
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [fileURLToPath(new URL("../dist/cli.cjs", import.meta.url)), "--backend", "sandbox"],
  // Where its sandbox can be watched would be no part of the demo, which ends it soon.
  env: {
    ...{ PATH, HOME, ATLAS_MCP_CREDENTIALS_DIR: join(folder, "credentials") },
    ATLAS_MCP_LOG_LEVEL: "error",
  },
});

// Not the client's own progress, while a question is answered: it says nothing of Atlas.
const onprogress = ({ message }) => message.startsWith("Fulfilling") || show("waiting", message);

/** Calls a tool and shows the call; returns its structured content, which must have this status. */
const call = async (tool, args, status = "ok") => {
  // Blanks between the members, where the line may break.
  const shown = JSON.stringify(args, null, 1).replaceAll(/\n\s*/g, " ");
  hang(`  ${dim("->")} ${tool} `, dim(process.stdout.isTTY ? shown : JSON.stringify(args)));
  const answer = await client.callTool({ name: tool, arguments: args }, { onprogress });
  const { structuredContent } = answer;
  if (structuredContent.status === status) return structuredContent;
  throw new Error(`expected ${status}: ${JSON.stringify(structuredContent)}`);
};

const startedAt = Date.now();
await client.connect(transport);

step("Connect to the MCP server (it starts its own Atlas sandbox)");
const { tools } = await client.listTools();
show("protocol", client.getNegotiatedProtocolVersion());
show("tools", tools.map((tool) => tool.name).join(", "));

step("Look at the account");
const account = await call("get_account", {});
const [organization] = account.organizations;
show("backend", `${account.backend} ${dim("(nothing is real, nothing is billed)")}`);
show("organization", `${organization.name} ${dim(organization.id)}`);
show("projects", account.totalCount);

step("Create a project");
const wanted = {
  name: "shop",
  orgId: organization.id,
  tags: [{ key: "environment", value: "demo" }],
};
const { project } = await call("create_project", wanted);
const groupId = project.id;
show("created", `${green(project.name)} ${dim(groupId)}`);

step("Repeat the call, as after a lost response: nothing is created twice");
const { error: taken } = await call("create_project", wanted, "error");
show(taken.code, taken.message);
const same = await call("create_project", { ...wanted, ifExists: "return" });
show(same.outcome, `${green(same.project.name)} ${dim(same.project.id)}`);

step("Create a flex cluster, with AWS's name of the region");
const cluster = {
  groupId,
  name: "orders",
  providerSettings: { backingProviderName: "AWS", regionName: "us-east-1" },
  waitSeconds: 20,
};
const { error } = await call("create_flex_cluster", cluster, "error");
show(error.code, yellow(error.message));
const [mended] = error.nextActions;
show("suggestion", mended.why);

step("Make the corrected call that the error suggested");
const made = await call(mended.tool, mended.arguments);
show("state", `${green(made.cluster.stateName)} ${dim(`ready: ${made.ready}`)}`);
show("srv", made.cluster.connectionStrings.standardSrv);

step("Create a database user: its password goes to a file, not into the result");
const user = await call("create_database_user", { groupId, username: "app" });
const file = user.credentialsFile;
const mode = (statSync(file).mode & 0o777).toString(8).padStart(4, "0");
show(
  "created",
  `${green(user.databaseUser.username)} ${dim(`in ${user.databaseUser.databaseName}`)}`,
);
show("file", `${file} ${dim(`mode ${mode}`)}`);

step("Allow an IP address");
const entry = await call("create_access_list_entry", {
  groupId,
  ipAddress: "203.0.113.7",
  comment: "office",
});
show("created", green(entry.accessListEntry.cidrBlock));

step("Allow the whole internet? The server asks about that, even in the sandbox");
const everyone = { groupId, cidrBlock: "0.0.0.0/0" };
const { error: declined } = await call("create_access_list_entry", everyone, "error");
show(declined.code, declined.message);

step("Look at the project");
const there = await call("get_project", { groupId });
show("cluster", `${there.clusters[0].name} ${dim(there.clusters[0].stateName)}`);
show("user", there.databaseUsers[0].username);
show("address", there.accessListEntries.map((one) => one.cidrBlock).join(", "));

step("Read the connection string from the file");
const { MONGODB_URI, MONGODB_PASSWORD } = parseEnv(readFileSync(file, "utf8"));
show("MONGODB_URI", green(MONGODB_URI.replace(MONGODB_PASSWORD, "********")));

step("Delete the cluster, then the project");
const removed = await call("delete_flex_cluster", { groupId, name: "orders" });
show(removed.outcome, "orders");
const left = await call("delete_project", { groupId, name: "shop" });
show(left.outcome, "shop, with its user and its IP access list");

step("The organization is empty again");
const { totalCount } = await call("list_projects", { orgId: organization.id });
show("projects", totalCount);

await client.close();
print();
hang(
  "",
  `${dim(`Done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s. Host names of the sandbox end in .invalid: there is no server behind them.`)}`,
);
