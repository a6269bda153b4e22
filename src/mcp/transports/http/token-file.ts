/** The token file: who may call, by the hash of a token each, and with which limits. */
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import * as z from "zod/v4";
import { errnoOf } from "../../../common/errno.ts";
import type { Log } from "../../../common/log.ts";
import type { Caller } from "../../../policy/caller.ts";
import { ruleShape } from "../../../policy/rules.ts";
import { findByToken } from "./tokens.ts";
import type { Verify } from "./verifier.ts";

const entry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "must be 1 to 64 letters, digits and . _ @ -"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits in lower case"),
  readOnly: z.boolean().optional(),
  noDelete: z.boolean().optional(),
  expiresAt: z.iso
    .datetime({ offset: true, error: "must be a time like 2027-01-31T00:00:00Z" })
    .optional(),
  ...ruleShape,
});

const schema = z.strictObject({ tokens: z.array(entry) });

type Known = { sha256: string; expiresAt: number; principal: Caller };

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : text === ""
          ? String(part)
          : `${text}.${String(part)}`,
    "",
  );

/** An entry by its name and its place, counted from 1. */
const labelOf = (index: number, file: unknown): string => {
  const tokens: unknown =
    typeof file === "object" && file !== null && "tokens" in file ? file.tokens : [];
  const one: unknown = Array.isArray(tokens) ? tokens[index] : undefined;
  const name = typeof one === "object" && one !== null && "name" in one ? one.name : undefined;
  return typeof name === "string"
    ? `entry ${index + 1} (${name.slice(0, 64)})`
    : `entry ${index + 1}`;
};

const problemIn = (issue: z.core.$ZodIssue, file: unknown): string => {
  const [, index, ...rest] = issue.path;
  const { message } = issue;
  if (typeof index !== "number") return `${pathOf(issue.path) || "the file"}: ${message}`;
  return `${labelOf(index, file)}${rest.length > 0 ? `, ${pathOf(rest)}` : ""}: ${message}`;
};

/** Reads the text of a token file. Throws an `Error` whose message is one line that names the entry and the field. */
const parseTokens = (text: string): Known[] => {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON");
  }
  const parsed = schema.safeParse(file);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(issue === undefined ? "the file is not valid" : problemIn(issue, file));
  }
  const seen = new Map<string, number>();
  return parsed.data.tokens.map((one, index) => {
    const { name, sha256, readOnly = false, noDelete = false, expiresAt, ...rules } = one;
    for (const [field, value] of Object.entries({ name, sha256 })) {
      const before = seen.get(`${field} ${value}`);
      if (before !== undefined)
        throw new Error(`${labelOf(index, file)}, ${field}: is that of entry ${before + 1} too`);
      seen.set(`${field} ${value}`, index);
    }
    return {
      sha256,
      expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
      principal: { id: `token:${name}`, readOnly, noDelete, rules },
    };
  });
};

export type TokenFile = {
  verify: Verify;
  /** Reads the file again; an unreadable one leaves all as it was. */
  reload(): void;
  /** Whether the file still gives this principal exactly these rights. */
  holds(principal: Caller): boolean;
  close(): void;
};

/** Opens the file and watches it. Throws as `parseTokens` does, or where the file cannot be read. */
export const openTokenFile = (path: string, log: Log, onChange: () => void): TokenFile => {
  const read = () => {
    try {
      return parseTokens(readFileSync(path, "utf8"));
    } catch (error) {
      const code = errnoOf(error);
      throw code === undefined ? error : new Error(`the file cannot be read (${code})`);
    }
  };
  let known = read();
  const reload = () => {
    try {
      known = read();
      log.info({ tokens: known.length }, "token file read again");
      onChange();
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.error({ problem }, "token file not read; the one before stays in force");
    }
  };
  // Polled, since a mounted secret is replaced by turning a link, which a watch on the file does not see.
  watchFile(path, { interval: 1000, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size)
      reload();
  });

  return {
    verify: async (token) => {
      const found = findByToken(known, token);
      if (found === undefined) return { unknown: true };
      if (found.expiresAt <= Date.now())
        return { refused: "invalid_token", why: "The token has expired" };
      return { caller: { principal: found.principal } };
    },
    reload,
    holds: (principal) =>
      known.some((one) => JSON.stringify(one.principal) === JSON.stringify(principal)),
    close: () => unwatchFile(path),
  };
};
