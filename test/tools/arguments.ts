/** Arguments of a tool as the runner takes them: made regular, checked, and each problem said. */
import type { FieldProblem } from "../../src/common/failure.ts";
import type { Tool } from "../../src/tools/define.ts";
import { tools } from "../../src/tools/index.ts";
import { checkArguments } from "../../src/tools/schema/check.ts";
import { inputSchemaOf, normalizeArguments } from "../../src/tools/schema/normalize.ts";

export const toolNamed = (name: string): Tool => {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};

/** What is wrong with these arguments; empty where they pass. */
export const problemsWith = (tool: Tool, raw: unknown): FieldProblem[] => {
  const checked = checkArguments(tool, normalizeArguments(raw, inputSchemaOf(tool)));
  return "input" in checked ? [] : checked.problems;
};

/** A copy of the arguments, as they were made regular, with a value at such a path as `tags[0].key`. */
export const withValueAt = (tool: Tool, raw: unknown, path: string, value: unknown): unknown => {
  const args = structuredClone(normalizeArguments(raw, inputSchemaOf(tool)));
  const parts = path.split(/[.[\]]+/).filter((part) => part !== "");
  const last = parts.pop() ?? "";
  const parent = parts.reduce((at: any, part) => at[part], args);
  parent[last] = value;
  return args;
};

/** Those problems whose example, put in its place, does not pass. */
export const wrongExamples = (tool: Tool, raw: unknown): FieldProblem[] =>
  problemsWith(tool, raw)
    .filter((problem) => problem.example !== undefined)
    .filter(({ path, example }) =>
      problemsWith(tool, withValueAt(tool, raw, path, example)).some((one) => one.path === path),
    );
