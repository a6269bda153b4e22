/** `atlas-provision-mcp token`: mints bearer tokens for `http`, and adds and removes the entries of its token file. */
import { ConfigError, type Flags, type NamedFile } from "../config/config.ts";
import { hashOf, mintToken, tokenName } from "../mcp/transports/http/tokens.ts";
import { path, text } from "./flags.ts";
import { writeStderr, writeStdout } from "./stdout.ts";
import { changeEntries, type Entry, entriesIn } from "./token-entries.ts";

const uses =
  "use: token NAME, token NAME --add FILE, token NAME --revoke FILE or token --list FILE";

const print = (value: object): Promise<void> => writeStdout(`${JSON.stringify(value)}\n`);

const actions = ["add", "revoke", "list"] as const;

/** What is to be done to which file; undefined where no file is named. Throws `ConfigError`. */
const actionIn = (flags: Flags) => {
  const given = actions.flatMap((action) => {
    const file = path(flags, action);
    return file === undefined ? [] : [{ action, file: { path: file, from: `--${action}` } }];
  });
  if (given.length > 1)
    throw new ConfigError(`--add, --revoke and --list are one at a time; ${uses}`);
  return given[0];
};

const rightsIn = (flags: Flags): Entry => {
  const expiresAt = text(flags, "expires-at");
  return {
    ...(flags["read-only"] === true ? { readOnly: true } : {}),
    ...(flags["no-delete"] === true ? { noDelete: true } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
};

const list = async (file: NamedFile): Promise<void> => {
  // A hash is no secret, but nobody needs to read or paste one.
  for (const { sha256: _, ...shown } of entriesIn(file)) await print(shown);
};

const revoke = async (file: NamedFile, name: string): Promise<void> => {
  await changeEntries(file, (entries) => {
    const others = entries.filter((one) => one.name !== name);
    if (others.length === entries.length)
      throw new ConfigError(`${file.from}: no entry has the name ${name}`);
    return others;
  });
  await print({ revoked: name });
};

/** Mints a token and prints it, once. It is stored nowhere. */
const mint = async (name: string, rights: Entry, file: NamedFile | undefined): Promise<void> => {
  const token = mintToken();
  const entry = { name, sha256: hashOf(token), ...rights };
  if (file !== undefined)
    await changeEntries(file, (entries) => [...entries, entry], { creates: true });
  await print(file === undefined ? { token, entry } : { token, added: name });
  const next = file === undefined ? ' Add the entry to "tokens" in the token file.' : "";
  await writeStderr(`Give the token to its user; it is not shown again.${next}\n`);
};

/** Prints lines of JSON. */
export const runToken = async (flags: Flags, words: readonly string[]): Promise<number> => {
  const [name] = words;
  const asked = actionIn(flags);
  const rights = rightsIn(flags);
  const mints = asked === undefined || asked.action === "add";
  if (!mints && Object.keys(rights).length > 0)
    throw new ConfigError(`rights are given to a new token; ${uses}`);
  if (asked?.action === "list") {
    if (name !== undefined) throw new ConfigError(`--list takes no name; ${uses}`);
    await list(asked.file);
    return 0;
  }
  if (name === undefined) throw new ConfigError(uses);
  if (!tokenName.pattern.test(name)) throw new ConfigError(`the name ${tokenName.says}`);
  if (asked?.action === "revoke") await revoke(asked.file, name);
  else await mint(name, rights, asked?.file);
  return 0;
};
