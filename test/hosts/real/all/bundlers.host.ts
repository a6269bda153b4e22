import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { installPackage, type Packed } from "../../../support/packed.ts";
import { use } from "../../bundled-program.ts";

const own = createRequire(import.meta.url);
const commandOf = (name: string): string =>
  fileURLToPath(new URL(`node_modules/.bin/${name}`, import.meta.url));

let packed: Packed;
let folder: string;
beforeAll(() => {
  packed = installPackage();
  folder = packed.consumer("bundled");
  for (const [name, text] of Object.entries(use)) writeFileSync(join(folder, name), text);
}, 120_000);

const outputOf = (file: string): string =>
  execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8", timeout: 60_000 });

describe("a bundle of a program with the package", () => {
  it.each([
    ["es", "use.mjs", "rollup.mjs"],
    ["cjs", "use.cjs", "rollup.cjs"],
  ] as const)("by rollup (%s) builds and runs", async (format, entry, file) => {
    const { rollup } = own("rollup");
    const plugins = ["node-resolve", "commonjs"].map((name) => own(`@rollup/plugin-${name}`)());
    const said: string[] = [];
    const build = await rollup({
      input: join(folder, entry),
      plugins,
      onwarn: ({ code }: { code: string }) => said.push(code),
    });
    await build.write({ file: join(folder, file), format, inlineDynamicImports: true });
    await build.close();
    // Chunks of the package load each other.
    expect(said.filter((code) => code !== "CIRCULAR_DEPENDENCY")).toEqual([]);
    expect(outputOf(file)).toBe("shop true name_conflict\n");
  });

  it.each([
    ["an ES module", "use.mjs", "webpack.mjs", true],
    ["CommonJS", "use.cjs", "webpack.cjs", false],
  ])(
    "by webpack (%s) builds without a warning and runs",
    async (_what, entry, filename, module) => {
      const compiler = own("webpack")({
        mode: "production",
        target: "node20",
        context: folder,
        entry: `./${entry}`,
        output: { path: folder, filename, module },
        experiments: { outputModule: module },
      });
      const said = await new Promise<string>((resolve, reject) =>
        compiler.run((error: Error | null, stats: { toString(options: object): string }) =>
          error
            ? reject(error)
            : resolve(stats.toString({ all: false, errors: true, warnings: true })),
        ),
      );
      expect(said).toBe("");
      expect(outputOf(filename)).toBe("shop true name_conflict\n");
    },
  );
});

it("has types that are right for everybody who resolves them", () => {
  const archive = join(packed.folder, packed.archive.filename);
  const said = execFileSync(commandOf("attw"), [archive, "--format", "json"], { encoding: "utf8" });
  const { analysis } = JSON.parse(said);
  expect([analysis.packageName, analysis.problems]).toEqual(["atlas-provision-mcp", []]);
});
