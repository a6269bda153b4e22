// npm run links: the one-click links that a page may have once a release is on npm (docs/operations.md#releases), made from
// the configuration that they install.
const server = { command: "npx", args: ["-y", "atlas-provision-mcp"] };
const name = "atlas-provision";

const base64 = Buffer.from(JSON.stringify(server)).toString("base64");
const withName = encodeURIComponent(JSON.stringify({ name, ...server }));

// Both hand over to the editor.
const links = {
  cursor: `https://cursor.com/en/install-mcp?name=${name}&config=${encodeURIComponent(base64)}`,
  vscode: `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(`vscode:mcp/install?${withName}`)}`,
};

for (const [editor, link] of Object.entries(links)) console.log(`${editor}: ${link}`);
