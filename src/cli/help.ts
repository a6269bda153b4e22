import { helpOf, settings } from "../config/settings.ts";

const rows = settings.map((setting) => {
  const [variable] = setting.env;
  const names = setting.flag === undefined ? variable : `--${setting.flag}, ${variable}`;
  return `  ${names.padEnd(52)} ${helpOf(setting)}`;
});

/** The text of `--help`. Its settings come from their declarations. */
export const help = `atlas-provision-mcp: creates MongoDB Atlas projects and flex clusters for AI agents, over MCP.

Usage
  atlas-provision-mcp                  MCP over stdio (what Claude, Cursor and VS Code start)
  atlas-provision-mcp http             MCP over Streamable HTTP at /mcp, for many callers
  atlas-provision-mcp token NAME       mints a bearer token for http, and the entry for its token file
  atlas-provision-mcp sandbox          an imitation of the Atlas Admin API, on its own
  atlas-provision-mcp doctor [--json]  what is configured, reachable and allowed, and what to fix
  atlas-provision-mcp tools [--json]   the tools, with the size of their descriptions
  atlas-provision-mcp audit verify FILE [--head HASH]   checks a record of changes (--audit)

Without credentials everything runs against an embedded sandbox: nothing is real, nothing costs money.

Settings (flags win over variables; credentials also from the file that <variable>_FILE names)
${rows.join("\n")}

Http
  --host ADDRESS (127.0.0.1)   --port N (3000; 0 takes a free one)
  Beyond this machine callers have to be known (--tokens or --issuer) and the backend named (--backend).

Sandbox
  --host ADDRESS (127.0.0.1)   --port N (8080; 0 takes a free one)   --provision-ms N (3000)
  --client-id ID   --client-secret SECRET   --public-key KEY   --private-key KEY   --org-id ID   (random)
  --tls-key FILE   --tls-cert FILE   serves https
  --state FILE   keeps all that is made in it, and its credentials, over a restart
  --no-rate-limits   counts no requests

  --help, --version`;
