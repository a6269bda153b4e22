// Runs within `npm version`, once package.json has the new version: writes it wherever else it stands, and gives the
// changelog's unreleased section its heading. With a folder, in the copy of the repository that is there.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyEdits, modify } from "jsonc-parser";

const sandbox = "@atlas-provision-mcp/sandbox";

/** Where the version stands in JSON, beside package.json's own: the file, and the paths of its members. */
const members = {
  "package.json": [["devDependencies", sandbox]],
  "sandbox/package.json": [["version"]],
  "package-lock.json": [
    ["version"],
    ["packages", "", "version"],
    ["packages", "", "devDependencies", sandbox],
    ["packages", "sandbox", "version"],
  ],
  "server.json": [["version"], ["packages", 0, "version"], ["packages", 1, "version"]],
  "plugin/.claude-plugin/plugin.json": [["version"]],
};

/** Where it is the tag of an image. */
const manifests = ["examples/kubernetes.yaml", "examples/sweep-cronjob.yaml"];
const image = /(\/atlas-provision-mcp:)\d+\.\d+\.\d+(?=\s)/g;

const changelog = "CHANGELOG.md";

/** All files that a new version changes. */
const files = [...Object.keys(members), ...manifests, changelog];

const setMember = (text, path, value) => applyEdits(text, modify(text, path, value, {}));

/** The text of a file with the version in it. */
const withVersion = (file, text, version, date) => {
  if (file in members)
    return members[file].reduce((before, path) => setMember(before, path, version), text);
  if (manifests.includes(file)) return text.replace(image, `$1${version}`);
  return text.replace(/^## Unreleased$/m, `## ${version} (${date})`);
};

const root = fileURLToPath(new URL("..", import.meta.url));
const [folder = root] = process.argv.slice(2);
const read = (file) => readFileSync(join(folder, file), "utf8");
const { version } = JSON.parse(read("package.json"));
const date = new Date().toISOString().slice(0, 10);
for (const file of files)
  writeFileSync(join(folder, file), withVersion(file, read(file), version, date));

// `npm version` commits what is staged.
if (folder === root) execFileSync("git", ["add", "--", ...files], { cwd: root });
