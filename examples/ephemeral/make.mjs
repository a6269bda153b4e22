// Makes an ephemeral cluster through an MCP client, waits until it runs, and prints how to start an
// application with it. The connection string stays in its file.
//   node examples/ephemeral/make.mjs [NAME] [--ephemeral]
// With --ephemeral it is a real one, which needs no account: the one at the terminal is asked to agree to
// MongoDB's terms. Without, it is one of the sandbox, and nothing can connect to it.
import { startServer } from "../terminal-client.mjs";

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg === "--ephemeral");
const [clusterName = "Cluster0", ...more] = args.filter((arg) => !flags.includes(arg));
if (more.length > 0 || clusterName.startsWith("-")) {
  console.error("usage: node examples/ephemeral/make.mjs [NAME] [--ephemeral]");
  process.exit(2);
}

const { call, close } = await startServer("ephemeral-script", flags);

let answer = await call("create_ephemeral_cluster", { clusterName, ifExists: "return" });
while (answer.cluster.status === "PROVISIONING") {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  answer = await call("get_ephemeral_cluster", { clusterName });
}

const { backend, cluster, host, credentialsFile, note } = answer;
console.log(`${cluster.name} (${backend}) is ${cluster.status} at ${host}.`);
console.log(note);
if (backend === "atlas")
  console.log(`node --env-file=${JSON.stringify(credentialsFile)} examples/ephemeral/app.mjs`);
await close();
