/** Whether git would take a file into a commit: a file with a password has to be ignored. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { errnoOf } from "../../common/errno.ts";
import { fail } from "../../common/failure.ts";
import { quoteForShell } from "../../common/shell.ts";
import { visible } from "../../common/visible.ts";

type Ended = { code: number | undefined; stdout: string; stderr: string; problem?: string };

/** How long git may take, in milliseconds. */
const timeOutMs = 10_000;

type Ask = (words: readonly string[], cwd: string) => Promise<Ended>;

/** Runs git without what a repository could have it run, and with messages in English, which are read. */
const asking =
  (env: NodeJS.ProcessEnv): Ask =>
  (words, cwd) =>
    new Promise((resolve) => {
      const options = { cwd, env: { ...env, LC_ALL: "C" }, timeout: timeOutMs };
      const args = ["-c", "core.fsmonitor=false", ...words];
      execFile("git", args, options, (error, stdout, stderr) => {
        const failed = error === null ? 0 : error.code;
        const code = typeof failed === "number" ? failed : undefined;
        const problem = error?.killed ? "it took too long" : (error?.signal ?? errnoOf(error));
        resolve({ code, stdout, stderr, ...(problem === undefined ? {} : { problem }) });
      });
    });

const ofPlaces =
  /^GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|CEILING_DIRECTORIES|NAMESPACE|PREFIX|\w+_PATHSPECS)$/i;

/**
 * The environment with which git looks from the folder of a file upwards, and nowhere else: also where the folder is a disk
 * of its own, because a commit further up takes what is on it.
 */
const plainEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !ofPlaces.test(name))),
  GIT_DISCOVERY_ACROSS_FILESYSTEM: "1",
});

/** The nearest folder with a `.git`, from a folder upwards. In a worktree or a submodule that is a file. */
const treeAbove = (folder: string): string | undefined => {
  if (existsSync(join(folder, ".git"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : treeAbove(above);
};

/** A path may have what git takes for a pattern, except where it asks for no patterns. */
const literally = ["--literal-pathspecs"];

/** A pattern for .gitignore that is this one path. */
const patternFor = (path: string): string =>
  `/${path.split(sep).join("/")}`
    .replace(/[\\*?[\]]/g, "\\$&")
    .replace(/[\r\n]/g, "?")
    .replace(/ +$/, (spaces) => "\\ ".repeat(spaces.length));

const notIgnored = async (path: string, top: string, isTracked: boolean): Promise<never> => {
  const name = visible(path);
  if (isTracked)
    return fail(
      "forbidden",
      `git tracks ${name}, so its next commit would have the password. Nothing was written. Untrack it (git rm --cached ${quoteForShell(path)}) and add it to .gitignore, or name another file with --out.`,
    );
  return fail(
    "forbidden",
    `git does not ignore ${name}, so a commit could have the password. Nothing was written. Add this line to ${visible(join(top, ".gitignore"))}: ${visible(patternFor(relative(top, path)))}`,
  );
};

/** Fails because nobody can tell whether git ignores the file. */
const unsure = (path: string, why: string): never =>
  fail(
    "forbidden",
    `${visible(path)} may be in a git work tree, and whether git ignores it is not known: ${why}. Nothing was written; name a file elsewhere with --out.`,
  );

const firstLine = (text: string): string => visible(text.trim().split("\n")[0] ?? "").slice(0, 200);

/** What git says where a path is in no work tree of the repository that was asked. */
const outside = /outside repository|must be run in a work tree/;
const noRepository = /not a git repository/;

/** Where git looks. `sign` says why there should be a repository; undefined if nothing says so. */
type Place = { cwd: string; sign: string | undefined };

/** What another answer than that the file is ignored means. */
const judge = async (ask: Ask, path: string, { cwd, sign }: Place, asked: Ended): Promise<void> => {
  const { code, stderr, problem } = asked;
  const top = code === 1 ? await ask(["rev-parse", "--show-toplevel"], cwd) : undefined;
  if (top?.code === 0) {
    const tracked = await ask([...literally, "ls-files", "--error-unmatch", "--", path], cwd);
    return notIgnored(path, top.stdout.replace(/\n$/, ""), tracked.code === 0);
  }
  if (outside.test(stderr)) return;
  // A program that is no git, such as the one of macOS that asks to install it, says anything.
  if (sign === undefined) return;
  if (problem === "ENOENT") return unsure(path, `${sign}, and there is no git program to ask`);
  if (code === undefined) return unsure(path, `${sign}, and git cannot be asked (${problem})`);
  return unsure(path, `${sign}, and git says "${firstLine(stderr)}"`);
};

const checkWith = async (ask: Ask, path: string, place: Place): Promise<void> => {
  const asked = await ask(["check-ignore", "--quiet", "--", path], place.cwd);
  if (asked.code !== 0) await judge(ask, path, place, asked);
};

/**
 * Fails unless a file with a password may be at a path: it is in no git work tree, or ignored there. The path has no
 * symbolic links in it. Resolves to git's own folder, if there is one.
 */
export const checkIgnored = async (
  path: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> => {
  const cwd = dirname(path);
  const tree = treeAbove(cwd);
  const plain = asking(plainEnv(env));
  const sign = tree === undefined ? undefined : `${visible(tree)} has a .git`;
  await checkWith(plain, path, { cwd, sign });
  // Whoever has these set commits with them, also where no .git is above.
  if (env.GIT_DIR || env.GIT_WORK_TREE) await checkNamed(path, env);
  if (tree === undefined) return undefined;
  const { code, stdout } = await plain(["rev-parse", "--absolute-git-dir"], cwd);
  return code === 0 ? stdout.replace(/\n$/, "") : undefined;
};

/** The same for the repository that the environment names, if it is one. */
const checkNamed = async (path: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const ask = asking(env);
  const cwd = process.cwd();
  const { code, stderr } = await ask(["rev-parse", "--git-dir"], cwd);
  if (code === 128 && noRepository.test(stderr)) return;
  await checkWith(ask, path, { cwd, sign: "GIT_DIR or GIT_WORK_TREE is set" });
};

/** Where a new file is written before it has its name: in git's own folder no commit takes what a crash leaves. */
export const besideIn = (gitFolder: string, path: string): string =>
  join(gitFolder, basename(path));
