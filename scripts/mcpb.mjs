// npm run mcpb: validates the manifest and packs atlas-provision-mcp.mcpb with the packer of the format, installed on demand.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packer = "@anthropic-ai/mcpb@2.1.2";
const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, "node_modules/.cache/mcpb");
const cli = join(cache, "node_modules/@anthropic-ai/mcpb/dist/cli/cli.js");

if (!existsSync(cli)) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), '{"private":true}');
  const how = { cwd: cache, stdio: "inherit" };
  execFileSync("npm", ["install", "--no-audit", "--no-fund", packer], how);
}

const folder = mkdtempSync(join(tmpdir(), "mcpb-"));
for (const name of ["dist", "LICENSE", "THIRD_PARTY_NOTICES.md"])
  cpSync(join(root, name), join(folder, name), { recursive: true });
cpSync(join(root, "mcpb/manifest.json"), join(folder, "manifest.json"));
const run = (...args) => execFileSync(process.execPath, [cli, ...args], { stdio: "inherit" });
run("validate", join(folder, "manifest.json"));
run("pack", folder, join(process.argv[2] ?? root, "atlas-provision-mcp.mcpb"));
