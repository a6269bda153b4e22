// A database for a pull request: makes a project and a flex cluster that `sweep` deletes after so many hours, with
// a user and an IP address for this run, and prints the path of the file that has MONGODB_URI.
//   node examples/pull-request.mjs NAME HOURS IP_ADDRESS
// HOURS is 1 to 168: Atlas takes the end of a user or an address at most a week ahead. Safe to run again, for each push:
// what exists is kept and wanted for HOURS from then. With fewer HOURS than before, project, cluster and address keep
// their later end; the new user ends after HOURS. An address with an earlier end is taken off and let in anew.
// Nobody is asked, so on live Atlas it needs ATLAS_MCP_CONFIRM=never, and ATLAS_MCP_ALLOW_DELETE=true to take an address
// off. examples/github-actions.yml runs it.
import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { serverEnv } from "./server-env.mjs";

const [name, hours, ipAddress = ""] = process.argv.slice(2).map((text) => text.trim());
if (!name || !(Number(hours) >= 1 && Number(hours) <= 168) || isIP(ipAddress) === 0) {
  console.error("usage: node examples/pull-request.mjs NAME HOURS IP_ADDRESS");
  console.error("  HOURS is 1 to 168, IP_ADDRESS an IPv4 or IPv6 address");
  process.exit(2);
}
// Computed once: each resource of this run is wanted until then.
const until = new Date(Date.now() + Number(hours) * 3_600_000).toISOString();

const client = new Client({ name: "pull-request-script", version: "1.0.0" });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL("../dist/cli.cjs", import.meta.url))],
    env: serverEnv(),
    stderr: "inherit",
  }),
);

const stop = async (line) => {
  console.error(line);
  await client.close();
  process.exit(1);
};

/** Calls a tool; an error with another code than this one ends the script. */
const call = async (tool, args, expected) => {
  const { structuredContent: answer } = await client.callTool({ name: tool, arguments: args });
  const { status, error } = answer;
  if (status === "ok" || (expected !== undefined && error?.code === expected)) return answer;
  return stop(`${tool}: ${error?.code ?? status}: ${error?.message ?? answer.message}`);
};

/** Makes what is to be swept; where it exists with another date, its date becomes the new one. */
const ensure = async (create, update, args, idsOf) => {
  const wanted = { ...args, sweepAfter: until, ifExists: "return" };
  const { error, ...made } = await call(create, wanted, "name_conflict");
  return error === undefined ? made : call(update, { ...idsOf(error), sweepAfter: until });
};

const { organizations } = await call("get_account", {});
const { project } = await ensure(
  "create_project",
  "update_project",
  { name, orgId: organizations[0].id },
  ({ existing }) => ({ groupId: existing.id }),
);
const groupId = project.id;
const cluster = { groupId, name: "tests" };
await ensure(
  "create_flex_cluster",
  "update_flex_cluster",
  { ...cluster, providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" } },
  () => cluster,
);
const patience = 20;
const latest = Date.now() + patience * 60_000;
let ready = false;
while (!ready) {
  if (Date.now() > latest)
    await stop(
      `The cluster is not ready after ${patience} minutes. Run this again to wait longer.`,
    );
  ({ ready } = await call("get_flex_cluster", { ...cluster, waitSeconds: 30 }));
}

// A runner has no files of an earlier one, so each run has a user of its own; both end by themselves.
const username = `run-${process.env.GITHUB_RUN_ID ?? process.pid}-${Date.now()}`;
const { credentialsFile } = await call("create_database_user", {
  groupId,
  username,
  deleteAfterDate: until,
});
const entry = { groupId, ipAddress, deleteAfterDate: until, ifExists: "return" };
const { error } = await call("create_access_list_entry", entry, "name_conflict");
const end = error?.existing.deleteAfterDate;
// Atlas cannot change an entry. One without an end stays.
if (end !== undefined && Date.parse(end) < Date.parse(until)) {
  await call("delete_access_list_entry", { groupId, ipAddress });
  await call("create_access_list_entry", entry);
}

console.log(credentialsFile);
await client.close();
