// npm run links: the one-click links of the README, made from the configuration that they install.
import { fileURLToPath } from "node:url";

const server = { command: "npx", args: ["-y", "atlas-provision-mcp"] };
const name = "atlas-provision";

const base64 = Buffer.from(JSON.stringify(server)).toString("base64");
const withName = encodeURIComponent(JSON.stringify({ name, ...server }));

/** Addresses that a page may link to: both hand over to the editor. */
export const links = {
  cursor: `https://cursor.com/en/install-mcp?name=${name}&config=${encodeURIComponent(base64)}`,
  vscode: `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(`vscode:mcp/install?${withName}`)}`,
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [editor, link] of Object.entries(links)) console.log(`${editor}: ${link}`);
