/** Every setting of the server: its variables, its flag, and what `--help` says of it. */
import { logLevels } from "./log.ts";

export type Setting = {
  /** Environment variables, the first that is set wins. */
  env: readonly string[];
  flag?: string;
  boolean?: true;
  /** Also read from the file that `<variable>_FILE` names. */
  file?: true;
  help?: string;
};

/** Every setting: where it comes from and what `--help` says of it. */
export const settings = {
  clientId: {
    env: ["MONGODB_ATLAS_CLIENT_ID", "MDB_MCP_API_CLIENT_ID"],
    file: true,
    help: "service account: client id",
  },
  clientSecret: {
    env: ["MONGODB_ATLAS_CLIENT_SECRET", "MDB_MCP_API_CLIENT_SECRET"],
    file: true,
    help: "service account: client secret",
  },
  publicKey: {
    env: ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"],
    file: true,
    help: "API key: public key",
  },
  privateKey: {
    env: ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"],
    file: true,
    help: "API key: private key",
  },
  baseUrl: {
    env: ["MONGODB_ATLAS_BASE_URL"],
    flag: "base-url",
    help: "Atlas's address (https://cloud.mongodb.com); plain http only on loopback",
  },
  orgId: { env: ["MONGODB_ATLAS_ORG_ID"], flag: "org", help: "the only organization to work in" },
  groupId: {
    env: ["MONGODB_ATLAS_PROJECT_ID"],
    flag: "project",
    help: "the only project to work in",
  },
  backend: {
    env: ["ATLAS_MCP_BACKEND"],
    flag: "backend",
    help: "atlas or sandbox; default: atlas with credentials, else sandbox",
  },
  readOnly: {
    env: ["ATLAS_MCP_READ_ONLY"],
    flag: "read-only",
    boolean: true,
    help: "offer only tools that read",
  },
  allowDelete: {
    env: ["ATLAS_MCP_ALLOW_DELETE"],
    flag: "allow-delete",
    boolean: true,
    help: "offer deletes on live Atlas",
  },
  confirm: {
    env: ["ATLAS_MCP_CONFIRM"],
    flag: "confirm",
    help: "who agrees to costs and deletes: auto, human, token, never, always (auto)",
  },
  confirmTimeoutMs: {
    env: ["ATLAS_MCP_CONFIRM_TIMEOUT_MS"],
    flag: "confirm-timeout-ms",
    help: "milliseconds for the user to answer (300000)",
  },
  policy: {
    env: ["ATLAS_MCP_POLICY"],
    flag: "policy",
    help: "file with rules on what may be changed and read",
  },
  audit: {
    env: ["ATLAS_MCP_AUDIT"],
    flag: "audit",
    help: "file that records each change before and after it",
  },
  credentialsDir: {
    env: ["ATLAS_MCP_CREDENTIALS_DIR"],
    flag: "credentials-dir",
    help: "folder for the passwords of database users (below the user's home)",
  },
  sandboxState: {
    env: ["ATLAS_MCP_SANDBOX_STATE"],
    flag: "state",
    help: "file in which the embedded sandbox keeps what was made",
  },
  secret: {
    env: ["ATLAS_MCP_SECRET"],
    file: true,
    help: "signs consent and audit; the same for all replicas (random)",
  },
  deadlineMs: {
    env: ["ATLAS_MCP_DEADLINE_MS"],
    flag: "deadline-ms",
    help: "milliseconds for one tool call (45000)",
  },
  requestTimeoutMs: {
    env: ["ATLAS_MCP_REQUEST_TIMEOUT_MS"],
    flag: "request-timeout-ms",
    help: "milliseconds for one HTTP attempt (10000)",
  },
  logLevel: {
    env: ["ATLAS_MCP_LOG_LEVEL"],
    flag: "log-level",
    help: `${logLevels.join(", ")}: JSON lines on stderr (warn)`,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
