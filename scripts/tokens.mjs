// npm run tokens: the size of each tool in tokens (o200k_base), input side and output schema apart. With --write it
// becomes tool-sizes.json, what the next growth is held against.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";

const cli = fileURLToPath(new URL("../dist/cli.cjs", import.meta.url));
const size = (value) => encode(JSON.stringify(value)).length;

/** The tools of the bundle, each with the tokens of what a model reads of it. */
export const measure = () => {
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const { tools } = JSON.parse(execFileSync(process.execPath, [cli, "tools", "--json"], { env }));
  // `_meta` is for hosts: the APIs of models have no place for it (docs/atlas.md#hosts-and-protocol).
  const sizes = tools.map(({ outputSchema, _meta, ...input }) => [
    input.name,
    { input: size(input), output: size(outputSchema) },
  ]);
  const sum = (side) => sizes.reduce((total, [, one]) => total + one[side], 0);
  return {
    encoding: "o200k_base",
    total: { input: sum("input"), output: sum("output") },
    tools: Object.fromEntries(sizes),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(measure(), null, 2)}\n`;
  process.stdout.write(text);
  if (process.argv.includes("--write"))
    writeFileSync(new URL("../tool-sizes.json", import.meta.url), text);
}
