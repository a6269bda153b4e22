/** The hosts that `setup` knows, as data: where each has its file, and what an entry looks like in it. */
import {
  claudeDesktop,
  clineFile,
  folderOf,
  type Place,
  pathsOf,
  settingsFolder,
} from "./places.ts";

/** The variables of a service account and of an API key. */
export const credentialNames = [
  "MONGODB_ATLAS_CLIENT_ID",
  "MONGODB_ATLAS_CLIENT_SECRET",
  "MONGODB_ATLAS_PUBLIC_API_KEY",
  "MONGODB_ATLAS_PRIVATE_API_KEY",
] as const;

export type Host = {
  title: string;
  /** Files that hold for the user: the first that exists, else the first. Undefined if only the host may write it. */
  user?: (place: Place) => readonly string[];
  /** The same for one project, below its folder. */
  project?: readonly string[];
  /** Which of both it is by default. */
  scope: "user" | "project";
  format: "json" | "toml";
  /** The member that has the servers by their names. */
  key: string;
  /** Started from a desktop, so that it may not find what the user's shell finds. */
  graphical?: true;
  shape: {
    first?: Readonly<Record<string, unknown>>;
    /** The command and its arguments are one list. */
    joined?: true;
    last?: Readonly<Record<string, unknown>>;
    /** The member with the variables of the server. */
    env: string;
    /** The member with the names of the variables that the host passes on. */
    passed?: string;
    /** What the variables of credentials refer to, where the host has a form for that. */
    references?: Readonly<Record<string, string>>;
  };
  /** Its servers get all of its variables, so that the entry need not name them. */
  inherits?: true;
  /** What the host asks its user for, if the entry refers to it. */
  inputs?: readonly Readonly<Record<string, unknown>>[];
  /** How the server gets the credentials in this host, as a sentence. */
  credentials: string;
  /** What to do now, as a sentence. */
  next: string;
};

const account = "MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET";

const inherited = (title: string): string =>
  `start ${title} where ${account} are set: the server gets its environment.`;

const ask = 'Then ask: "Which MongoDB Atlas projects are there?"';

const stdio = { type: "stdio" };

/** All hosts by the word that names them, in the order in which they are listed. */
export const hosts: Readonly<Record<string, Host>> = {
  "claude-code": {
    title: "Claude Code",
    project: [".mcp.json"],
    // Claude Code rewrites the user's file, ~/.claude.json, while it runs, so nobody else should.
    scope: "project",
    format: "json",
    key: "mcpServers",
    shape: { first: stdio, env: "env" },
    inherits: true,
    credentials: inherited("claude"),
    next: `Start claude in this folder, and choose "Use this MCP server". ${ask}`,
  },
  "claude-desktop": {
    title: "Claude Desktop",
    user: (place) => [pathsOf(place).join(claudeDesktop(place), "claude_desktop_config.json")],
    scope: "user",
    format: "json",
    key: "mcpServers",
    graphical: true,
    shape: { env: "env" },
    credentials:
      "put each credential into a file that only you can read, and run setup where MONGODB_ATLAS_CLIENT_ID_FILE and MONGODB_ATLAS_CLIENT_SECRET_FILE name them, since Claude Desktop passes no variables on; or install the .mcpb bundle in place of this entry, which asks for them and keeps them in the keychain.",
    next: `Quit Claude Desktop and start it again. ${ask}`,
  },
  cursor: {
    title: "Cursor",
    user: (place) => [pathsOf(place).join(place.home, ".cursor", "mcp.json")],
    project: [".cursor/mcp.json"],
    scope: "user",
    format: "json",
    key: "mcpServers",
    graphical: true,
    shape: { env: "env" },
    credentials: `add them to the entry as "env", such as "MONGODB_ATLAS_CLIENT_SECRET": "\${env:MONGODB_ATLAS_CLIENT_SECRET}", and start Cursor where ${account} are set.`,
    next: `Start Cursor again, and look for the server in its settings, under MCP. ${ask}`,
  },
  vscode: {
    title: "VS Code",
    user: (place) => {
      const { join } = pathsOf(place);
      const { VSCODE_PORTABLE: portable } = place.env;
      const data = portable ? join(portable, "user-data") : join(settingsFolder(place), "Code");
      return [join(data, "User", "mcp.json")];
    },
    project: [".vscode/mcp.json"],
    scope: "user",
    format: "json",
    key: "servers",
    graphical: true,
    shape: {
      first: stdio,
      env: "env",
      references: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own form.
        MONGODB_ATLAS_CLIENT_ID: "${input:atlas-client-id}",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own form.
        MONGODB_ATLAS_CLIENT_SECRET: "${input:atlas-client-secret}",
      },
    },
    inputs: [
      {
        id: "atlas-client-id",
        type: "promptString",
        description: "Atlas service account: client id (leave empty for the sandbox)",
      },
      {
        id: "atlas-client-secret",
        type: "promptString",
        description: "Atlas service account: client secret",
        password: true,
      },
    ],
    credentials:
      "answer VS Code when it starts the server: it asks for the client id and secret, and keeps them encrypted. Leave both empty for the sandbox.",
    next: `Run "MCP: List Servers" in VS Code and start the server. ${ask}`,
  },
  codex: {
    title: "Codex CLI",
    user: (place) => [pathsOf(place).join(folderOf(place, "CODEX_HOME", ".codex"), "config.toml")],
    project: [".codex/config.toml"],
    scope: "user",
    format: "toml",
    key: "mcp_servers",
    shape: { env: "env", passed: "env_vars" },
    credentials: `start codex where ${account} are set: it gives the server the variables that env_vars names.`,
    next: `Start codex; /mcp shows the server. ${ask}`,
  },
  copilot: {
    title: "Copilot CLI",
    user: (place) => [
      pathsOf(place).join(folderOf(place, "COPILOT_HOME", ".copilot"), "mcp-config.json"),
    ],
    scope: "user",
    format: "json",
    key: "mcpServers",
    shape: { first: { type: "local" }, last: { tools: ["*"] }, env: "env" },
    inherits: true,
    credentials: inherited("copilot"),
    next: `Start copilot; /mcp shows the server. ${ask}`,
  },
  gemini: {
    title: "Gemini CLI",
    user: (place) => {
      const { join, resolve } = pathsOf(place);
      const { GEMINI_CLI_HOME: named } = place.env;
      const home = named ? resolve(place.folder, named) : place.home;
      return [join(home, ".gemini", "settings.json")];
    },
    project: [".gemini/settings.json"],
    scope: "user",
    format: "json",
    key: "mcpServers",
    shape: {
      env: "env",
      // Without these it leaves out each variable with KEY or SECRET in its name. An empty one counts as not set.
      references: Object.fromEntries(credentialNames.map((name) => [name, `\${${name}:-}`])),
    },
    credentials: `start gemini where ${account} are set: the entry refers to them.`,
    next: `Start gemini; /mcp shows the server. ${ask}`,
  },
  opencode: {
    title: "OpenCode",
    user: (place) => {
      const { join } = pathsOf(place);
      const folder = join(folderOf(place, "XDG_CONFIG_HOME", ".config"), "opencode");
      return ["opencode.json", "opencode.jsonc", "config.json"].map((name) => join(folder, name));
    },
    project: ["opencode.json", "opencode.jsonc"],
    scope: "user",
    format: "json",
    key: "mcp",
    shape: { first: { type: "local" }, joined: true, env: "environment" },
    inherits: true,
    credentials: inherited("opencode"),
    next: `Start opencode. ${ask}`,
  },
  cline: {
    title: "Cline",
    user: (place) => [clineFile(place)],
    scope: "user",
    format: "json",
    key: "mcpServers",
    shape: { env: "env" },
    inherits: true,
    credentials: inherited("cline"),
    next: `Start cline. ${ask}`,
  },
};
