// Bundles the JSON Schemas of the tools' arguments as data, where the source computes them.
import { fileURLToPath } from "node:url";
import { inputs } from "../src/tools/inputs.ts";

const file = fileURLToPath(new URL("../src/tools/inputs.ts", import.meta.url));

/** A plugin that puts what the module gives in the place of the module. Fails where the module is no longer bundled. */
export const evaluate = () => {
  let found = false;
  return {
    name: "evaluate",
    load: {
      filter: { id: file },
      handler() {
        found = true;
        return `export const inputs = JSON.parse(${JSON.stringify(JSON.stringify(inputs))});`;
      },
    },
    buildEnd() {
      if (!found) throw new Error(`evaluate: ${file} was not loaded`);
    },
  };
};
