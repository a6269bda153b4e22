/** What the operator has set: one schema over environment variables and flags, parsed once into a frozen Config. */
import { readFileSync } from "node:fs";
import type * as z from "zod/v4";
import type { ApiKey } from "../atlas/auth/api-key.ts";
import type { ServiceAccount } from "../atlas/auth/service-account.ts";
import type { Proxies } from "../atlas/http.ts";
import { errnoOf } from "../common/errno.ts";
import { type Secret, secret } from "../common/secret.ts";
import { type NamedSetting, type SettingName, schema, settingOf, settings } from "./settings.ts";
import { passphrase } from "./values.ts";

export type { ConfirmMode } from "./settings.ts";

/** A setting that is wrong: one line for the operator, who sees it with exit code 2. */
export class ConfigError extends Error {}

type Given = { value: string; from: string };

export type Flags = Partial<Record<string, string | boolean>>;

/** A file that a setting names, and the setting, for messages. */
export type NamedFile = { path: string; from: string };

type Read = z.output<typeof schema>;

type Secrets = "clientId" | "clientSecret" | "publicKey" | "privateKey";
type Files = "policy" | "audit" | "sandboxState";
type Told = "backend" | "baseUrl" | "orgId" | "groupId";

/** All settings as they were read or by default; what is put together from several stands beside them. */
export type Config = Readonly<
  Omit<Read, Secrets | Files | Told> & {
    backend: "atlas" | "sandbox";
    baseUrl: string;
    credentials: ServiceAccount | ApiKey | undefined;
    scope: Readonly<{ orgId?: string; groupId?: string }>;
    proxies: Proxies | undefined;
    /** Whether the operator has said which Atlas it is. */
    backendNamed: boolean;
    notes: readonly string[];
  } & Record<Files, NamedFile | undefined>
>;

const readSecretFile = (variable: string, path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errnoOf(error) ?? "unreadable";
    throw new ConfigError(`${variable}: the file cannot be read (${code})`);
  }
};

/** A setting's text and where it came from. An empty variable counts as not set: forms of hosts leave them so. */
const givenOf = (
  setting: NamedSetting,
  env: NodeJS.ProcessEnv,
  flags: Flags,
): Given | undefined => {
  const flagged = setting.flag === undefined ? undefined : flags[setting.flag];
  if (flagged !== undefined) return { value: String(flagged), from: `--${setting.flag}` };
  for (const name of setting.env) {
    const value = env[name];
    if (value !== undefined && value.trim() !== "") return { value, from: name };
    const path = setting.file ? env[`${name}_FILE`] : undefined;
    if (path !== undefined && path !== "")
      return { value: readSecretFile(`${name}_FILE`, path), from: `${name}_FILE` };
  }
  return undefined;
};

/** The secret that signs audit files, for a command that needs nothing else. */
export const readSecret = (env: NodeJS.ProcessEnv): Secret | undefined => {
  const found = givenOf(settingOf("secret"), env, {});
  const parsed = passphrase.optional().safeParse(found?.value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(`${found?.from} ${parsed.error.issues[0]?.message}`);
};

type Names = [SettingName, SettingName];

const pair = <T>(
  one: T | undefined,
  other: T | undefined,
  names: Names,
  given: Map<string, Given>,
): [T, T] | undefined => {
  if (one !== undefined && other !== undefined) return [one, other];
  if (one === undefined && other === undefined) return undefined;
  const [set, missing] = one === undefined ? [names[1], names[0]] : names;
  throw new ConfigError(
    `${given.get(set)?.from} is set, but ${settingOf(missing).env[0]} is not: both are needed`,
  );
};

/** What is not wrong and yet may surprise the operator; the doctor tells it. */
const surprises = (env: NodeJS.ProcessEnv, both: boolean): string[] => [
  ...(both ? ["a service account and an API key are set: the API key is not used"] : []),
  ...settings
    .flatMap(({ env }) => env)
    .filter((name) => env[name] !== undefined && env[name].trim() === "")
    .map((name) => `${name} is set but empty: it counts as not set`),
];

/** The usual variables of proxies, in either case. */
const readProxies = (env: NodeJS.ProcessEnv): Proxies | undefined => {
  const given = (name: string) => env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined;
  const [httpProxy, httpsProxy, noProxy] = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map(given);
  for (const [name, value] of Object.entries({ HTTP_PROXY: httpProxy, HTTPS_PROXY: httpsProxy })) {
    if (value !== undefined && !/^https?:\/\//.test(URL.canParse(value) ? value : ""))
      throw new ConfigError(`${name} must be an address like http://proxy.example:3128`);
  }
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  return {
    ...(httpProxy === undefined ? {} : { httpProxy: secret(httpProxy) }),
    ...(httpsProxy === undefined ? {} : { httpsProxy: secret(httpsProxy) }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
};

/** Reads the configuration. Throws `ConfigError` with one line that names the variable or flag, never its value where it is secret. */
export const readConfig = (env: NodeJS.ProcessEnv, flags: Flags): Config => {
  const given = new Map<string, Given>();
  for (const setting of settings) {
    const found = givenOf(setting, env, flags);
    if (found !== undefined) given.set(setting.name, found);
  }
  const parsed = schema.safeParse(
    Object.fromEntries([...given].map(([name, { value }]) => [name, value])),
  );
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(
      `${given.get(String(issue?.path[0]))?.from ?? "configuration"} ${issue?.message ?? "is not valid"}`,
    );
  }
  const { clientId, clientSecret, publicKey, privateKey, orgId, groupId, ...rest } = parsed.data;
  const account = pair(clientId, clientSecret, ["clientId", "clientSecret"], given);
  const key = pair(publicKey, privateKey, ["publicKey", "privateKey"], given);
  // Atlas recommends service accounts over API keys (facts 3.2), so where both are set the account is used.
  const credentials = account
    ? ({ kind: "service_account", clientId: account[0], clientSecret: account[1] } as const)
    : key && ({ kind: "api_key", publicKey: key[0], privateKey: key[1] } as const);
  const backend = rest.backend ?? (credentials || rest.baseUrl !== undefined ? "atlas" : "sandbox");
  if (backend === "atlas" && credentials === undefined)
    throw new ConfigError(
      "no credentials for Atlas: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or use --backend sandbox",
    );
  if (backend === "sandbox" && rest.baseUrl !== undefined)
    throw new ConfigError(
      `${given.get("baseUrl")?.from} goes with the backend atlas only: the embedded sandbox has an address of its own`,
    );
  if (backend === "atlas" && rest.sandboxState !== undefined)
    throw new ConfigError(`${given.get("sandboxState")?.from} goes with the embedded sandbox only`);
  const named = (name: SettingName): NamedFile | undefined => {
    const one = given.get(name);
    return one && { path: one.value, from: one.from };
  };
  return Object.freeze({
    ...rest,
    backend,
    backendNamed: rest.backend !== undefined,
    baseUrl: rest.baseUrl ?? "https://cloud.mongodb.com",
    credentials: backend === "sandbox" ? undefined : credentials,
    scope: Object.freeze({
      ...(orgId === undefined ? {} : { orgId }),
      ...(groupId === undefined ? {} : { groupId }),
    }),
    policy: named("policy"),
    audit: named("audit"),
    sandboxState: named("sandboxState"),
    proxies: readProxies(env),
    notes: surprises(env, account !== undefined && key !== undefined),
  });
};
