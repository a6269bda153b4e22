/** The catalogue as a person or a script wants it. */
import { assemble } from "./assemble.ts";
import { type Flags, readConfig } from "./config.ts";
import { hiddenBy } from "./scope.ts";
import { listed } from "./server.ts";
import { write } from "./write.ts";

// English and JSON come to about four characters a token with the tokenizers in use; a release states the exact figure.
const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

/** Prints the tools that are switched on: a table, or with `--json` what `tools/list` answers. */
export const showTools = async ({ json, ...flags }: Flags): Promise<number> => {
  const { runner } = assemble(readConfig(process.env, flags));
  const hidden = hiddenBy(runner.scope);
  const tools = runner.tools.map((tool) => ({ access: tool.access, ...listed(tool, hidden) }));
  if (json) {
    await write(
      `${JSON.stringify({ tools: tools.map(({ access: _access, ...tool }) => tool) }, null, 2)}\n`,
    );
    return 0;
  }
  const rows = tools.map(
    ({ access, outputSchema, ...tool }) =>
      `${tool.name.padEnd(26)}${access.padEnd(8)}${String(tokens(tool)).padStart(6)}${String(tokens(outputSchema)).padStart(8)}   ${tool.title}`,
  );
  await write(
    `${"tool".padEnd(26)}${"access".padEnd(8)}${"input".padStart(6)}${"output".padStart(8)}   (sizes in tokens, estimated)\n${rows.join("\n")}\n`,
  );
  return 0;
};
