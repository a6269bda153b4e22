// npm run mcpb [FOLDER]: completes the manifest, validates it and packs atlas-provision-mcp.mcpb with the packer of the format.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const packer = join(root, "mcpb/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js");
const program = join(root, "dist/cli.cjs");

// Without the settings of whoever packs, which would switch tools off.
const env = { PATH: process.env.PATH };
const node = (...args) => execFileSync(process.execPath, args, { encoding: "utf8", env });
const json = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));

/** The manifest with what the package and the program say of themselves. */
const completeManifest = () => {
  const { version, license, keywords } = json("package.json");
  const { tools } = JSON.parse(node(program, "tools", "--json"));
  const about = tools.map(({ name, description }) => ({ name, description }));
  return { ...json("mcpb/manifest.json"), version, license, keywords, tools: about };
};

if (!existsSync(packer))
  execFileSync("npm", ["ci", "--silent", "--prefix", join(root, "mcpb")], { stdio: "inherit" });

const folder = mkdtempSync(join(tmpdir(), "mcpb-"));
try {
  for (const name of ["dist", "LICENSE", "THIRD_PARTY_NOTICES.md"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  cpSync(join(root, "plugin/.claude-plugin/icon.png"), join(folder, "icon.png"));
  const manifest = join(folder, "manifest.json");
  writeFileSync(manifest, JSON.stringify(completeManifest(), null, 2));
  console.log(node(packer, "validate", manifest));
  const bundle = join(process.argv[2] ?? root, "atlas-provision-mcp.mcpb");
  console.log(node(packer, "pack", folder, bundle));
} finally {
  rmSync(folder, { recursive: true });
}
