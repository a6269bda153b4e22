// Starts atlas-provision-mcp for the plugin: the build of the checkout that it comes from. Claude Code starts the MCP server with it, and bin/atlas-provision-mcp the commands.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// A link to the checkout's `dist`. Where Claude Code copies the plugin, it copies what the link names. A clone that was not
// built, as of GitHub, has nothing there.
const built = fileURLToPath(new URL("built/cli.cjs", import.meta.url));
const option = "PLUGIN_OPTION_";

// What the user has set in the plugin's form goes before the environment. An empty field and an unticked box do not, so
// that variables of the shell in which Claude Code was started still count.
for (const [name, value = ""] of Object.entries(process.env)) {
  if (!name.startsWith(option)) continue;
  delete process.env[name];
  if (value !== "" && value !== "false" && !value.startsWith("${"))
    process.env[name.slice(option.length)] = value;
}

// Nothing is fetched instead: what starts here gets the credentials of the form.
if (existsSync(built)) createRequire(import.meta.url)(built);
else {
  console.error(
    "atlas-provision-mcp: this plugin comes from a checkout that was not built: run `npm ci && npm run build` in it, and install the plugin again.",
  );
  process.exitCode = 1;
}
