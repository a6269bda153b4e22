/** `atlas-provision-mcp setup HOST`: writes the entry of a host, without secrets, and overwrites nothing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../common/errno.ts";
import { quoteForShell } from "../../common/shell.ts";
import { nearest } from "../../common/spelling.ts";
import { visible } from "../../common/visible.ts";
import { ConfigError, type Flags } from "../../config/config.ts";
import { homeFolder } from "../../config/home.ts";
import { path as pathIn, text } from "../flags.ts";
import { sayProblem } from "../problem.ts";
import { writeStdout } from "../stdout.ts";
import { rows, terminalWidth, wrap } from "../wrap.ts";
import { type Backend, checkServer } from "./check-server.ts";
import { additions, conflict } from "./difference.ts";
import { addTo, checkHalves, entryOf, hasAccount, missingHalves } from "./entry.ts";
import { SetupError } from "./error.ts";
import { readHostFile, retryChanged, writeHostFile } from "./file.ts";
import { type Host, hosts } from "./hosts.ts";
import type { Place } from "./places.ts";
import {
  leftOut,
  type Running,
  scriptOf,
  secretFiles,
  serverFlags,
  serverWords,
  startsProgram,
  startWords,
} from "./start.ts";

const names = Object.keys(hosts);

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z]/g, "");

/** The host that a word names. Throws `ConfigError` with what was probably meant. */
const hostNamed = (word: string): Host => {
  const host = Object.hasOwn(hosts, word) ? hosts[word] : undefined;
  if (host !== undefined) return host;
  const begun = names.filter((name) => plain(name).startsWith(plain(word)));
  const near = nearest(word, names);
  const meant = [...new Set([...begun, ...(near === undefined ? [] : [near])])];
  const hint =
    plain(word) === "" || meant.length === 0
      ? `the hosts are ${names.join(", ")}`
      : `did you mean '${meant.join("' or '")}'?`;
  throw new ConfigError(`Unknown host '${visible(word.slice(0, 60))}'; ${hint}`);
};

/** The name of the entry. Throws `ConfigError`. */
const entryName = (flags: Flags): string => {
  const name = text(flags, "name") ?? "atlas-provision";
  if (/^[A-Za-z0-9_-]{1,40}$/.test(name)) return name;
  throw new ConfigError("--name must be at most 40 letters, digits, - and _");
};

type Target = { path: string; isShared: boolean };

const placeHere = (): Place => {
  const home = homeFolder(process.env);
  if (home === undefined)
    throw new ConfigError("the user that runs this program has no home folder; use --file FILE");
  return { platform: process.platform, env: process.env, home, folder: process.cwd() };
};

const existing = (paths: readonly string[]): string =>
  paths.find((path) => existsSync(path)) ?? paths[0] ?? "";

/** The file to write to. Throws `ConfigError`. */
const targetOf = (host: Host, flags: Flags, ownCommand: string): Target => {
  const scope = text(flags, "scope") ?? host.scope;
  if (scope !== "user" && scope !== "project")
    throw new ConfigError("--scope must be user or project");
  const file = pathIn(flags, "file");
  if (file !== undefined) return { path: file, isShared: false };
  if (scope === "project") {
    if (host.project === undefined)
      throw new ConfigError(`${host.title} has no file for a project; leave --scope out`);
    const folder = process.cwd();
    return { path: existing(host.project.map((path) => join(folder, path))), isShared: true };
  }
  if (host.user === undefined)
    throw new ConfigError(
      `${host.title} changes its user's file while it runs, so let it do that: ${ownCommand}`,
    );
  return { path: existing(host.user(placeHere())), isShared: false };
};

const running = (): Running => ({
  platform: process.platform,
  env: process.env,
  node: process.execPath,
  script: process.argv[1] ?? "",
});

const list = (): string => {
  const lines = rows(
    Object.entries(hosts).map(([name, { title, scope, project }]) => {
      const also = project === undefined ? "" : `, or ${project[0]} with --scope project`;
      const where =
        scope === "project" ? `${project?.[0]} in this folder` : `its user's file${also}`;
      return [name, `${title}: ${where}`] as const;
    }),
    terminalWidth() ?? 100,
  );
  return `${lines.join("\n")}\n\nsetup HOST shows what it writes, and with --dry-run writes nothing.\n`;
};

const sentences = (...all: readonly string[]): string =>
  all.map((one) => wrap(one, terminalWidth() ?? 1000)).join("\n");

/** How the server gets its credentials, as sentences. */
const credentials = (
  host: Host,
  files: Readonly<Record<string, string>>,
  backend: Backend,
): string[] => {
  const names = Object.keys(files);
  const named = names.length === 0 ? [] : [`The entry names the files of ${names.join(", ")}.`];
  if (hasAccount(files) || backend === "sandbox") return named;
  const missing = missingHalves(files).join(" and ");
  if (missing !== "") return [...named, `The server needs ${missing} too: ${host.credentials}`];
  const without =
    backend === "atlas"
      ? "The server starts only with credentials for Atlas:"
      : "Without credentials the server works on its sandbox. For Atlas,";
  return [...named, `${without} ${host.credentials}`];
};

/** Why an entry of the same name stays, and what to do. */
const whyOther = (shown: string, name: string, isOurs: boolean, asked: boolean): string => {
  const other = `${shown} has another entry named ${name}`;
  if (isOurs)
    return `${other}, which starts this program too, so nothing is written; run this again with --replace to replace it, or choose another name with --name`;
  const which = asked ? ", which does not start this program" : "";
  return `${other}${which}, so nothing is written; remove that one and run this again, or choose another name with --name`;
};

/** What reads and shows a file calls itself for what is nested in it. */
const isTooDeep = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes("call stack");

const toEnd = async (host: Host, flags: Flags): Promise<number> => {
  const name = entryName(flags);
  const words = [...startWords(running(), host.graphical === true), ...serverWords(flags)];
  const files = secretFiles(process.env);
  checkHalves(host, files);
  const shell = words.map((word) => quoteForShell(word)).join(" ");
  const backend = await checkServer(serverFlags(flags), files);
  const target = targetOf(host, flags, `claude mcp add --scope user ${name} -- ${shell}`);
  const all = entryOf(host, words, files);
  const isOurs = (existing: unknown): boolean => startsProgram(existing, scriptOf(running()));
  const [dry, replace] = [flags["dry-run"] === true, flags.replace === true];
  const shown = visible(target.path);
  const write = async (): Promise<number> => {
    const file = readHostFile(target.path);
    const added = await addTo(host, file.text ?? "", name, all, replace ? isOurs : undefined);
    if (added.kind === "there") {
      await writeStdout(`${shown} has this entry already, so nothing is written.\n`);
      return 0;
    }
    if (added.kind === "other") {
      await writeStdout(`${conflict(shown, added.existing, all.entry)}\n`);
      sayProblem(whyOther(shown, name, isOurs(added.existing), replace));
      return 1;
    }
    if (!dry) await writeHostFile(file, added.text, target.isShared ? 0o644 : 0o600);
    const isNew = file.text === undefined;
    const difference =
      added.kind === "added"
        ? [additions(shown, isNew, added.lines)]
        : [
            conflict(shown, added.existing, all.entry, true),
            ...(added.lines.length === 0 ? [] : [additions(shown, isNew, added.lines)]),
          ];
    const now = isNew ? `Written: ${shown}, a new file.` : `Written: ${shown}`;
    await writeStdout(
      `${difference.join("\n")}\n\n${sentences(
        dry ? "Nothing is written (--dry-run)." : now,
        ...leftOut(process.env, flags),
        ...credentials(host, files, backend),
        ...(dry ? [] : [host.next]),
      )}\n`,
    );
    return 0;
  };
  try {
    return await retryChanged(write);
  } catch (error) {
    if (!(error instanceof SetupError) && !isTooDeep(error)) throw error;
    const says = error instanceof SetupError ? messageOf(error) : "is nested too deeply to be read";
    sayProblem(`${shown} ${says}; nothing is written`);
    return 1;
  }
};

/** Resolves to 0 if the entry is there, 1 if it is not. Rejects with `ConfigError`. */
export const runSetup = async ({ ...flags }: Flags, [word]: readonly string[]): Promise<number> => {
  if (word !== undefined) return toEnd(hostNamed(word), flags);
  await writeStdout(list());
  return 0;
};
