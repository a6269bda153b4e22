import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { beforeAll, describe, expect, it } from "vitest";
import { toolNames } from "../support/contract.ts";
import { installPackage, type Packed, typeErrors } from "../support/packed.ts";

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

  it("does what its page shows", () => {
    const page = readFileSync(join(root, "docs/library.md"), "utf8");
    const [, example = ""] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    const place = withClient("example");
    writeFileSync(join(place, "example.mjs"), example);
    const shown = execFileSync(process.execPath, ["example.mjs"], { cwd: place, encoding: "utf8" });
    expect(shown).toMatch(/^get_account \(read\), .*delete_project \(delete\)\ncreated shop\n$/);
  }, 60_000);

  it("can be required, and says what is wrong with its settings", () => {
    const script = `const { createServer, tools } = require("atlas-provision-mcp");
      createServer({ env: { ATLAS_MCP_BACKEND: "nowhere" } }).catch((error) => console.log(tools.length, error.message));`;
    const shown = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" });
    expect(shown).toBe(`${toolNames.length} ATLAS_MCP_BACKEND must be one of atlas, sandbox\n`);
  });

  const check = (place: string, ...more: string[]) => {
    const flags = ["--module", "nodenext", "--target", "es2023"];
    return typeErrors(place, ["consumer.ts"], [...flags, ...more]);
  };

  it("has types that stand alone", () => {
    const place = join(folder, "typed");
    mkdirSync(place);
    writeFileSync(
      join(place, "consumer.ts"),
      `import { createServer, createSandbox, tools, type AtlasServer, type ToolInfo } from "atlas-provision-mcp";
       const first: ToolInfo | undefined = tools[0];
       const access: "read" | "create" | "update" | "delete" | undefined = first?.access;
       export const start = async (): Promise<[AtlasServer, string]> => {
         const sandbox = await createSandbox({ provisionMs: 0 });
         return [await createServer({ env: {} }), sandbox.url + access];
       };
       // @ts-expect-error: there is no such option
       void createSandbox({ nonsense: 1 });\n`,
    );
    expect(check(place)).toBe("");
  }, 60_000);

  it("takes the transports of either SDK as they are typed", () => {
    const place = withClient("transports");
    writeFileSync(
      join(place, "consumer.ts"),
      `import { createServer } from "atlas-provision-mcp";
       import { InMemoryTransport as First } from "@modelcontextprotocol/sdk/inMemory.js";
       import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
       import { InMemoryTransport as Second } from "@modelcontextprotocol/client";
       import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
       export const connect = async () => {
         const server = await createServer();
         await server.connect(First.createLinkedPair()[0]);
         await server.connect(Second.createLinkedPair()[0]);
         await server.connect(new StdioServerTransport());
         await server.connect(new StreamableHTTPServerTransport({ sessionIdGenerator: undefined }));
       };\n`,
    );
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    expect(check(place, "--skipLibCheck", ...types)).toBe("");
  }, 60_000);
});
