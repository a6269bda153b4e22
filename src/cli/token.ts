/** `atlas-provision-mcp token NAME`: mints a bearer token for `http`. */
import { ConfigError } from "../config/config.ts";
import { hashOf, mintToken, tokenName } from "../mcp/transports/http/tokens.ts";
import { writeStderr, writeStdout } from "./stdout.ts";

/** Prints one JSON line with the token and its entry for the token file, which has only the hash. */
export const runToken = async (words: readonly string[]): Promise<number> => {
  const [given] = words;
  if (given === undefined) throw new ConfigError("use: token NAME");
  if (!tokenName.pattern.test(given)) throw new ConfigError(`the name ${tokenName.says}`);
  const token = mintToken();
  const entry = { name: given, sha256: hashOf(token) };
  await writeStdout(`${JSON.stringify({ token, entry })}\n`);
  await writeStderr(
    'Give the token to its user; it is not shown again. Add the entry to "tokens" in the token file.\n',
  );
  return 0;
};
