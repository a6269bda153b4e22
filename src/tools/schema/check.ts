/** Checks normalized arguments of a tool: the parsed input, or every problem at once. */
import type { FieldProblem } from "../../common/failure.ts";
import type { Tool } from "../define.ts";
import type { JsonSchema } from "./json-schema.ts";
import { inputSchemaOf, own } from "./normalize.ts";
import { type Path, pathText, problemsOf, withoutSurrogates } from "./problems.ts";

type Args = Record<string, unknown>;

// The longest text that Atlas documents is a database user's name. Each field may have a closer limit of its own.
const mostCharacters = 1024;

// The string iterator counts a pair of surrogates once.
const isTooLong = (text: string): boolean =>
  text.length > mostCharacters && [...text].length > mostCharacters;

// JSON can say "\ud800" alone. It is no character: a URL cannot contain it, and UTF-8 turns it into another text.
const unpaired = "must not have unpaired UTF-16 surrogates";

/** What is wrong with one text, whatever it is for. */
type TextFault = { path: string; isBroken: boolean; isLong: boolean; example: unknown };

/**
 * The arguments without unpaired surrogates; adds the texts that have a fault to `faults`. Follows the schema and not the
 * value, which may be nested deeper than the stack allows: whatever the schema does not know is refused as a whole.
 */
const mendTexts = (
  value: unknown,
  schema: JsonSchema | undefined,
  path: Path,
  faults: TextFault[],
): unknown => {
  if (typeof value === "string") {
    const kept = withoutSurrogates(value);
    const [isBroken, isLong] = [kept !== value, isTooLong(kept)];
    const example = isLong || kept === "" ? undefined : kept;
    if (isBroken || isLong) faults.push({ path: pathText(path), isBroken, isLong, example });
    return kept;
  }
  if (schema?.type === "array" && Array.isArray(value))
    return value.map((item, index) => mendTexts(item, schema.items, [...path, index], faults));
  if (schema?.type !== "object" || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const known = own(schema.properties, name);
      // An unknown member is refused by its name; its value is not looked at.
      return [name, known && mendTexts(member, known, [...path, name], faults)];
    }),
  );
};

/** Adds the faults of texts to the other problems; each path has one problem. */
const merge = (faults: readonly TextFault[], others: readonly FieldProblem[]): FieldProblem[] => {
  const all = new Map<string, FieldProblem>();
  for (const other of others) {
    const first = all.get(other.path);
    if (first === undefined) all.set(other.path, other);
    // Two long names may have the same shortened path, and the same problem.
    else if (!first.problem.includes(other.problem))
      all.set(other.path, { ...first, problem: `${first.problem}, and ${other.problem}` });
  }
  for (const { path, isBroken, isLong, example } of faults) {
    const other = all.get(path);
    // Where there is another problem, it has the closer limit.
    const tooLong = isLong ? `must have at most ${mostCharacters} characters` : undefined;
    const sentences = [isBroken ? unpaired : undefined, other?.problem ?? tooLong];
    const problem = sentences.filter((sentence) => sentence !== undefined).join(", and ");
    const mended = other ?? (example === undefined ? {} : { example });
    all.set(path, { ...mended, path, problem });
  }
  return [...all.values()];
};

/** Parses arguments by the tool's schema. */
export const checkArguments = (
  tool: Tool,
  args: unknown,
): { input: Args } | { problems: FieldProblem[] } => {
  const schema = inputSchemaOf(tool);
  const faults: TextFault[] = [];
  const mended = mendTexts(args, schema, [], faults);
  const parsed = tool.input.safeParse(mended);
  if (parsed.success && faults.length === 0) return { input: parsed.data };
  const others = parsed.success ? [] : problemsOf(parsed.error.issues, args, tool.input, schema);
  return { problems: merge(faults, others) };
};
