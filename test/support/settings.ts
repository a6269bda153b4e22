/** Every setting with a value that it takes, and what it needs beside it. */
import { type SettingName, settings } from "../../src/config/settings.ts";
import { account, type Env, key, type read } from "./config.ts";

export const orgId = "32b6e34b3d91647abb20e7b8";

export const good: Readonly<Record<SettingName, string>> = {
  clientId: "mdb_sa_id_1",
  clientSecret: "mdb_sa_sk_1",
  publicKey: "abcdefgh",
  privateKey: "1-2-3",
  baseUrl: "https://cloud.mongodbgov.com",
  orgId,
  groupId: orgId,
  backend: "sandbox",
  ephemeral: "true",
  readOnly: "true",
  allowDelete: "true",
  toolChoice: "read,connect",
  confirm: "token",
  confirmTimeoutMs: "5000",
  policy: "rules/policy.jsonc",
  audit: "audit.jsonl",
  credentialsDir: "/data/credentials",
  sandboxState: "sandbox.json",
  secret: "0123456789abcdef",
  store: "redis://127.0.0.1:6379",
  deadlineMs: "5000",
  requestTimeoutMs: "5000",
  logLevel: "debug",
  tokens: "tokens.json",
  issuer: "https://login.example.com",
  audience: "https://mcp.example.com/mcp",
  publicUrl: "https://mcp.example.com/mcp",
  allowedHosts: "a.example.com,b.example.com",
  allowedOrigins: "https://app.example.com",
  rateLimit: "60",
  connectionsEach: "100",
  metricsPort: "9464",
  metricsHost: "::1",
};

const companions: Partial<Record<SettingName, Env>> = {
  clientId: { MONGODB_ATLAS_CLIENT_SECRET: account.MONGODB_ATLAS_CLIENT_SECRET },
  clientSecret: { MONGODB_ATLAS_CLIENT_ID: account.MONGODB_ATLAS_CLIENT_ID },
  publicKey: { MONGODB_ATLAS_PRIVATE_API_KEY: key.MONGODB_ATLAS_PRIVATE_API_KEY },
  privateKey: { MONGODB_ATLAS_PUBLIC_API_KEY: key.MONGODB_ATLAS_PUBLIC_API_KEY },
  baseUrl: account,
};

/** What a setting needs beside it to be valid. */
export const besides = (name: SettingName): Env => companions[name] ?? {};

/** Each setting with each of its variables. */
export const variables = settings.flatMap((setting) =>
  setting.env.map((variable) => ({ ...setting, variable })),
);

/** Each setting that has a flag with a value. */
export const flags = settings.flatMap((setting) =>
  setting.flag === undefined || setting.boolean ? [] : [{ ...setting, flag: setting.flag }],
);

/** Each variable that names a file with a secret. */
export const fileVariables = variables
  .filter(({ file }) => file)
  .map((one) => ({ ...one, variable: `${one.variable}_FILE` }));

const isSecret = (value: unknown): value is { reveal(): string } =>
  typeof value === "object" && value !== null && "reveal" in value;

/** A configuration as text, with its secrets and without its notes and the names of variables and flags. */
export const textOf = (config: ReturnType<typeof read>): string =>
  JSON.stringify({ ...config, notes: undefined }, function (this: any, name, value) {
    if (name === "from") return undefined;
    return isSecret(this[name]) ? this[name].reveal() : value;
  });
