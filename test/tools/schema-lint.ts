/** What makes some host refuse a tool, or the whole list (docs/atlas.md#hosts-and-protocol), as named rules over a tool listing. */

export type Complaint = { rule: string; at: string };

type Node = Record<string, any>;
type Visit = { node: Node; at: string; root: "input" | "output" | undefined };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const combinators = ["anyOf", "oneOf", "allOf"];

/** Every schema in a schema. Members of `properties` are names, not keywords. */
const walk = (node: Node, at: string, root?: Visit["root"]): Visit[] => {
  const named = ["properties", "patternProperties", "$defs"].flatMap((keyword) =>
    isNode(node[keyword])
      ? Object.entries(node[keyword]).map(([name, one]) => [`${keyword}.${name}`, one] as const)
      : [],
  );
  const listed = combinators.flatMap((keyword) =>
    Array.isArray(node[keyword])
      ? node[keyword].map((one: unknown, index: number) => [`${keyword}[${index}]`, one] as const)
      : [],
  );
  const single = ["items", "additionalProperties", "not", "if"].map(
    (keyword) => [keyword, node[keyword]] as const,
  );
  return [
    { node, at, root },
    ...[...named, ...listed, ...single].flatMap(([name, one]) =>
      isNode(one) ? walk(one, `${at}.${name}`) : [],
    ),
  ];
};

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Keywords that some host does not know and refuses. */
export const forbiddenKeywords = [
  "propertyNames",
  "patternProperties",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "const",
  "multipleOf",
  "uniqueItems",
  "$ref",
  "$defs",
  "additionalProperties",
  "$schema",
  "examples",
  "format",
  // Some hosts refuse a call by these before the server can say what is wrong.
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
];

const schemaRules: Record<string, (visit: Visit) => boolean> = {
  ...Object.fromEntries(
    forbiddenKeywords.map((keyword) => [`no ${keyword}`, ({ node }: Visit) => !(keyword in node)]),
  ),
  "no combinator at the root": ({ node, root }) =>
    root === undefined || ![...combinators, "if", "not"].some((keyword) => keyword in node),
  "input root is an object": ({ node, root }) => root !== "input" || node.type === "object",
  "output root is an object": ({ node, root }) => root !== "output" || node.type === "object",
  "nothing is nullable": ({ node }) => !("nullable" in node) && node.type !== "null",
  "array has items": ({ node }) => node.type !== "array" || isNode(node.items),
  "object has properties": ({ node }) => node.type !== "object" || isNode(node.properties),
  "members are objects": ({ node }) =>
    !isNode(node.properties) || Object.values(node.properties).every(isNode),
  "type is one word": ({ node }) => !("type" in node) || typeof node.type === "string",
  "required is a list of names": ({ node }) => !("required" in node) || isNames(node.required),
  "required names properties": ({ node }) =>
    !isNames(node.required) || node.required.every((name) => name in (node.properties ?? {})),
};

const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];

const toolRules: Record<string, (tool: Node) => boolean> = {
  "name has letters, digits, _ and - only": ({ name }) => /^[a-zA-Z0-9_-]+$/.test(name),
  "name has at most 40 characters": ({ name }) => name.length <= 40,
  "description is there": ({ description }) => Boolean(description?.trim()),
  "description has at most 1000 characters": ({ description }) =>
    (description ?? "").length <= 1000,
  "all four hints are booleans": ({ annotations }) =>
    hints.every((hint) => typeof annotations?.[hint] === "boolean"),
  "title is there": ({ title, annotations }) =>
    Boolean(title?.trim()) && Boolean(annotations?.title?.trim()),
};

export const ruleNames = [...Object.keys(toolRules), ...Object.keys(schemaRules)];

/** What is wrong with a tool as `tools/list` shows it. */
export const lintTool = (tool: Node): Complaint[] => [
  ...Object.entries(toolRules).flatMap(([rule, holds]) =>
    holds(tool) ? [] : [{ rule, at: String(tool.name) }],
  ),
  ...(["input", "output"] as const).flatMap((root) =>
    walk(tool[`${root}Schema`] ?? {}, `${tool.name}.${root}`, root).flatMap((visit) =>
      Object.entries(schemaRules).flatMap(([rule, holds]) =>
        holds(visit) ? [] : [{ rule, at: visit.at }],
      ),
    ),
  ),
];
