// Writes src/library/tool-types.ts: the types of the tools for programs, from their declarations. They are written out,
// because the types that zod infers would bring zod's own into the package, and have none of the descriptions.
import * as z from "zod/v4";
import { tools } from "../src/tools/index.ts";
import { toSchema } from "../src/tools/schema/json-schema.ts";
import {
  confirmationSchema,
  failedSchema,
  namedSchemas,
  successSchemas,
} from "../src/tools/schema/result-schema.ts";

/** What zod writes of the declarations, as far as it has a type. */
type Schema = {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  description?: string;
};

const docOf = (text: string | undefined): string =>
  text === undefined ? "" : `/** ${text.replaceAll("*/", "* /")} */\n`;

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  boolean: "boolean",
  integer: "number",
  number: "number",
};

/** Objects have the members that are documented, although Atlas may send more: a misspelt one should not compile. */
const objectOf = ({ properties, required = [], additionalProperties }: Schema): string => {
  if (properties === undefined)
    return `Record<string, ${typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown"}>`;
  const members = Object.entries(properties).map(
    ([name, member]) =>
      `${docOf(member.description)}${name}${required.includes(name) ? "" : "?"}: ${typeOf(member)};`,
  );
  return members.length === 0 ? "Record<string, never>" : `{\n${members.join("\n")}\n}`;
};

const listOf = (type: string): string => (/^\w+$/.test(type) ? `${type}[]` : `Array<${type}>`);

const typeOf = (schema: Schema): string => {
  const { $ref, type, enum: values, anyOf, allOf, items } = schema;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf("/") + 1);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" | ");
  if (allOf !== undefined) return allOf.map(typeOf).join(" & ");
  if (type === "array") return listOf(typeOf(items ?? {}));
  if (type === "object") return objectOf(schema);
  const isAnything = Object.keys(schema).every((keyword) => keyword === "description");
  const scalar = isAnything ? "unknown" : scalars[type ?? ""];
  if (scalar === undefined) throw new Error(`There is no type for ${JSON.stringify(schema)}.`);
  return scalar;
};

const nameOf = (tool: string): string =>
  tool.replace(/(?:^|_)(.)/g, (_all, first: string) => first.toUpperCase());

const declaration = (name: string, doc: string | undefined, type: string): string =>
  `${docOf(doc)}export type ${name} = ${type};\n`;

const docs: Readonly<Record<string, string>> = {
  Project: "A project, which Atlas also calls a group.",
  FlexCluster: "A flex cluster as Atlas returns it.",
  FlexClusterRow: "A flex cluster in short.",
  EphemeralCluster: "A temporary cluster that needs no account.",
  DatabaseUser: "A database user as Atlas returns it, never with a password.",
  AccessListEntry: "An entry of a project's IP access list.",
  Organization: "An organization.",
  Failure: "What failed, what is true in Atlas afterwards, and what helps.",
  Price: "A list price.",
  PlannedRequest: "The request that a dry run would have sent.",
  Receipt: "About a change: who agreed to it, and at what price.",
  Plan: "What a dry run shows.",
  ToolConfirmation: "A change that was not made yet: a person has to agree to it first.",
  ToolFailure: "A call that failed.",
};

/** The schemas that become types of their own, by name. */
const declared = (): Record<string, Schema> => {
  const registry = z.registry<{ id: string }>();
  const own: Record<string, z.ZodType> = {
    ...namedSchemas,
    ToolConfirmation: confirmationSchema,
    ToolFailure: failedSchema,
  };
  for (const tool of tools) {
    const [done, planned] = successSchemas(tool);
    if (done) own[`${nameOf(tool.name)}Success`] = done;
    if (planned) own[`${nameOf(tool.access)}Plan`] ??= planned;
  }
  for (const [id, schema] of Object.entries(own)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `/${id}`, target: "draft-7" });
  // An action names one tool with its own arguments, which no schema says.
  const { NextAction: _, ...rest } = schemas;
  return rest as Record<string, Schema>;
};

type Told = Pick<(typeof tools)[number], "name" | "access" | "description">;

/** A type with a member for each tool. */
const map = (
  name: string,
  doc: string,
  typeFor: (tool: Told) => string,
  docFor: (tool: Told) => string | undefined = () => undefined,
): string => {
  const members = tools.map((tool) => `${docOf(docFor(tool))}${tool.name}: ${typeFor(tool)};`);
  return declaration(name, doc, `{\n${members.join("\n")}\n}`);
};

/** The text of the file, before it is formatted. */
export const toolTypes = (): string =>
  [
    "/** The tools as types. Generated from their declarations by `npm run docs`. */\n",
    ...Object.entries(declared()).map(([name, schema]) =>
      declaration(name, docs[name] ?? docs[name.replace(/^.+(Plan)$/, "$1")], typeOf(schema)),
    ),
    ...tools.map((tool) =>
      declaration(`${nameOf(tool.name)}Input`, undefined, typeOf(toSchema(tool.input))),
    ),
    map(
      "ToolInputs",
      "The arguments of each tool.",
      ({ name }) => `${nameOf(name)}Input`,
      ({ description }) => description,
    ),
    map(
      "ToolSuccesses",
      "What each tool did or found; a dry run apart.",
      ({ name }) => `${nameOf(name)}Success`,
    ),
    map("ToolPlans", "What a dry run of each tool shows; reads have none.", ({ access }) =>
      access === "read" ? "never" : `${nameOf(access)}Plan`,
    ),
    map("ToolAccesses", "What each tool does.", ({ access }) => JSON.stringify(access)),
    declaration(
      "NextAction",
      "A call that could help next. Its arguments are valid as they stand.",
      `{ [N in keyof ToolInputs]: { tool: N; arguments: ToolInputs[N]; why: string } }[keyof ToolInputs]`,
    ),
    declaration(
      "ToolNames",
      "The names of the tools, in the order in which a server lists them.",
      `readonly [${tools.map(({ name }) => JSON.stringify(name)).join(", ")}]`,
    ),
  ].join("\n");
