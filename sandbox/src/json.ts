/** JSON as types, and as Atlas prints it. */
/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Parses a text; undefined if it is not JSON. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Tells whether a value is a JSON object, not an array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Sorts the members of an object by their names; objects in it stay as they are. */
export const sortOwnMembers = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Sorts the members of an object and of all objects in it by their names, as Atlas has them on the wire. */
export const sortMembers = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(sortOwnMembers(object)).map(([name, value]) => [name, sortWithin(value)]),
  );

const sortWithin = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sortWithin);
  return isObject(value) ? sortMembers(value) : value;
};

/** Jackson's layout, with arrays on one line and ` : ` after keys. */
const prettyJson = (value: Json, indent = ""): string => {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => prettyJson(item, indent));
    return items.length === 0 ? "[ ]" : `[ ${items.join(", ")} ]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => `${inner}${JSON.stringify(key)} : ${prettyJson(member, inner)}`,
    );
    return members.length === 0 ? "{ }" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
};

/**
 * Prints a value as Atlas does, indented for `pretty=true`. Sizes in GB are decimals: `5.0` (docs/atlas.md#flex-clusters).
 * Quotes in a text are escaped, so no text is taken for such a member.
 */
export const printJson = (value: Json, isPretty = false): string =>
  (isPretty ? prettyJson(value) : JSON.stringify(value)).replace(
    /("diskSizeGB"(?: : |:)\d+)(?=[,}\n])/g,
    "$1.0",
  );
