import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { toolNames } from "../support/contract.ts";
import { installPackage, type Packed } from "../support/packed.ts";
import { codeOf } from "../support/pages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let packed: Packed;
let folder: string;
beforeAll(() => {
  packed = installPackage(process.env.PACKAGE_FOLDER);
  ({ folder } = packed);
}, 120_000);

describe("the package", () => {
  it("holds what runs and what a reader needs, and nothing else", () => {
    const others = packed.archive.files
      .map(({ path }) => path)
      .filter((path) => !path.startsWith("dist/"));
    expect(others.sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "THIRD_PARTY_NOTICES.md",
      "package.json",
      "policy.schema.json",
    ]);
    for (const { path } of packed.archive.files) expect(path).not.toMatch(/\.(ts|map)$/);
  });

  it("is at most 3 MB unpacked and 800 KB packed, and brings nothing along", () => {
    expect(packed.archive.unpackedSize).toBeLessThanOrEqual(3_000_000);
    expect(packed.archive.size).toBeLessThanOrEqual(800_000);
    const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
    expect(Object.keys(lock.packages).sort()).toEqual(["", "node_modules/atlas-provision-mcp"]);
  });

  it("brings the list of what is bundled", () => {
    const paths = packed.archive.files.map(({ path }) => path);
    expect(paths).toContain("dist/sbom.cdx.json");
  });

  it("names in its notices every package that is in the bundle", () => {
    const notices = readFileSync(join(root, "THIRD_PARTY_NOTICES.md"), "utf8");
    for (const name of ["undici", "zod", "hono", "@modelcontextprotocol/server", "jsonc-parser"])
      expect(notices).toContain(`\n## ${name} `);
  });

  it("serves over stdio as the program that it installs", async () => {
    const transport = new StdioClientTransport({
      command: join(folder, "node_modules/.bin/atlas-provision-mcp"),
      env: { PATH: process.env.PATH ?? "", HOME: folder },
    });
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(transport);
    const { tools } = await client.listTools();
    await client.close();
    expect(tools).toHaveLength(toolNames.length);
  });
});

describe("the library", () => {
  // The clients are not part of the package: whoever uses the library has one.
  const withClient = (name: string) => packed.consumer(name, ["@modelcontextprotocol"]);

  /** Runs an example of its page, and says what it leaves in the home of whoever runs it. */
  const runExample = (index: number, input = "") => {
    const place = withClient(`example-${index}`);
    const home = join(place, "home");
    mkdirSync(home);
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const code = codeOf("library.md", "ts")[index] ?? "";
    const { outputText } = ts.transpileModule(code, { compilerOptions: options });
    writeFileSync(join(place, "example.mjs"), outputText);
    const { PATH = "" } = process.env;
    const env = { PATH, HOME: home, ATLAS_MCP_LOG_LEVEL: "silent" };
    const run = { cwd: place, encoding: "utf8", env, input } as const;
    const shown = execFileSync(process.execPath, ["example.mjs"], run);
    return { shown, left: readdirSync(home, { recursive: true }) };
  };

  it.each([
    ["in five minutes", 0, "", /^shop IDLE mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid\n$/],
    [
      "with a yes",
      1,
      "y\n",
      /Create flex cluster "orders" .* \[y\/N\] .*created agent 8 to 30 USD/s,
    ],
    [
      "of errors",
      2,
      "",
      /^not_found no_change after_fix\nlist_projects \{\} Lists the projects that exist/,
    ],
    ["with an MCP client", 3, "", /^0 0\n$/],
  ])(
    "does what its page shows %s, and leaves nothing at home",
    (_what, index, input, output) => {
      const { shown, left } = runExample(index, input);
      expect(shown).toMatch(output);
      expect(left).toEqual([]);
    },
    60_000,
  );

  it("can be required, and says what is wrong with its settings", () => {
    const script = `const { createServer, tools } = require("atlas-provision-mcp");
      createServer({ env: { ATLAS_MCP_BACKEND: "nowhere" } }).catch((error) => console.log(tools.length, error.message));`;
    const shown = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
    expect(shown).toBe(`${toolNames.length} ATLAS_MCP_BACKEND must be one of atlas, sandbox\n`);
  });
});
