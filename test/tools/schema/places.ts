/** Where the tools take texts, by their schemas. */
import { tools } from "../../../src/tools/index.ts";
import type { JsonSchema } from "../../../src/tools/schema/json-schema.ts";
import { inputSchemaOf } from "../../../src/tools/schema/normalize.ts";

/** Arguments that have every member of the schema. */
export const complete = (schema: JsonSchema): any => {
  if (schema.type === "object")
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, member]) => [name, complete(member)]),
    );
  if (schema.type === "array") return [complete(schema.items ?? {})];
  return schema.examples?.[0] ?? schema.enum?.[0] ?? (schema.type === "string" ? "x" : 1);
};

const textPaths = (schema: JsonSchema, path = ""): string[] => {
  if (schema.type === "string") return [path];
  if (schema.type === "array") return textPaths(schema.items ?? {}, `${path}[0]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    textPaths(member, path === "" ? name : `${path}.${name}`),
  );
};

/** Every place of every tool that takes a text. */
export const places = tools.flatMap((tool) =>
  textPaths(inputSchemaOf(tool)).map((path) => ({ tool, name: tool.name, path })),
);
