/** The operator's policy file: JSON with comments, read once at start. The server does not start with a file that is not valid. */
import { findNodeAtLocation, getNodeValue } from "jsonc-parser";
import * as z from "zod/v4";
import { visible } from "../common/visible.ts";
import { ConfigError } from "../config/config.ts";
import { readNamedFile } from "../config/named-file.ts";
import { pathText } from "../tools/schema/problems.ts";
import { parseJsonText, placeOf } from "./json-text.ts";
import { oneLine, ruleProblemOf } from "./problems.ts";
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

/** Reads and checks a policy file. Throws `ConfigError` with the file, line, column, field and problem. */
export const readPolicy = (path: string, from: string): Rules => {
  const text = readNamedFile({ path, from });
  const wrong = (offset: number, problem: string) => {
    const { line, column } = placeOf(text, offset);
    return new ConfigError(`${from}: ${visible(path)}:${line}:${column}: ${oneLine(problem)}`);
  };
  const json = parseJsonText(text, { allowTrailingComma: true });
  if ("says" in json) throw wrong(json.offset, `not JSON: ${json.says}`);
  const { tree } = json;
  const value: unknown = getNodeValue(tree);
  const parsed = policyFile.safeParse(value);
  if (parsed.success) {
    const { $schema: _, ...rules } = parsed.data;
    return rules;
  }
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw wrong(0, "is not a policy");
  const { key, problem } = ruleProblemOf(issue, value, policyFile);
  const location = [...issue.path, ...(key === undefined ? [] : [key])].filter(
    (part) => typeof part !== "symbol",
  );
  const node =
    findNodeAtLocation(tree, location) ?? findNodeAtLocation(tree, location.slice(0, -1));
  const offset = (key === undefined ? node?.offset : node?.parent?.offset) ?? tree.offset;
  throw wrong(offset, `${pathText(location) || "the policy"} ${problem}`);
};
