/** `atlas-provision-mcp tools`: lists the tools, for a person or a script. */

import { hiddenBy } from "../calls/scope.ts";
import { type Flags, readConfig } from "../config/config.ts";
import { createContainer } from "../container.ts";
import { listed } from "../mcp/server.ts";
import { operator } from "../policy/caller.ts";
import { writeStdout } from "./stdout.ts";

// English and JSON have about four characters a token with common tokenizers.
const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

/**
 * Prints the tools that are on with their estimated sizes in tokens: as a table, or with `--json` as the result of
 * `tools/list` and `tokens` by tool.
 */
export const showTools = async ({ json, ...flags }: Flags): Promise<number> => {
  const { runner } = await createContainer(readConfig(process.env, flags));
  const hidden = hiddenBy(runner.scope);
  const offered = runner.forCaller(operator).tools;
  const tools = offered.map((tool) => listed(tool, hidden));
  const sizes = tools.map(({ outputSchema, ...input }) => ({
    input: tokens(input),
    output: tokens(outputSchema),
  }));
  if (json) {
    const byName = Object.fromEntries(tools.map(({ name }, index) => [name, sizes[index]]));
    await writeStdout(`${JSON.stringify({ tools, tokens: byName }, null, 2)}\n`);
    return 0;
  }
  const rows = offered.map(({ name, access, title }, index) => {
    const { input = 0, output = 0 } = sizes[index] ?? {};
    return `${name.padEnd(26)}${access.padEnd(8)}${String(input).padStart(6)}${String(output).padStart(8)}   ${title}`;
  });
  await writeStdout(
    `${"tool".padEnd(26)}${"access".padEnd(8)}${"input".padStart(6)}${"output".padStart(8)}   (sizes in tokens, estimated)\n${rows.join("\n")}\n`,
  );
  return 0;
};
