// A script without a model: makes a project and a flex cluster through an MCP client, and prints the
// connection string. Safe to run again: it goes on with what exists.
//   node examples/provision.mjs PROJECT CLUSTER [AWS|AZURE|GCP] [REGION]
// Where money is spent, the server asks and the one at the terminal answers. Without credentials in the
// environment it works on the embedded sandbox.
import { startServer } from "./terminal-client.mjs";

const [projectName, clusterName, provider = "AWS", region = "US_EAST_1"] = process.argv.slice(2);
if (!projectName || !clusterName) {
  console.error("usage: node examples/provision.mjs PROJECT CLUSTER [AWS|AZURE|GCP] [REGION]");
  process.exit(2);
}

const { call, close } = await startServer("provision-script");

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
await close();
