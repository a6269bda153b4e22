/** The configuration as tests give it: only what they name, nothing of this machine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfigError, type Flags, readConfig } from "../../src/config/config.ts";

export type Env = Record<string, string>;

export const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_1",
};
export const key = {
  MONGODB_ATLAS_PUBLIC_API_KEY: "abcdefgh",
  MONGODB_ATLAS_PRIVATE_API_KEY: "1-2-3",
};

export const read = (env: Env = {}, flags: Flags = {}) => readConfig(env, flags);

/** The line that an operator sees. */
export const lineOf = (env: Env, flags: Flags = {}): string => {
  try {
    read(env, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was accepted");
};

export const revealed = (env: Env) => {
  const { credentials } = read(env);
  if (credentials?.kind === "service_account")
    return [credentials.kind, credentials.clientId.reveal(), credentials.clientSecret.reveal()];
  return (
    credentials && [
      credentials.kind,
      credentials.publicKey.reveal(),
      credentials.privateKey.reveal(),
    ]
  );
};

/** A file that the running test removes. */
export const file = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "secret");
  writeFileSync(path, text);
  return path;
};

export const goodUrls = [
  "https://cloud.mongodbgov.com",
  "http://127.0.0.1:8080",
  "http://127.9.9.9:1",
  "http://localhost:8080",
  "http://[::1]:8080",
];

export const badUrls = [
  "http://cloud.mongodb.com",
  "http://10.0.0.1",
  "http://0.0.0.0:8080",
  "http://localhost.example.com",
  "http://127.0.0.1.example.com",
  "https://cloud.mongodb.com/api/atlas/v2",
  "https://cloud.mongodb.com?x=1",
  "https://cloud.mongodb.com#x",
  "https://user@cloud.mongodb.com",
  "ftp://cloud.mongodb.com",
  "cloud.mongodb.com",
  "file:///etc/passwd",
  "nonsense",
];
