/** The operator's policy file: JSON with comments, read once at start. The server does not start with a file that is not valid. */
import { readFileSync } from "node:fs";
import {
  findNodeAtLocation,
  getNodeValue,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import * as z from "zod/v4";
import { errnoOf } from "../common/errno.ts";
import { ConfigError } from "../config/config.ts";
import { toSchema } from "../tools/schema/json-schema.ts";
import { problemsOf } from "../tools/schema/problems.ts";
import { type Rules, ruleShape } from "./rules.ts";

const policyFile = z
  .strictObject({
    $schema: z.string().optional().meta({ description: "Where this schema is, for editors." }),
    ...ruleShape,
  })
  .meta({
    title: "atlas-provision-mcp policy",
    description: "What the server may do. What is left out is not limited. Comments are allowed.",
  });

/** The JSON Schema of the policy file, published with the package as policy.schema.json. */
export const policySchema = () => z.toJSONSchema(policyFile, { io: "input", target: "draft-7" });

/** The line and column of an offset, counted from 1 as editors do. */
const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
};

const readText = (path: string, from: string): string => {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = errnoOf(error) ?? "unreadable";
    throw new ConfigError(`${from}: ${path} cannot be read (${code})`);
  }
};

/** Reads and checks a policy file. Throws `ConfigError` with the file, line, column, field and problem. */
export const readPolicy = (path: string, from: string): Rules => {
  const text = readText(path, from);
  const wrong = (offset: number, problem: string) =>
    new ConfigError(`${from}: ${path}:${placeOf(text, offset)}: ${problem}`);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken !== undefined)
    throw wrong(broken.offset, `not JSON: ${printParseErrorCode(broken.error)}`);
  if (tree === undefined) throw wrong(0, "not JSON: the file is empty");
  const value: unknown = getNodeValue(tree);
  const parsed = policyFile.safeParse(value);
  if (parsed.success) {
    const { $schema: _, ...rules } = parsed.data;
    return rules;
  }
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw wrong(0, "is not a policy");
  const [problem] = problemsOf([issue], value, policyFile, toSchema(policyFile));
  const unknownKey = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const location = [...issue.path, ...unknownKey].filter((part) => typeof part !== "symbol");
  const node =
    findNodeAtLocation(tree, location) ?? findNodeAtLocation(tree, location.slice(0, -1));
  const where = problem?.path ? `${problem.path} ` : "the policy ";
  const offset = (unknownKey.length > 0 ? node?.parent?.offset : node?.offset) ?? tree.offset;
  throw wrong(offset, `${where}${problem?.problem ?? issue.message}`);
};
