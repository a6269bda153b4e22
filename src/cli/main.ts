/** Parses the command line and runs a command. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf } from "../common/errno.ts";
import { nearest } from "../common/spelling.ts";
import { version } from "../common/version.ts";
import { ConfigError, type Flags, readConfig } from "../config/config.ts";
import { type Setting, settings } from "../config/settings.ts";
import { help } from "./help.ts";
import { growSlowly, stayYoung } from "./memory.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The flags of these settings, as `parseArgs` takes them. */
export const flagsOf = (isOffered: (setting: Setting) => boolean): Options =>
  Object.fromEntries(
    settings.flatMap((setting) =>
      setting.flag !== undefined && isOffered(setting)
        ? [[setting.flag, { type: setting.boolean ? "boolean" : "string" } as const]]
        : [],
    ),
  );

/** A command. `words` means that it takes words after its name; `run` resolves to the exit code. */
type Command = {
  options: Options;
  words?: true;
  run(flags: Flags, words: readonly string[]): Promise<number>;
};

const serverFlags = flagsOf(({ http }) => http !== true);

const stdio: Command = {
  options: serverFlags,
  run: async (flags) => {
    stayYoung();
    const config = readConfig(process.env, flags);
    const [{ createContainer }, { runStdio }] = await Promise.all([
      import("../container.ts"),
      import("../mcp/transports/stdio.ts"),
    ]);
    await runStdio(await createContainer(config));
    return 0;
  },
};

const commands: Readonly<Record<string, Command>> = {
  http: {
    options: { ...flagsOf(() => true), host: { type: "string" }, port: { type: "string" } },
    run: async (flags) => (await import("./http.ts")).runHttp(flags),
  },
  token: {
    options: {},
    words: true,
    run: async (_flags, words) => (await import("./token.ts")).runToken(words),
  },
  sandbox: {
    options: {
      host: { type: "string" },
      port: { type: "string" },
      "provision-ms": { type: "string" },
      "client-id": { type: "string" },
      "client-secret": { type: "string" },
      "public-key": { type: "string" },
      "private-key": { type: "string" },
      "org-id": { type: "string" },
      "tls-key": { type: "string" },
      "tls-cert": { type: "string" },
      state: { type: "string" },
      "no-rate-limits": { type: "boolean" },
    },
    run: async (flags) => (await import("./sandbox.ts")).runSandbox(flags),
  },
  doctor: {
    options: { ...serverFlags, json: { type: "boolean" } },
    run: async (flags) => (await import("./doctor/command.ts")).runDoctor(flags),
  },
  tools: {
    options: { ...serverFlags, json: { type: "boolean" } },
    run: async (flags) => (await import("./tools.ts")).showTools(flags),
  },
  audit: {
    options: { head: { type: "string" } },
    words: true,
    run: async (flags, words) => (await import("./audit.ts")).runAudit(words, flags),
  },
};

const unknown = (what: string, word: string, names: readonly string[]): ConfigError => {
  const meant = nearest(word, names);
  const hint = meant === undefined ? "see --help" : `did you mean '${meant}'?`;
  return new ConfigError(`Unknown ${what} '${word}'; ${hint}`);
};

const parse = (args: string[], options: Options): { flags: Flags; words: string[] } => {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: {
        ...options,
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
      allowPositionals: true,
      strict: true,
    });
    return { flags: { ...values } as Flags, words: positionals };
  } catch (error) {
    // Only Node's first sentence: the next ones advise about positional arguments.
    const [sentence] = messageOf(error).split(/\.\s|\n/);
    throw new ConfigError(`${sentence?.replace(/\.$/, "")}; see --help`);
  }
};

const runCommand = async (args: string[]): Promise<number> => {
  const [first] = args;
  const named = first !== undefined && !first.startsWith("-");
  const command = named ? (Object.hasOwn(commands, first) ? commands[first] : undefined) : stdio;
  if (command === undefined) throw unknown("command", first ?? "", Object.keys(commands));
  const { flags, words } = parse(named ? args.slice(1) : args, command.options);
  if (flags.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (flags.version) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (words.length > 0 && !command.words)
    throw new ConfigError(`Unexpected argument '${words[0]}'; see --help`);
  return command.run(flags, words);
};

/** Runs the program and exits: 2 for a wrong usage or configuration, 1 for a bug or a failed command. */
export const main = async (args: string[]): Promise<void> => {
  growSlowly();
  try {
    process.exit(await runCommand(args));
  } catch (error) {
    const isUsage = error instanceof ConfigError;
    const stack = error instanceof Error ? error.stack : undefined;
    const text = isUsage ? error.message : (stack ?? messageOf(error));
    process.stderr.write(`atlas-provision-mcp: ${text}\n`);
    process.exit(isUsage ? 2 : 1);
  }
};
