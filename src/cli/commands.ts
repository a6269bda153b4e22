/** Declares every command once: its usage, its flags and what runs it. Parsing, `--help` and "did you mean" follow. */
import { ConfigError } from "../config/config.ts";
import { settings } from "../config/settings.ts";
import type { Command, Flag } from "./command.ts";
import { env, run } from "./credentials/commands.ts";
import { everything, flagsOf, json, plain, server, text, toggle } from "./declare.ts";

/** The server over stdio, which runs where no command is named. */
export const stdio: Command = {
  usage: "",
  help: "MCP over stdio (what Claude, Cursor and VS Code start)",
  ...server,
  words: 0,
  exits: "0 when its host ends it",
  examples: ["--read-only", "--ephemeral --audit audit.jsonl"],
  run: async (flags) => (await import("./stdio.ts")).serveStdio(flags),
};

const http: Command = {
  usage: "http",
  help: "MCP over Streamable HTTP at /mcp, for many callers",
  more: "Beyond this machine callers have to be known (--tokens or --issuer) and the backend named (--backend). The first line on stdout is JSON with the address.",
  flags: {
    host: { ...text("ADDRESS", "the address to listen on (127.0.0.1)"), topic: "Address" },
    port: { ...text("N", "the port; 0 takes a free one (3000)"), topic: "Address" },
    ...everything.flags,
  },
  variables: everything.variables,
  words: 0,
  exits: "0 after SIGTERM or SIGINT",
  examples: [
    "http --port 3000",
    "http --host 0.0.0.0 --backend atlas --tokens tokens.json",
    "http --issuer https://login.example.com --audience mcp",
  ],
  run: async (flags) => (await import("./http.ts")).runHttp(flags),
};

const sandbox: Command = {
  usage: "sandbox",
  help: "an imitation of the Atlas Admin API, on its own",
  more: "The first line on stdout is JSON with the address and the credentials.",
  flags: {
    host: text("ADDRESS", "the address to listen on (127.0.0.1)"),
    port: text("N", "the port; 0 takes a free one (8080)"),
    "provision-ms": text("N", "milliseconds until a cluster is ready (3000)"),
    "client-id": text("ID", "service account: client id (random)"),
    "client-secret": text("SECRET", "service account: client secret (random)"),
    "public-key": text("KEY", "API key: public key (random)"),
    "private-key": text("KEY", "API key: private key (random)"),
    "org-id": text("ID", "id of its organization (random)"),
    "tls-key": text("FILE", "private key in PEM; with --tls-cert it serves https"),
    "tls-cert": text("FILE", "certificate in PEM"),
    state: text("FILE", "keeps all that is made in it, and its credentials, over a restart"),
    "no-rate-limits": toggle("counts no requests"),
    env: {
      ...text(
        "FILE",
        "writes the variables that point clients here to a file, or to stdout in place of the JSON",
      ),
      bare: "-",
    },
    ...plain(flagsOf(({ name }) => name === "logLevel")),
  },
  variables: [],
  words: 0,
  exits: "0 after SIGTERM or SIGINT",
  examples: [
    "sandbox --port 0",
    "sandbox --env sandbox.env",
    "sandbox --state sandbox.json --provision-ms 0",
  ],
  run: async (flags) => (await import("./sandbox.ts")).runSandbox(flags),
};

const onlyReads = "It only reads.";

const doctor: Command = {
  usage: "doctor [http | sandbox]",
  help: "what is configured, reachable and allowed, and what to fix",
  more: `Checks what the server over stdio would start with; \`doctor http\` and \`doctor sandbox\` check those commands, and take their flags. ${onlyReads}`,
  flags: { json, ...server.flags },
  variables: server.variables,
  words: 0,
  exits: "0 if nothing failed, 1 if something did",
  examples: ["doctor", "doctor --policy policy.jsonc", "doctor http --tokens tokens.json --json"],
  run: async (flags) => (await import("./doctor/command.ts")).runDoctor("stdio", flags),
};

const sweep: Command = {
  usage: "sweep",
  help: "deletes projects and flex clusters whose lease is over, for cron and CI",
  more: "A lease is the `sweepAfter` of a create or an update. Without --apply it only lists. --apply is the operator's consent, so it needs no --allow-delete and asks nobody; a policy and the scope hold. Clusters go first, then projects that are over and empty. Time is Atlas's.",
  flags: {
    apply: toggle("deletes; without it, shows what would be deleted"),
    json,
    wait: text("SECONDS", "how long it waits for deletions to finish, 0 to 3600 (120)"),
    ...server.flags,
  },
  variables: server.variables,
  words: 0,
  exits:
    "0 if nothing that is over remains, 3 if something does or may (also without --apply), 1 if Atlas cannot be reached or the clocks differ by more than five minutes",
  examples: ["sweep", "sweep --apply --audit audit.jsonl", "sweep --apply --json --wait 600"],
  run: async (flags) => (await import("./sweep/command.ts")).runSweep(flags),
};

const audit: Command = {
  usage: "audit verify FILE",
  help: "checks a record of changes (--audit)",
  flags: { head: text("HASH", "the head that was noted before; several with commas") },
  variables: settings.filter(({ name }) => name === "secret"),
  words: 1,
  exits: "0 if the file is intact and has the noted heads, 1 if not",
  examples: ["audit verify audit.jsonl", "audit verify audit.jsonl --head HASH"],
  run: async (flags, words) => (await import("./audit.ts")).runAudit(words, flags),
};

const token: Command = {
  usage: "token NAME",
  help: "mints a bearer token for http, or changes the token file",
  more: "Prints the token, once, and its entry for the token file, which has only a hash. With --add the entry is written into the file, which is made for its owner alone if it does not exist. --revoke removes the entry of a name, and --list shows the entries without their hashes; it takes no name. A running server reads the file again within a second or two. The answers are lines of JSON.",
  flags: {
    add: text("FILE", "adds the entry to this token file"),
    revoke: text("FILE", "removes the entry of the name from this token file"),
    list: text("FILE", "shows the entries of this token file"),
    "read-only": toggle("its caller can only read"),
    "no-delete": toggle("its caller can delete nothing"),
    "expires-at": text("TIME", "when it ends, such as 2027-01-31T00:00:00Z"),
  },
  variables: [],
  words: 1,
  exits: "0 if it is done",
  examples: [
    "token alice",
    "token alice --add tokens.json --no-delete",
    "token --list tokens.json",
    "token alice --revoke tokens.json",
  ],
  run: async (flags, words) => (await import("./token.ts")).runToken(flags, words),
};

const setup: Command = {
  usage: "setup HOST",
  help: "writes the entry for this server into the file of a host, such as Cursor",
  more: "HOST is claude-code, claude-desktop, cursor, vscode, codex, copilot, gemini, opencode or cline; without it, all are listed. The entry starts this program as it was started now, with the settings that are given here as flags, and has no secrets. It shows what it adds, and changes nothing else.",
  flags: {
    "dry-run": toggle("shows what it would write, and writes nothing"),
    scope: text("SCOPE", "user or project; without it, what the list of hosts says"),
    file: text("FILE", "another file of the host, in place of both"),
    name: text("NAME", "the name of the entry (atlas-provision)"),
    replace: toggle("replaces an entry of this name that starts this program"),
    ...server.flags,
  },
  variables: [],
  words: 1,
  exits: "0 if the entry is there, 1 if it is not, such as where another one has its name",
  examples: [
    "setup cursor --dry-run",
    "setup vscode --scope project --read-only",
    "setup codex --ephemeral --audit ~/atlas-audit.jsonl",
  ],
  run: async (flags, words) => (await import("./setup/command.ts")).runSetup(flags, words),
};

/** All commands by their names. A name of two words is a command about another one. */
export const commands: Readonly<Record<string, Command>> = {
  setup,
  http,
  token,
  sandbox,
  doctor,
  "doctor http": {
    ...doctor,
    usage: "doctor http",
    help: "checks what `http` would start with, and says what to fix",
    more: onlyReads,
    examples: ["doctor http --port 3000", "doctor http --tokens tokens.json --json"],
    flags: { json, ...http.flags },
    variables: http.variables,
    run: async (flags) => (await import("./doctor/command.ts")).runDoctor("http", flags),
  },
  "doctor sandbox": {
    ...doctor,
    usage: "doctor sandbox",
    help: "checks what `sandbox` would start with, and says what to fix",
    more: onlyReads,
    examples: ["doctor sandbox", "doctor sandbox --state sandbox.json"],
    flags: { json, ...sandbox.flags },
    variables: sandbox.variables,
    run: async (flags) => (await import("./doctor/command.ts")).runDoctor("sandbox", flags),
  },
  tools: {
    usage: "tools",
    help: "the tools, with the size of their descriptions",
    more: "It reaches nothing. The settings decide which tools are on.",
    flags: { json, ...server.flags },
    variables: server.variables,
    words: 0,
    exits: "0 if they are shown",
    examples: ["tools", "tools --read-only", "tools --json"],
    run: async (flags) => (await import("./tools.ts")).showTools(flags),
  },
  sweep,
  env,
  run,
  audit: {
    ...audit,
    words: 0,
    run: async () => {
      throw new ConfigError(`use: ${audit.usage}`);
    },
  },
  "audit verify": audit,
};

/** Flags of every command. */
export const common: Readonly<Record<string, Flag>> = {
  help: toggle("this page"),
  version: toggle("the version"),
};
