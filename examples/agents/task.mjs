// What the three agents have in common: the server they start, what they are asked, and how they show it.
import { fileURLToPath } from "node:url";
import { serverEnv } from "../server-env.mjs";

/** Our server over stdio. On the sandbox: nothing is real, nothing is billed. */
export const server = {
  command: process.execPath,
  args: [fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url)), "--backend", "sandbox"],
  // The model's key is none of the server's business.
  env: Object.fromEntries(
    Object.entries(serverEnv(["--backend", "sandbox"])).filter(([name]) =>
      /^(PATH|HOME|ATLAS_MCP_.*)$/.test(name),
    ),
  ),
};

/** A call may wait for its cluster, up to 40 s, so a client must be ready to wait too. In milliseconds. */
export const patience = 60_000;

/** Rounds of model and tools after which an agent gives up. */
export const rounds = 30;

export const task = `In my MongoDB Atlas organization, create a project "shop" with a flex cluster "orders" on AWS in us-east-1.
Create a database user "app", and allow the IP address 203.0.113.7.
Tell me the connection string, and which file has the password.
This is only a test, so delete the cluster and the project afterwards.`;

export const showCall = (tool, input) => console.log(`-> ${tool} ${JSON.stringify(input)}`);
export const showAnswer = (text) => console.log(`\n${text}`);
