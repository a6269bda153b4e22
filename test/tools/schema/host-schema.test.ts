import { describe, expect, it } from "vitest";
import { listed } from "../../../src/mcp/server.ts";
import { tools } from "../../../src/tools/index.ts";
import { hostInputSchema, hostOutputSchema } from "../../../src/tools/schema/host-schema.ts";
import type { JsonSchema } from "../../../src/tools/schema/json-schema.ts";
import { inputSchemaOf } from "../../../src/tools/schema/normalize.ts";
import { forbiddenKeywords, lintTool, ruleNames } from "../schema-lint.ts";

const scopes = [[], ["orgId"], ["groupId"], ["orgId", "groupId"]];

const listings = scopes.flatMap((hidden) =>
  tools.map((tool) => ({
    name: tool.name,
    hidden: hidden.join(" and ") || "nothing",
    listing: listed(tool, hidden),
  })),
);

describe("a tool as it is listed", () => {
  it.each(listings)("$name, with $hidden hidden, is refused by no host", ({ listing }) => {
    expect(lintTool(listing)).toEqual([]);
  });

  it.each(listings)("$name, with $hidden hidden, survives JSON", ({ listing }) => {
    expect(JSON.parse(JSON.stringify(listing))).toEqual(listing);
  });

  it.each(tools)("$name does not show what the scope fills in", (tool) => {
    const { inputSchema } = listed(tool, ["orgId", "groupId"]);
    expect(Object.keys(inputSchema.properties ?? {})).not.toContain("orgId");
    expect(Object.keys(inputSchema.properties ?? {})).not.toContain("groupId");
  });

  it.each(["mongodb", "atlas"])("is found by a search for %s", (word) => {
    const found = tools.filter(({ description }) => description.toLowerCase().includes(word));
    expect(found).toEqual(tools);
  });

  const everyLimit = /24 hex digits|\d+ to \d+|[Aa]t most|From 1|no hyphen/;

  it.each(tools)("$name says every limit of its texts and numbers in words", (tool) => {
    const walk = (full: JsonSchema, shown: JsonSchema = {}, above = ""): string[] => {
      const limits = [full.pattern, full.minimum, full.maximum, full.maxLength, full.maxItems];
      const isLimited = limits.some((one) => one !== undefined);
      // A list may say it of the texts in it.
      const missing = isLimited && !everyLimit.test(shown.description ?? above);
      const members = Object.entries(full.properties ?? {});
      return [
        ...(missing && shown.description !== "Cluster name." ? [JSON.stringify(shown)] : []),
        ...members.flatMap(([name, member]) => walk(member, shown.properties?.[name], above)),
        ...(full.items === undefined ? [] : walk(full.items, shown.items, shown.description)),
      ];
    };
    expect(walk(inputSchemaOf(tool), hostInputSchema(tool, []))).toEqual([]);
  });

  it.each(tools)("$name shows the members of its results by name only", (tool) => {
    const always = ["status", "backend", "outcome", "error", "nextActions"];
    const { type, properties = {}, ...others } = hostOutputSchema(tool);
    expect([type, others]).toEqual(["object", {}]);
    expect(Object.keys(properties).sort()).toEqual([...always, ...tool.output].sort());
    for (const member of Object.values(properties)) expect(member).toEqual({});
  });

  it.each(tools)("$name shows every argument that it takes", (tool) => {
    const { inputSchema } = listed(tool, []);
    expect(Object.keys(inputSchema.properties ?? {}).sort()).toEqual(
      Object.keys(tool.input.shape).sort(),
    );
  });
});

const good = {
  name: "create_thing",
  title: "Create thing",
  description: "Creates a thing.",
  inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  outputSchema: { type: "object", properties: {} },
  annotations: {
    title: "Create thing",
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
};

const input = (schema: object) => ({ inputSchema: { ...good.inputSchema, ...schema } });
const member = (schema: object) => input({ properties: { name: schema } });
const output = (schema: object) => ({ outputSchema: { ...good.outputSchema, ...schema } });
const hinted = (annotations: object) => ({ annotations: { ...good.annotations, ...annotations } });

const bad: [rule: string, change: object][] = [
  ...forbiddenKeywords.map((keyword): [string, object] => [
    `no ${keyword}`,
    member({ type: "string", [keyword]: "x" }),
  ]),
  ["no additionalProperties", input({ additionalProperties: false })],
  ["no additionalProperties", output({ additionalProperties: false })],
  ["no $schema", output({ $schema: "https://json-schema.org/draft/2020-12/schema" })],
  ["no format", member({ type: "array", items: { type: "string", format: "uri" } })],
  ["no combinator at the root", input({ anyOf: [{ required: ["name"] }] })],
  ["no combinator at the root", input({ oneOf: [] })],
  ["no combinator at the root", input({ allOf: [] })],
  ["no combinator at the root", input({ not: {} })],
  ["no combinator at the root", output({ if: {} })],
  ["input root is an object", input({ type: undefined })],
  ["input root is an object", { inputSchema: {} }],
  ["output root is an object", output({ type: "array", items: { type: "string" } })],
  ["output root is an object", { outputSchema: {} }],
  ["nothing is nullable", output({ nullable: true })],
  ["nothing is nullable", member({ type: "null" })],
  ["array has items", member({ type: "array" })],
  ["array has items", output({ properties: { list: { type: "array" } } })],
  ["object has properties", member({ type: "object" })],
  ["object has properties", { outputSchema: { type: "object" } }],
  ["members are objects", output({ properties: { list: true } })],
  ["members are objects", member([])],
  ["type is one word", member({ type: ["string", "null"] })],
  ["required is a list of names", input({ required: null })],
  ["required is a list of names", output({ required: null })],
  ["required names properties", input({ required: ["name", "orgId"] })],
  ["name has letters, digits, _ and - only", { name: "create.thing" }],
  ["name has letters, digits, _ and - only", { name: "create thing" }],
  ["name has at most 40 characters", { name: "a".repeat(41) }],
  ["description is there", { description: " " }],
  ["description is there", { description: undefined }],
  ["description has at most 1000 characters", { description: "a".repeat(1001) }],
  ["all four hints are booleans", hinted({ readOnlyHint: undefined })],
  ["all four hints are booleans", hinted({ destructiveHint: "false" })],
  ["all four hints are booleans", hinted({ idempotentHint: null })],
  ["all four hints are booleans", hinted({ openWorldHint: undefined })],
  ["title is there", hinted({ title: undefined })],
  ["title is there", { title: "" }],
];

describe("the lint of listings", () => {
  it("has nothing against a good tool", () => expect(lintTool(good)).toEqual([]));

  it("does not take the name of an argument for a keyword", () => {
    const properties = Object.fromEntries(
      forbiddenKeywords.map((keyword) => [keyword, { type: "string" }]),
    );
    expect(lintTool({ ...good, ...input({ properties, required: [] }) })).toEqual([]);
  });

  it.each(bad)("%s: %j is found", (rule, change) => {
    expect(lintTool({ ...good, ...change }).map((one) => one.rule)).toContain(rule);
  });

  it("has a bad example of every rule", () => {
    expect(new Set(bad.map(([rule]) => rule))).toEqual(new Set(ruleNames));
  });
});
