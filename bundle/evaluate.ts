// Bundles the JSON Schemas of the tools as data. The source computes them from zod.
import { fileURLToPath } from "node:url";
import { schemas } from "../src/tools/schema/schemas.ts";
import { tools } from "../src/tools/schema/tool-infos.ts";

const fileOf = (name: string) =>
  fileURLToPath(new URL(`../src/tools/schema/${name}`, import.meta.url));

/** What the modules export. */
const evaluated = new Map<string, Record<string, unknown>>([
  [fileOf("schemas.ts"), { schemas }],
  [fileOf("tool-infos.ts"), { tools }],
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
