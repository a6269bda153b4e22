import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { installPackage } from "../support/packed.ts";
import { codeOf } from "../support/pages.ts";
import { consumer, others, withoutTopAwait } from "./types.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

const [vitestExample = ""] = codeOf("testing.md", "ts");

/** Programs that need nothing but the package: no types of Node, and the package's own are checked too. */
const alone: Record<string, string> = {
  "esm.mts": consumer('import * as lib from "atlas-provision-mcp";'),
  "cjs.cts": consumer('import lib = require("atlas-provision-mcp");'),
};

/** The examples of the pages, as ES modules and as CommonJS, and other packages with the library. */
const documented: Record<string, string> = {
  ...alone,
  ...Object.fromEntries(
    codeOf("library.md", "ts").flatMap((code, index) => [
      [`library-${index}.mts`, code],
      [`library-${index}.cts`, withoutTopAwait(code)],
    ]),
  ),
  "atlas.test.mts": vitestExample,
  "atlas.test.cts": vitestExample,
  ...Object.fromEntries(codeOf("testing.md", "js").map((code, index) => [`js-${index}.mjs`, code])),
  "others.mts": others,
  "others.cts": others,
};

let bare: string;
let folder: string;
beforeAll(() => {
  const packed = installPackage();
  bare = packed.consumer("alone");
  folder = packed.consumer("types", ["@modelcontextprotocol", "@types", "vitest", "vite"]);
  for (const [name, text] of Object.entries(alone)) writeFileSync(join(bare, name), text);
  for (const [name, text] of Object.entries(documented)) writeFileSync(join(folder, name), text);
}, 120_000);

const compilers = {
  "5.9": "test/hosts/node_modules/typescript-5.9/bin/tsc",
  "6.0": "node_modules/typescript/bin/tsc",
  "7.0": "test/hosts/node_modules/typescript-7/bin/tsc",
};

const resolutions = {
  nodenext: ["--module", "nodenext"],
  bundler: ["--module", "preserve", "--moduleResolution", "bundler"],
};

/** What a compiler says of these files in a folder. */
const errorsOf = async (
  tsc: string,
  cwd: string,
  files: Record<string, string>,
  flags: string[],
): Promise<string> => {
  const all = ["--noEmit", "--strict", "--pretty", "false", ...flags, ...Object.keys(files)];
  return run(process.execPath, [join(root, tsc), ...all], { cwd }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout || String(error),
  );
};

const cases = Object.entries(compilers).flatMap(([version, tsc]) =>
  Object.entries(resolutions).map(([name, flags]) => ({ version, tsc, name, flags })),
);

// Without skipLibCheck a compiler reads its own library too, so the one between the oldest and the newest does not.
const strictCases = cases.filter(({ version }) => version !== "6.0");

describe.concurrent("the types of the library", () => {
  it.each(strictCases)("stand alone in TypeScript $version with $name", async ({ tsc, flags }) => {
    const strictest = ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    const all = [...flags, "--target", "es2022", ...strictest];
    expect(await errorsOf(tsc, bare, alone, all)).toBe("");
  });

  it.each(cases)("hold for the pages in TypeScript $version with $name", async ({ tsc, flags }) => {
    const node = ["--types", "node", "--skipLibCheck", "--lib", "es2023,dom"];
    // JavaScript as editors check it.
    const js = ["--allowJs", "--checkJs", "--noImplicitAny", "false"];
    const all = [...flags, "--target", "es2023", ...node, ...js];
    expect(await errorsOf(tsc, folder, documented, all)).toBe("");
  });
});

describe("an editor", () => {
  /** What it answers about the place of `|` in a program, by the package's types. */
  const ask = <T>(
    program: string,
    question: (service: ts.LanguageService, file: string, position: number) => T,
  ): T => {
    const file = join(folder, "editor.mts");
    const text = `import { createServer } from "atlas-provision-mcp";
const { call } = await createServer();
${program}`;
    const position = text.indexOf("|");
    const source = text.replace("|", "");
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      types: [],
    };
    const service = ts.createLanguageService({
      getScriptFileNames: () => [file],
      getScriptVersion: () => "1",
      getScriptSnapshot: (name) => {
        const content = name === file ? source : ts.sys.readFile(name);
        return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
      },
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (name) => name === file || ts.sys.fileExists(name),
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      realpath: ts.sys.realpath ?? ((path) => path),
    });
    const answer = question(service, file, position);
    service.dispose();
    return answer;
  };

  const offered = (program: string): string[] =>
    ask(program, (service, file, position) => {
      const { entries = [] } = service.getCompletionsAtPosition(file, position, {}) ?? {};
      return entries.map(({ name }) => name);
    });

  const told = (program: string): string =>
    ask(program, (service, file, position) => {
      const info = service.getQuickInfoAtPosition(file, position);
      return ts.displayPartsToString(info?.documentation);
    });

  const args = `groupId: "", name: "a", providerSettings: { backingProviderName: "AWS", regionName: "" }`;

  it.each([
    [
      "the members of a success",
      `const { | } = await call("create_flex_cluster", { ${args} });`,
      ["cluster", "ready", "outcome", "missing", "receipt", "nextActions"],
    ],
    [
      "the members of a resource",
      `const { cluster } = await call("create_flex_cluster", { ${args} }); cluster.|`,
      ["id", "name", "stateName", "connectionStrings", "sweepAfter"],
    ],
    ["the names of the tools", `await call("|");`, ["create_flex_cluster", "get_account"]],
    [
      "the arguments of a tool",
      `await call("create_flex_cluster", { | });`,
      ["groupId", "name", "providerSettings", "waitSeconds", "dryRun", "ifExists"],
    ],
    [
      "the values of an argument",
      `await call("create_flex_cluster", { groupId: "", name: "a", providerSettings: { backingProviderName: "|" } });`,
      ["AWS", "AZURE", "GCP"],
    ],
    ["the options of a call", `await call("get_account", {}, { | });`, ["confirm", "signal"]],
  ])("offers %s", (_what, program, names) => {
    expect(offered(program)).toEqual(expect.arrayContaining(names));
  });

  it("tells what a member and an argument mean", () => {
    expect(told(`(await call("get_account", {})).|note;`)).toBe(
      "What a person must know, in sentences.",
    );
    expect(
      told(`await call("get_flex_cluster", { |waitSeconds: 5, groupId: "", name: "" });`),
    ).toBe("Seconds to wait until ready, 0 to 40.");
    expect(told("(await createServer()).|connect;")).toContain("Serves one connection");
  });

  it("offers no argument and no member of another tool", () => {
    expect(offered(`await call("get_account", { | });`)).not.toContain("groupId");
    expect(offered(`const { | } = await call("list_projects", {});`)).not.toContain("cluster");
  });
});
