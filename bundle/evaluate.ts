// Bundles as data what the source computes: the JSON Schemas of the tools from zod, and two pages from their files, that of
// the sandbox's console and the card.
import { fileURLToPath } from "node:url";
import { page, policy } from "../sandbox/src/console/page.ts";
import { page as card } from "../src/mcp/app/page.ts";
import { schemas } from "../src/tools/schema/schemas.ts";
import { tools } from "../src/tools/schema/tool-infos.ts";

const fileOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What the modules export. */
const evaluated = new Map<string, Record<string, unknown>>([
  [fileOf("src/tools/schema/schemas.ts"), { schemas }],
  [fileOf("src/tools/schema/tool-infos.ts"), { tools }],
  [fileOf("sandbox/src/console/page.ts"), { page, policy }],
  [fileOf("src/mcp/app/page.ts"), { page: card }],
]);

/** A plugin that replaces the modules with what they export. The build fails if one of them is not bundled. */
export const evaluate = () => {
  const missing = new Set(evaluated.keys());
  return {
    name: "evaluate",
    load: {
      filter: { id: [...evaluated.keys()] },
      handler(id: string) {
        missing.delete(id);
        return Object.entries(evaluated.get(id) ?? {})
          .map(([name, value]) => {
            const text = JSON.stringify(JSON.stringify(value));
            return `export const ${name} = JSON.parse(${text});`;
          })
          .join("\n");
      },
    },
    buildEnd() {
      if (missing.size > 0) throw new Error(`evaluate: not loaded: ${[...missing].join(", ")}`);
    },
  };
};
