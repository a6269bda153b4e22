/** Declares every setting once: its schema, default, variables, flag and help. */
import * as z from "zod/v4";
import { logLevels } from "../common/log.ts";
import { httpSettings } from "./http-settings.ts";
import { registry, type Setting, setting } from "./setting.ts";
import * as value from "./values.ts";

/** How consent is asked for (docs/architecture.md#consent). */
const confirmModes = ["auto", "human", "token", "never", "always"] as const;

export type ConfirmMode = (typeof confirmModes)[number];

/** The schema of all settings by name. `Config`, the flags, `--help` and the tables of docs/configuration.md and docs/http.md are derived from it. */
export const schema = z.object({
  clientId: setting(value.clientId.optional(), {
    env: ["MONGODB_ATLAS_CLIENT_ID", "MDB_MCP_API_CLIENT_ID"],
    file: true,
    help: "service account: client id",
  }),
  clientSecret: setting(value.clientSecret.optional(), {
    env: ["MONGODB_ATLAS_CLIENT_SECRET", "MDB_MCP_API_CLIENT_SECRET"],
    file: true,
    help: "service account: client secret",
  }),
  publicKey: setting(value.credential.optional(), {
    env: ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"],
    file: true,
    help: "API key: public key",
  }),
  privateKey: setting(value.credential.optional(), {
    env: ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"],
    file: true,
    help: "API key: private key",
  }),
  baseUrl: setting(value.baseUrl.optional(), {
    env: ["MONGODB_ATLAS_BASE_URL"],
    flag: "base-url",
    topic: "Atlas",
    value: "URL",
    help: "Atlas's address (https://cloud.mongodb.com); plain http only on loopback",
  }),
  orgId: setting(value.objectId.optional(), {
    env: ["MONGODB_ATLAS_ORG_ID"],
    flag: "org",
    topic: "Atlas",
    value: "ID",
    help: "the only organization to work in",
    more: "the argument is then filled in and hidden",
  }),
  groupId: setting(value.objectId.optional(), {
    env: ["MONGODB_ATLAS_PROJECT_ID"],
    flag: "project",
    topic: "Atlas",
    value: "ID",
    help: "the only project to work in",
    more: "the argument is then filled in and hidden",
  }),
  backend: setting(value.oneOf(["atlas", "sandbox"]).optional(), {
    env: ["ATLAS_MCP_BACKEND"],
    flag: "backend",
    topic: "Atlas",
    value: "NAME",
    help: "atlas or sandbox; default: atlas with credentials, else sandbox",
  }),
  ephemeral: setting(value.flag.default(false), {
    env: ["ATLAS_MCP_EPHEMERAL"],
    flag: "ephemeral",
    topic: "Atlas",
    boolean: true,
    help: "offer real, temporary clusters of Atlas, which need no account",
    more: "see [Ephemeral clusters](ephemeral-clusters.md)",
  }),
  readOnly: setting(value.flag.default(false), {
    env: ["ATLAS_MCP_READ_ONLY"],
    flag: "read-only",
    topic: "What is allowed",
    boolean: true,
    help: "offer only tools that read",
  }),
  allowDelete: setting(value.flag.default(false), {
    env: ["ATLAS_MCP_ALLOW_DELETE"],
    flag: "allow-delete",
    topic: "What is allowed",
    boolean: true,
    help: "offer deletes on live Atlas; the sandbox always does",
  }),
  toolChoice: setting(value.names.optional(), {
    env: ["ATLAS_MCP_TOOLS"],
    flag: "tools",
    topic: "What is allowed",
    value: "LIST",
    help: "offer only these tools, with commas: read, create, update, delete, connect, or names",
  }),
  confirm: setting(value.oneOf(confirmModes).default("auto"), {
    env: ["ATLAS_MCP_CONFIRM"],
    flag: "confirm",
    topic: "What is allowed",
    value: "MODE",
    help: "who agrees to costs and deletes: auto, human, token, never, always",
    more: "see [Consent](consent.md)",
  }),
  confirmTimeoutMs: setting(value.milliseconds(100, 3_600_000).default(300_000), {
    env: ["ATLAS_MCP_CONFIRM_TIMEOUT_MS"],
    flag: "confirm-timeout-ms",
    topic: "What is allowed",
    value: "MS",
    help: "milliseconds for the user to answer",
  }),
  policy: setting(z.string().optional(), {
    env: ["ATLAS_MCP_POLICY"],
    flag: "policy",
    topic: "What is allowed",
    value: "FILE",
    path: true,
    help: "file with rules on what may be changed and read",
    more: "see [Policy](policy.md)",
  }),
  audit: setting(z.string().optional(), {
    env: ["ATLAS_MCP_AUDIT"],
    flag: "audit",
    topic: "Files",
    value: "FILE",
    path: true,
    help: "file that records each change before and after it",
    more: "see [Audit](audit.md)",
  }),
  credentialsDir: setting(value.path.optional(), {
    env: ["ATLAS_MCP_CREDENTIALS_DIR"],
    flag: "credentials-dir",
    topic: "Files",
    value: "FOLDER",
    path: true,
    help: "folder for passwords and connection strings (below the user's home)",
  }),
  sandboxState: setting(z.string().optional(), {
    env: ["ATLAS_MCP_SANDBOX_STATE"],
    flag: "state",
    topic: "Files",
    value: "FILE",
    path: true,
    help: "file in which the embedded sandbox keeps what was made",
  }),
  secret: setting(value.passphrase.optional(), {
    env: ["ATLAS_MCP_SECRET"],
    file: true,
    verbatim: true,
    help: "keys the audit and signs confirmations, 16 characters or more; the same for all replicas",
    more: "without it, confirmations are signed with a key from the Atlas credential",
  }),
  store: setting(value.storeUrl.optional(), {
    env: ["ATLAS_MCP_STORE"],
    file: true,
    value: "URL",
    help: "Redis or Valkey that servers share, such as redis://127.0.0.1:6379; rediss:// for TLS",
    more: "see [A store for several servers](store.md)",
  }),
  deadlineMs: setting(value.milliseconds(100, 600_000).default(45_000), {
    env: ["ATLAS_MCP_DEADLINE_MS"],
    flag: "deadline-ms",
    topic: "Limits and log",
    value: "MS",
    help: "milliseconds for one tool call",
  }),
  requestTimeoutMs: setting(value.milliseconds(10, 600_000).default(10_000), {
    env: ["ATLAS_MCP_REQUEST_TIMEOUT_MS"],
    flag: "request-timeout-ms",
    topic: "Limits and log",
    value: "MS",
    help: "milliseconds for one HTTP attempt",
  }),
  logLevel: setting(value.oneOf(logLevels).default("warn"), {
    env: ["ATLAS_MCP_LOG_LEVEL"],
    flag: "log-level",
    topic: "Limits and log",
    value: "LEVEL",
    help: `${logLevels.join(", ")}: JSON lines on stderr`,
  }),
  ...httpSettings,
});

export type SettingName = keyof typeof schema.shape;

/** One setting with its name and its default, where it has one. */
export type NamedSetting = Setting & { name: SettingName; default?: unknown };

const isName = (name: string): name is SettingName => name in schema.shape;

/** The declaration of a setting. */
export const settingOf = (name: SettingName): NamedSetting => {
  const type = schema.shape[name];
  const about = registry.get(type);
  if (about === undefined) throw new Error(`The setting ${name} is declared without setting().`);
  return {
    ...about,
    ...(type instanceof z.ZodDefault ? { default: type.def.defaultValue } : {}),
    name,
  };
};

/** All settings, in the order of `--help`. */
export const settings: readonly NamedSetting[] = Object.keys(schema.shape)
  .filter(isName)
  .map(settingOf);

/** The help of a setting with its default, such as `milliseconds for one tool call (45000)`. */
export const helpOf = ({ help, default: preset }: NamedSetting): string =>
  preset === undefined || typeof preset === "boolean" ? help : `${help} (${preset})`;
