/** Reads environment variables and flags with one schema, once, into a frozen Config. */
import type * as z from "zod/v4";
import type { ApiKey } from "../atlas/auth/api-key.ts";
import type { ServiceAccount } from "../atlas/auth/service-account.ts";
import type { Proxies } from "../atlas/http.ts";
import type { Secret } from "../common/secret.ts";
import { ConfigError } from "./error.ts";
import type { NamedFile } from "./named-file.ts";
import { readProxies } from "./proxies.ts";
import { type SettingName, schema, settingOf } from "./settings.ts";
import { type Flags, readSources, type Sources, sourceOf } from "./sources.ts";
import { refuseMisspelt, unknownIn, variablesIn } from "./variables.ts";

export { ConfigError } from "./error.ts";
export type { NamedFile } from "./named-file.ts";
export type { ConfirmMode } from "./settings.ts";
export type { Flags } from "./sources.ts";

type Settings = z.output<typeof schema>;

export type Credentials = ServiceAccount | ApiKey;
type Scope = Readonly<{ orgId?: string; groupId?: string }>;

type Secrets = "clientId" | "clientSecret" | "publicKey" | "privateKey";
type Files = "policy" | "audit" | "sandboxState" | "tokens";
type Derived = "backend" | "baseUrl" | "orgId" | "groupId" | "toolChoice";

/** The names that `--tools` gives, and the variable or flag that gave them. */
export type ToolChoice = Readonly<{ names: readonly string[]; from: string }>;

/** All settings with their defaults, and what several settings decide together. */
export type Config = Readonly<
  Omit<Settings, Secrets | Files | Derived> & {
    backend: "atlas" | "sandbox";
    baseUrl: string;
    credentials: Credentials | undefined;
    scope: Scope;
    toolChoice: ToolChoice | undefined;
    proxies: Proxies | undefined;
    /** Whether the operator set the backend, rather than getting the default. */
    backendNamed: boolean;
    /** What is allowed but may surprise the operator. `doctor` shows it. */
    notes: readonly string[];
    /** Those of the notes that are probably mistakes. The log shows them at the start. */
    warnings: readonly string[];
  } & Record<Files, NamedFile | undefined>
>;

const parse = (sources: Sources): Settings => {
  const texts = [...sources].map(([name, { value }]) => [name, value]);
  const parsed = schema.safeParse(Object.fromEntries(texts));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const from = sources.get(String(issue?.path[0]))?.from ?? "configuration";
  throw new ConfigError(`${from} ${issue?.message ?? "is not valid"}`);
};

/** One setting, for a command that starts whatever the others are. Throws `ConfigError`. */
export const readOne = <Name extends SettingName>(
  name: Name,
  environment: NodeJS.ProcessEnv,
  flags: Flags = {},
): Settings[Name] => {
  const setting = settingOf(name);
  const env = variablesIn(environment);
  refuseMisspelt(env, [setting]);
  const source = sourceOf(setting, env, flags);
  return parse(new Map(source && [[name, source]]))[name];
};

/** The secret that signs audit files. */
export const readSecret = (env: NodeJS.ProcessEnv): Secret | undefined => readOne("secret", env);

/** Two settings that only count together. Throws if one of them is missing. */
const pairOf = <T>(
  one: T | undefined,
  other: T | undefined,
  names: [SettingName, SettingName],
  sources: Sources,
): [T, T] | undefined => {
  if (one !== undefined && other !== undefined) return [one, other];
  if (one === undefined && other === undefined) return undefined;
  const [set, missing] = one === undefined ? [names[1], names[0]] : names;
  throw new ConfigError(
    `${sources.get(set)?.from} is set, but ${settingOf(missing).env[0]} is not: both are needed`,
  );
};

const serviceAccountIn = (
  { clientId, clientSecret }: Settings,
  sources: Sources,
): ServiceAccount | undefined => {
  const pair = pairOf(clientId, clientSecret, ["clientId", "clientSecret"], sources);
  return pair && { kind: "service_account", clientId: pair[0], clientSecret: pair[1] };
};

const apiKeyIn = ({ publicKey, privateKey }: Settings, sources: Sources): ApiKey | undefined => {
  const pair = pairOf(publicKey, privateKey, ["publicKey", "privateKey"], sources);
  return pair && { kind: "api_key", publicKey: pair[0], privateKey: pair[1] };
};

/** An address alone is that of Atlas, unless ephemeral clusters, which need no credentials, are what it is for. */
const backendOf = (
  { backend, baseUrl, ephemeral }: Settings,
  credentials: Credentials | undefined,
): Config["backend"] =>
  backend ??
  (credentials !== undefined || (baseUrl !== undefined && !ephemeral) ? "atlas" : "sandbox");

/** Refuses settings that the backend cannot work with. */
const checkBackend = (
  backend: Config["backend"],
  credentials: Credentials | undefined,
  ephemeral: boolean,
  sources: Sources,
): void => {
  const [baseUrl, sandboxState] = [sources.get("baseUrl"), sources.get("sandboxState")];
  if (backend === "atlas" && credentials === undefined)
    throw new ConfigError(
      "no credentials for Atlas: set MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, use --backend sandbox, or --ephemeral for a cluster that needs no account",
    );
  if (backend === "sandbox" && baseUrl !== undefined && !ephemeral)
    throw new ConfigError(
      `${baseUrl.from} works only with the backend atlas or with --ephemeral: the embedded sandbox has its own address`,
    );
  if (backend === "atlas" && sandboxState !== undefined)
    throw new ConfigError(`${sandboxState.from} works only with the embedded sandbox`);
};

const scopeOf = ({ orgId, groupId }: Settings): Scope =>
  Object.freeze({
    ...(orgId === undefined ? {} : { orgId }),
    ...(groupId === undefined ? {} : { groupId }),
  });

const toolChoiceOf = ({ toolChoice }: Settings, sources: Sources): ToolChoice | undefined =>
  toolChoice && { names: toolChoice, from: sources.get("toolChoice")?.from ?? "" };

const fileIn = (sources: Sources, name: Files): NamedFile | undefined => {
  const source = sources.get(name);
  return source && { path: source.value, from: source.from };
};

/** Reads the configuration. Throws `ConfigError`, which names the variable or flag and shows no secret value. */
export const readConfig = (environment: NodeJS.ProcessEnv, flags: Flags): Config => {
  const env = variablesIn(environment);
  refuseMisspelt(env);
  const { sources, notes } = readSources(env, flags);
  const parsed = parse(sources);
  const account = serviceAccountIn(parsed, sources);
  const key = apiKeyIn(parsed, sources);
  // MongoDB recommends service accounts over API keys (docs/atlas.md#service-accounts).
  const credentials = account ?? key;
  const backend = backendOf(parsed, credentials);
  checkBackend(backend, credentials, parsed.ephemeral, sources);
  const { probable: warnings, possible } = unknownIn(env);
  const { clientId, clientSecret, publicKey, privateKey, orgId, groupId, toolChoice, ...others } =
    parsed;
  return Object.freeze({
    ...others,
    backend,
    backendNamed: parsed.backend !== undefined,
    baseUrl: parsed.baseUrl ?? "https://cloud.mongodb.com",
    credentials: backend === "sandbox" ? undefined : credentials,
    scope: scopeOf(parsed),
    toolChoice: toolChoiceOf(parsed, sources),
    policy: fileIn(sources, "policy"),
    audit: fileIn(sources, "audit"),
    sandboxState: fileIn(sources, "sandboxState"),
    tokens: fileIn(sources, "tokens"),
    proxies: readProxies(env),
    notes: [
      ...(account !== undefined && key !== undefined
        ? ["a service account and an API key are set: the API key is not used"]
        : []),
      ...notes,
      ...warnings,
      // Other programs have variables of this prefix, so these are not in the log.
      ...possible,
    ],
    warnings,
  });
};
