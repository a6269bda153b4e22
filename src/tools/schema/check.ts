/** Checks normalized arguments of a tool: the parsed input, or every problem at once. */
import type { FieldProblem } from "../../common/failure.ts";
import type { Tool } from "../define.ts";
import type { JsonSchema } from "./json-schema.ts";
import { inputSchemaOf, own } from "./normalize.ts";
import { type Path, pathText, problemsOf, withoutSurrogates } from "./problems.ts";

type Args = Record<string, unknown>;

type Broken = { path: string; kept: string };

/**
 * The arguments without unpaired surrogates; adds the texts that had some to `broken`. Follows the schema and not the
 * value, which may be nested deeper than the stack allows: whatever the schema does not know is refused as a whole.
 */
const mendTexts = (
  value: unknown,
  schema: JsonSchema | undefined,
  path: Path,
  broken: Broken[],
): unknown => {
  if (typeof value === "string") {
    const kept = withoutSurrogates(value);
    if (kept !== value) broken.push({ path: pathText(path), kept });
    return kept;
  }
  if (schema?.type === "array" && Array.isArray(value))
    return value.map((item, index) => mendTexts(item, schema.items, [...path, index], broken));
  if (schema?.type !== "object" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const known = own(schema.properties, name);
      // An unknown member is refused by its name; its value is not looked at.
      return [name, known && mendTexts(member, known, [...path, name], broken)];
    }),
  );
};

// JSON can say "\ud800" alone. It is no character: a URL cannot contain it, and UTF-8 turns it into another text.
const unpaired = "must not have unpaired UTF-16 surrogates";

/** The problems of broken texts, each in one sentence with the other problem of the same text, if it has one. */
const withBroken = (broken: readonly Broken[], others: readonly FieldProblem[]): FieldProblem[] => {
  const about = (path: string) => others.find((other) => other.path === path);
  const brokenPaths = new Set(broken.map(({ path }) => path));
  return [
    ...broken.map(({ path, kept }): FieldProblem => {
      const other = about(path);
      if (other === undefined) return { path, problem: unpaired, example: kept };
      return { ...other, problem: `${unpaired}, and ${other.problem}` };
    }),
    ...others.filter(({ path }) => !brokenPaths.has(path)),
  ];
};

/** Parses arguments by the tool's schema. */
export const checkArguments = (
  tool: Tool,
  args: unknown,
): { input: Args } | { problems: FieldProblem[] } => {
  const schema = inputSchemaOf(tool);
  const broken: Broken[] = [];
  const mended = mendTexts(args, schema, [], broken);
  const parsed = tool.input.safeParse(mended);
  if (parsed.success && broken.length === 0) return { input: parsed.data };
  const others = parsed.success ? [] : problemsOf(parsed.error.issues, mended, schema);
  return { problems: withBroken(broken, others) };
};
