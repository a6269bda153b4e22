/** The file with the bearer token for a server, which only its owner may read. */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { errnoOf } from "../../common/errno.ts";
import { type Secret, secret } from "../../common/secret.ts";
import { visible } from "../../common/visible.ts";
import { ConfigError } from "../../config/config.ts";
import { checkNamedFile, refusalOf } from "../../config/named-file.ts";

const from = "--token-file";

const most = 16_384;

/** What is checked is what is read: the path may mean another file a moment later. */
const readOwn = (path: string): string => {
  const file = openSync(path, "r");
  try {
    const { mode, size } = fstatSync(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw new ConfigError(
        `${from}: ${visible(path)} can be read or written by others than its owner (chmod 600)`,
      );
    if (size > most) throw new ConfigError(`${from}: the file is too large for a token`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
};

const tokenIn = (text: string): Secret => {
  const token = text.replace(/^\uFEFF/, "").trim();
  if (token === "") throw new ConfigError(`${from}: the file is empty`);
  if (token.startsWith("{"))
    throw new ConfigError(
      `${from}: the file has JSON; it has to have the token alone (\`token NAME\` prints it as "token")`,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new ConfigError(`${from}: the file has to have one token and nothing else`);
  return secret(token);
};

/** Reads the token. Throws `ConfigError`. A pipe will do, as of `<(...)`. */
export const readToken = (path: string): Secret => {
  const file = { path, from };
  checkNamedFile(file, { pipe: true });
  try {
    return tokenIn(readOwn(path));
  } catch (error) {
    throw errnoOf(error) === undefined ? error : refusalOf(file, {}, error);
  }
};
