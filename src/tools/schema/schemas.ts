/**
 * The JSON Schemas of each tool by name: the full `input`, and an `output` as small as hosts take. The build runs this file
 * and bundles the result (bundle/evaluate.ts), because computing it takes a twentieth of a start.
 */
import { tools } from "../index.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";

// Of the short forms the only one that no host refuses: clients of SDK v1 drop the whole list for `true`, and an array
// without items or an object without properties is refused by others (docs/atlas.md#hosts-and-protocol).
const anything: JsonSchema = {};

/** What results of a tool may have, by name only: some hosts show their model all of it with every request. */
const namesOnly = (members: readonly string[]): JsonSchema => ({
  type: "object",
  properties: Object.fromEntries(members.map((member) => [member, anything])),
});

export const schemas: Readonly<Record<string, { input: JsonSchema; output: JsonSchema }>> =
  Object.fromEntries(
    tools.map(({ name, input, output }) => [
      name,
      {
        input: toSchema(input),
        output: namesOnly(["status", "backend", "outcome", ...output, "error", "nextActions"]),
      },
    ]),
  );
