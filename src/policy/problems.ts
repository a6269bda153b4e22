/** Says what is wrong with a policy, or with the rules of a caller, in a sentence for the operator. */
import type * as z from "zod/v4";
import { toSchema } from "../tools/schema/json-schema.ts";
import { problemsOf, schemaAt } from "../tools/schema/problems.ts";

/** What follows a member's path in a sentence; `key` is a member that is not known. */
export type RuleProblem = { key?: string; problem: string };

/** A sentence that quotes what stands in a file, on one line. */
export const oneLine = (sentence: string): string => sentence.replace(/\p{Cc}+/gu, " ");

// The sentences about these have no valid value in them.
const withoutValue: readonly string[] = ["invalid_type", "invalid_format"];

/** Converts an issue of zod about `value`. `type` is that of the whole file. */
export const ruleProblemOf = (
  issue: z.core.$ZodIssue,
  value: unknown,
  type: z.ZodType,
): RuleProblem => {
  const schema = toSchema(type);
  const [found] = problemsOf([issue], value, type, schema);
  const problem = found?.problem ?? "is not valid";
  if (issue.code === "unrecognized_keys") return { key: issue.keys[0] ?? "", problem };
  // The operator reads it, so any valid value helps.
  const example = found?.example ?? schemaAt(schema, issue.path)?.examples?.[0];
  const shown = Array.isArray(example) ? JSON.stringify(example) : example;
  return withoutValue.includes(issue.code) && typeof shown === "string" && shown !== "example"
    ? { problem: `${problem}, for example ${shown}` }
    : { problem };
};
