/** `atlas-provision-mcp tools`: lists the tools, for a person or a script. */

import { hiddenBy } from "../calls/scope.ts";
import { type Flags, readConfig } from "../config/config.ts";
import { createContainer } from "../container.ts";
import { listed } from "../mcp/server.ts";
import { operator } from "../policy/caller.ts";
import { sayProblem } from "./problem.ts";
import { writeStdout } from "./stdout.ts";
import { switchedOffLines } from "./switched-off.ts";
import { hang, terminalWidth } from "./wrap.ts";

// English and JSON have about four characters a token with common tokenizers.
const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

/**
 * Prints the tools that are on with their estimated sizes in tokens, and why others are off: as a table, or with `--json`
 * as the result of `tools/list`, `tokens` by tool and `switchedOff`.
 */
export const showTools = async ({ json, ...flags }: Flags): Promise<number> => {
  const config = readConfig(process.env, flags);
  // In words, and not as lines of a log.
  for (const warning of config.warnings) sayProblem(warning);
  const { runner, setup } = await createContainer({ ...config, warnings: [] });
  const { switchedOff } = setup;
  const hidden = hiddenBy(runner.scope);
  const offered = runner.forCaller(operator).tools;
  const tools = offered.map((tool) => listed(tool, hidden));
  // No host shows `_meta` to its model.
  const sizes = tools.map(({ outputSchema, _meta, ...input }) => ({
    input: tokens(input),
    output: tokens(outputSchema),
  }));
  if (json) {
    const byName = Object.fromEntries(tools.map(({ name }, index) => [name, sizes[index]]));
    await writeStdout(`${JSON.stringify({ tools, tokens: byName, switchedOff }, null, 2)}\n`);
    return 0;
  }
  const width = terminalWidth();
  const row = (cells: [string, string, string, string], text: string) => {
    const [name, access, input, output] = cells;
    const prefix = `${name.padEnd(26)}${access.padEnd(8)}${input.padStart(6)}${output.padStart(8)}   `;
    return hang(prefix, text, width);
  };
  const lines = offered.map(({ name, access, title }, index) => {
    const { input = 0, output = 0 } = sizes[index] ?? {};
    return row([name, access, String(input), String(output)], title);
  });
  const head = row(["tool", "access", "input", "output"], "(sizes in tokens, estimated)");
  const off = switchedOffLines(switchedOff).map((line) => hang("off: ", line, width));
  await writeStdout(`${[head, ...lines, ...off].join("\n")}\n`);
  return 0;
};
