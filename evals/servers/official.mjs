// The official mongodb-mcp-server over stdio, on the same sandbox. It wants https.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { certificate, peerEnv } from "../../bench/peer.mjs";
import { UsageError } from "../options.mjs";
import { connectClient } from "./client.mjs";

const peer = fileURLToPath(new URL("../../test/hosts/peer", import.meta.url));
const home = join(peer, "node_modules", "mongodb-mcp-server");
const program = join(home, "dist", "esm", "index.js");
const library = new URL("../../dist/index.cjs", import.meta.url).href;

/** The environment of the official server: as its users have it, so that it asks what it asks by default. */
const environmentFor = (sandbox, folder) => {
  const { MDB_MCP_CONFIRMATION_REQUIRED_TOOLS: _none, ...env } = peerEnv({
    url: sandbox.url,
    credentials: sandbox,
  });
  return { HOME: folder, ...env };
};

/** The official server, as test/hosts/peer has it. */
export const openOfficial = async () => {
  if (!existsSync(program))
    throw new UsageError(
      "Run `npm ci --prefix test/hosts/peer` first: mongodb-mcp-server is not installed.",
    );
  const { createSandbox } = await import(library);
  const { key, cert } = certificate();
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  return {
    name: "official",
    version,
    createSandbox,
    sandboxOptions: { tls: { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") } },
    connect: (_task, { sandbox, folder, host }) => {
      const { PATH = "" } = process.env;
      const env = { PATH, ...environmentFor(sandbox, folder) };
      return connectClient(
        new StdioClientTransport({
          command: process.execPath,
          args: [program],
          env,
          stderr: "ignore",
          cwd: folder,
        }),
        host,
      );
    },
  };
};
