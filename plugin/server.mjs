// Starts atlas-provision-mcp for the plugin: the build of a checkout if there is one, else the plugin's version from npm.
// Claude Code starts the MCP server with it, and bin/atlas-provision-mcp the commands.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

// A link to the checkout's `dist`. Where Claude Code copies the plugin, it copies what the link names. A clone that was not
// built, as of GitHub, has nothing there.
const built = fileURLToPath(new URL("built/cli.cjs", import.meta.url));
const manifest = new URL(".claude-plugin/plugin.json", import.meta.url);
const option = "PLUGIN_OPTION_";

// What the user has set in the plugin's form goes before the environment. An empty field and an unticked box do not, so
// that variables of the shell in which Claude Code was started still count.
for (const [name, value = ""] of Object.entries(process.env)) {
  if (!name.startsWith(option)) continue;
  delete process.env[name];
  if (value !== "" && value !== "false" && !value.startsWith("${"))
    process.env[name.slice(option.length)] = value;
}

const startFromNpm = () => {
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const words = ["-y", `atlas-provision-mcp@${version}`, ...process.argv.slice(2)];
  // On Windows npx is a script for cmd.
  const [file, ...before] =
    process.platform === "win32" ? [process.env.ComSpec ?? "cmd.exe", "/d", "/c", "npx"] : ["npx"];
  const child = spawn(file, [...before, ...words], { stdio: "inherit" });
  child.once("error", ({ message }) => {
    console.error(`atlas-provision-mcp: npx cannot be started: ${message}`);
    process.exitCode = 127;
  });
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
};

if (existsSync(built)) createRequire(import.meta.url)(built);
else startFromNpm();
