/** The commands: words and flags to a Config, then a transport. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { help } from "./commands/help.ts";
import { ConfigError, type Flags, readConfig } from "./config/index.ts";
import { type Setting, settings } from "./config/settings.ts";
import { growSlowly, stayYoung } from "./lean/memory.ts";
import { version } from "./version.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The flags of these settings, as `parseArgs` takes them. */
export const flagsOf = (isOffered: (setting: Setting) => boolean): Options =>
  Object.fromEntries(
    Object.values(settings).flatMap((setting) =>
      "flag" in setting && isOffered(setting)
        ? [[setting.flag, { type: "boolean" in setting ? "boolean" : "string" } as const]]
        : [],
    ),
  );

/** One command: its own flags, and what it does with them. Resolves to the exit code. Takes words only where it says so. */
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
    const [{ assemble }, { runStdio }] = await Promise.all([
      import("./assemble.ts"),
      import("./transports/stdio.ts"),
    ]);
    await runStdio(await assemble(config));
    return 0;
  },
};

const commands: Readonly<Record<string, Command>> = {
  http: {
    options: { ...flagsOf(() => true), host: { type: "string" }, port: { type: "string" } },
    run: async (flags) => (await import("./commands/http.ts")).runHttp(flags),
  },
  token: {
    options: {},
    words: true,
    run: async (_flags, words) => (await import("./commands/token.ts")).runToken(words),
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
    run: async (flags) => (await import("./commands/sandbox.ts")).runSandbox(flags),
  },
  doctor: {
    options: { ...serverFlags, json: { type: "boolean" } },
    run: async (flags) => (await import("./commands/doctor.ts")).runDoctor(flags),
  },
  tools: {
    options: { ...serverFlags, json: { type: "boolean" } },
    run: async (flags) => (await import("./commands/tools.ts")).showTools(flags),
  },
  audit: {
    options: { head: { type: "string" } },
    words: true,
    run: async (flags, words) => (await import("./commands/audit.ts")).runAudit(words, flags),
  },
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
    // Node's own sentence, without its advice about positional arguments.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
    throw new ConfigError(`${sentence?.replace(/\.$/, "")}; see --help`);
  }
};

const perform = async (args: string[]): Promise<number> => {
  const [first] = args;
  const named = first !== undefined && !first.startsWith("-");
  const command = named ? (Object.hasOwn(commands, first) ? commands[first] : undefined) : stdio;
  if (command === undefined) throw new ConfigError(`Unknown command '${first}'; see --help`);
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

/** Runs the program and ends the process: 0, 2 for bad usage or configuration, 1 for a failure of ours. */
export const main = async (args: string[]): Promise<void> => {
  growSlowly();
  try {
    process.exit(await perform(args));
  } catch (error) {
    const known = error instanceof ConfigError;
    const text = known
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
    process.stderr.write(`atlas-provision-mcp: ${text}\n`);
    process.exit(known ? 2 : 1);
  }
};
