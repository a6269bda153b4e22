/** The token file: the callers, each with the hash of a token and its rights. */
import { unwatchFile, watchFile } from "node:fs";
import * as z from "zod/v4";
import { messageOf } from "../../../common/errno.ts";
import { isRecord, parseJson } from "../../../common/json.ts";
import type { Log } from "../../../common/log.ts";
import { visible } from "../../../common/visible.ts";
import { ConfigError, type NamedFile } from "../../../config/config.ts";
import { readNamedFile } from "../../../config/named-file.ts";
import type { Caller } from "../../../policy/caller.ts";
import { parseJsonText, placeOf } from "../../../policy/json-text.ts";
import { oneLine, ruleProblemOf } from "../../../policy/problems.ts";
import { ruleShape } from "../../../policy/rules.ts";
import { pathText } from "../../../tools/schema/problems.ts";
import { findByToken, tokenName } from "./tokens.ts";
import type { Verify } from "./verifier.ts";

const entrySchema = z.strictObject({
  name: z.string().regex(tokenName.pattern, tokenName.says),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case"),
  readOnly: z.boolean().optional(),
  noDelete: z.boolean().optional(),
  credentials: z.boolean().optional(),
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be a time like 2027-01-31T00:00:00Z" })
    .optional(),
  ...ruleShape,
});

const schema = z.strictObject({ tokens: z.array(entrySchema) });

/** Whose token it is, and until when it is valid, in milliseconds since 1970. */
type Dated = { name: string; expiresAt: number };

type Entry = Dated & { sha256: string; caller: Caller; mayFetch: boolean };

const hasExpired = ({ expiresAt }: Dated): boolean => expiresAt <= Date.now();

/** Compares the rights too. */
const isSame = (one: Caller, other: Caller): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Describes an entry by its position, counted from 1, and its name. */
const labelOf = (index: number, file: unknown): string => {
  const tokens = isRecord(file) ? file.tokens : [];
  const one: unknown = Array.isArray(tokens) ? tokens[index] : undefined;
  const name = isRecord(one) ? one.name : undefined;
  return typeof name === "string"
    ? `entry ${index + 1} (${name.slice(0, 64)})`
    : `entry ${index + 1}`;
};

const problemIn = (issue: z.core.$ZodIssue, file: unknown): string => {
  const { key, problem } = ruleProblemOf(issue, file, schema);
  const says = key === undefined ? problem : `"${key.slice(0, 64)}" ${problem}`;
  const [, index, ...rest] = issue.path;
  if (typeof index !== "number") return `${pathText(issue.path) || "the file"}: ${says}`;
  return `${labelOf(index, file)}${rest.length > 0 ? `, ${pathText(rest)}` : ""}: ${says}`;
};

/** The value of the file. Throws an `Error` that says in which line it is not JSON. */
const valueIn = (text: string): unknown => {
  const read = parseJson(text);
  if (read !== undefined) return read.value;
  const json = parseJsonText(text, { disallowComments: true });
  if (!("says" in json)) throw new Error("the file is not JSON");
  const { line } = placeOf(text, json.offset);
  throw new Error(`the file is not JSON: line ${line}: ${json.says}`);
};

/** Parses a token file. Throws an `Error` whose message is one line with the entry and the field. */
export const parseTokens = (text: string): Entry[] => {
  const file = valueIn(text);
  const parsed = schema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      issue === undefined ? "the file is not valid" : oneLine(problemIn(issue, file)),
    );
  }
  const positions = new Map<string, number>();
  return parsed.data.tokens.map((one, index) => {
    const { name, sha256, readOnly = false, noDelete = false, ...others } = one;
    const { credentials: mayFetch = false, expiresAt, ...rules } = others;
    for (const [field, value] of Object.entries({ name, sha256 })) {
      const before = positions.get(`${field} ${value}`);
      if (before !== undefined)
        throw new Error(`${labelOf(index, file)}, ${field}: entry ${before + 1} has the same`);
      positions.set(`${field} ${value}`, index);
    }
    return {
      name,
      sha256,
      expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
      caller: { id: `token:${name}`, readOnly, noDelete, rules },
      mayFetch,
    };
  });
};

export type TokenFile = {
  verify: Verify;
  /** Reads the file again. A file that is not valid changes nothing. */
  reload(): void;
  /** Whether the file still has this caller with exactly these rights. */
  holds(caller: Caller): boolean;
  /** The tokens that are in force, in the order of the file. */
  entries(): readonly Dated[];
  close(): void;
};

/** Reads the file and watches it. Throws `ConfigError` if it cannot be read or is not valid. */
export const openTokenFile = (file: NamedFile, log: Log, onChange: () => void): TokenFile => {
  const { path, from } = file;
  const read = () => {
    const text = readNamedFile(file);
    try {
      return parseTokens(text);
    } catch (error) {
      throw new ConfigError(`${from}: ${visible(path)}: ${messageOf(error)}`);
    }
  };
  let entries = read();
  const reload = () => {
    try {
      entries = read();
      log.info?.({ tokens: entries.length }, "token file reloaded");
      onChange();
    } catch (error) {
      log.error?.(
        { problem: messageOf(error) },
        "token file not reloaded; the previous tokens stay valid",
      );
    }
  };
  // Polled: Kubernetes updates a mounted secret by replacing a symbolic link, which `fs.watch` on the file does not see.
  watchFile(path, { interval: 1000, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size)
      reload();
  });

  return {
    verify: async (token) => {
      const entry = findByToken(entries, token);
      if (entry === undefined) return { unknown: true };
      if (hasExpired(entry)) return { refused: "invalid_token", why: "The token has expired" };
      const { caller, mayFetch, sha256 } = entry;
      const isValid = () => {
        const now = entries.find((one) => one.sha256 === sha256);
        return now !== undefined && isSame(now.caller, caller) && !hasExpired(now);
      };
      return { caller, mayFetch, isValid };
    },
    reload,
    holds: (caller) => entries.some((entry) => isSame(entry.caller, caller)),
    entries: () => entries,
    close: () => unwatchFile(path),
  };
};
