// Bundles the JSON Schemas of the tools as data. The source computes them from zod.
import { fileURLToPath } from "node:url";
import { schemas } from "../src/tools/schema/schemas.ts";

const file = fileURLToPath(new URL("../src/tools/schema/schemas.ts", import.meta.url));

/** A plugin that replaces the module with the value it exports. The build fails if the module is not bundled. */
export const evaluate = () => {
  let found = false;
  return {
    name: "evaluate",
    load: {
      filter: { id: file },
      handler() {
        found = true;
        return `export const schemas = JSON.parse(${JSON.stringify(JSON.stringify(schemas))});`;
      },
    },
    buildEnd() {
      if (!found) throw new Error(`evaluate: ${file} was not loaded`);
    },
  };
};
