/** docs/hosts.md against the examples that it shows, and against the hosts that the tests drive (npm run test:hosts:all). */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { addTo, entryOf } from "../src/cli/setup/entry.ts";
import { hosts } from "../src/cli/setup/hosts.ts";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
const page = read("docs/hosts.md");

const folder = fileURLToPath(new URL("../examples/hosts", import.meta.url));

it.each(readdirSync(folder))("shows examples/hosts/%s as it is", (name) => {
  expect(page).toContain(
    `\`\`\`${name.split(".").at(-1)}\n${read(`examples/hosts/${name}`)}\`\`\``,
  );
});

const examples: Readonly<Record<string, string>> = {
  "claude-code": "claude-code.mcp.json",
  "claude-desktop": "claude-desktop.json",
  cursor: "cursor.json",
  vscode: "vscode.mcp.json",
  codex: "codex.toml",
  copilot: "copilot.json",
  gemini: "gemini-cli.json",
  opencode: "opencode.json",
  cline: "cline.json",
};

it.each(Object.entries(hosts))("has an example of what setup writes for %s", async (name, host) => {
  const words = ["node", "/path/to/atlas-provision-mcp/dist/cli.cjs"];
  const added = await addTo(host, "", "atlas-provision", entryOf(host, words, {}));
  expect(added).toMatchObject({ text: read(`examples/hosts/${examples[name]}`) });
  expect(page).toContain(`\`setup ${name}\` writes to `);
});

const packages: Readonly<Record<string, [folder: string, name: string]>> = {
  "Claude Code": ["test/hosts/real", "@anthropic-ai/claude-code"],
  "Codex CLI": ["test/hosts/real", "@openai/codex"],
  "Copilot CLI": ["test/hosts/real/all", "@github/copilot"],
  "Gemini CLI": ["test/hosts/real", "@google/gemini-cli"],
  OpenCode: ["test/hosts/real/all", "opencode-linux-x64"],
  Cline: ["test/hosts/real/all", "@cline/cli-linux-x64"],
  mcporter: ["test/hosts/real", "mcporter"],
  "MCP Inspector": ["test/hosts", "@modelcontextprotocol/inspector"],
  "mcp-remote": ["test/hosts/real/all", "mcp-remote"],
};

it("names every host of the table with the version that the tests install", () => {
  const rows = [...page.matchAll(/^\| \[(.+?)\]\(#([\w-]+)\) \| (\S+) \|/gm)];
  const versions = Object.fromEntries(rows.map(([, host, , version]) => [host, version]));
  const installed = Object.entries(packages).map(([host, [where, name]]) => {
    const { devDependencies } = JSON.parse(read(`${where}/package.json`));
    return [host, devDependencies[name]];
  });
  expect(versions).toEqual(Object.fromEntries(installed));
});

it.each(Object.keys(packages))("has a section for %s, and a test that takes its entry", (host) => {
  expect(page).toContain(`\n## ${host}\n`);
  const tests = ["test/hosts/real", "test/hosts/real/all"].flatMap((where) =>
    readdirSync(fileURLToPath(new URL(`../${where}`, import.meta.url)))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => read(`${where}/${name}`)),
  );
  const own = tests.filter((text) => text.includes(`const host = "${host}";`));
  expect(own).toEqual([expect.stringMatching(/(entryOf|wordsOf)\(host|stage\.setUp\("/)]);
});
