/** Token files with tokens of `atlas-provision-mcp token`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordSecret } from "./output-record.ts";
import { run } from "./program.ts";

export type Minted = { token: string; entry: { name: string; sha256: string } };

export const mint = async (name: string): Promise<Minted> => {
  const minted: Minted = JSON.parse((await run(["token", name])).stdout);
  recordSecret(minted.token);
  return minted;
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export type TokenFile = { path: string; write(content: unknown): void; remove(): void };

/** A file of tokens, in a folder of its own. */
export const tokenFile = (...entries: object[]): TokenFile => {
  const folder = mkdtempSync(join(tmpdir(), "tokens-"));
  const path = join(folder, "tokens.json");
  const write = (content: unknown) =>
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  write({ tokens: entries });
  return { path, write, remove: () => rmSync(folder, { recursive: true }) };
};
