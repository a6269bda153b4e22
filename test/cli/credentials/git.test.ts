import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../support/program.ts";
import { type StoredUser, storeUser } from "../../support/stored-user.ts";

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
    cwd,
    stdio: "pipe",
    env: { PATH: process.env.PATH ?? "", HOME: cwd, GIT_CONFIG_NOSYSTEM: "1" },
  }).toString();

const write = (user: StoredUser, out: string, env: Record<string, string> = {}) =>
  run(["env", ...user.args, "--out", out], { ...user.env, HOME: user.home, ...env });

/** A user whose application is in a work tree. */
const inTree = async (name = "app") => {
  const user = await storeUser();
  const tree = join(user.home, name);
  mkdirSync(tree, { recursive: true });
  git(tree, "init", "--quiet");
  const ignore = (line: string, folder = tree) =>
    appendFileSync(join(folder, ".gitignore"), `${line}\n`);
  return { user, tree, ignore, out: join(tree, ".env") };
};

const refused = async (
  user: StoredUser,
  out: string,
  says: RegExp,
  env: Record<string, string> = {},
) => {
  const { code, stdout, stderr } = await write(user, out, env);
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+ Nothing was written[^\n]+\n$/);
  expect([code, stdout, existsSync(out)]).toEqual([1, "", false]);
};

const accepted = async (user: StoredUser, out: string, env: Record<string, string> = {}) => {
  expect(await write(user, out, env)).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(out, "utf8")).toContain(user.password);
};

/** The line that the message says to add. */
const lineOf = async (user: StoredUser, out: string) => {
  const { stderr } = await write(user, out);
  return /Add this line to \S.*?\.gitignore: (.*)\n$/.exec(stderr)?.[1] ?? "";
};

describe("in a git work tree", () => {
  it.each([".env", "sub/.env", "sub dir/prod[1].env", "#hash !*.env", "a\\b?.env", "two", "end "])(
    "%s is written once git ignores it by the line that the message has",
    async (name) => {
      const { user, tree, ignore } = await inTree();
      // The last one has a space at its end, which a flag would lose.
      const out = name.endsWith(" ") ? join(tree, name, ".env") : join(tree, name);
      mkdirSync(dirname(out), { recursive: true });
      await refused(user, out, /git does not ignore /);
      ignore(await lineOf(user, out));
      await accepted(user, out);
      expect(git(tree, "status", "--porcelain", "-uall")).toBe("?? .gitignore\n");
    },
  );

  it.each([
    ["another pattern", "*.env"],
    ["a pattern for its folder", "/sub/"],
  ])("%s is enough", async (_what, pattern) => {
    const { user, tree, ignore } = await inTree();
    mkdirSync(join(tree, "sub"));
    ignore(pattern);
    await accepted(user, join(tree, "sub", ".env"));
  });

  it("an exception from the pattern counts", async () => {
    const { user, ignore, out } = await inTree();
    ignore(".env\n!.env");
    await refused(user, out, /git does not ignore /);
  });

  it("a file that git tracks is not written, ignored or not", async () => {
    const { user, tree, ignore, out } = await inTree();
    writeFileSync(out, "");
    git(tree, "add", ".env");
    git(tree, "commit", "--quiet", "-m", "x");
    renameSync(out, join(user.home, "gone"));
    ignore(".env");
    await refused(user, out, /git tracks .*git rm --cached/);
  });

  it("a file that is no longer ignored is not completed", async () => {
    const { user, tree, ignore, out } = await inTree();
    ignore(".env");
    await accepted(user, out);
    writeFileSync(join(tree, ".gitignore"), "");
    const { code, stderr } = await write(user, out);
    expect([code, stderr]).toEqual([1, expect.stringContaining("git does not ignore")]);
  });

  it("leaves nothing but the file, also where git keeps its own", async () => {
    const { user, tree, ignore, out } = await inTree();
    ignore(".env");
    const before = readdirSync(tree, { recursive: true }).sort();
    await accepted(user, out);
    expect(readdirSync(tree, { recursive: true }).sort()).toEqual([...before, ".env"].sort());
  });

  it("a link to a folder in the tree is no way around it, and one out of it leads out of it", async () => {
    const { user, tree } = await inTree();
    const link = join(user.home, "link");
    symlinkSync(tree, link);
    const { code, stderr } = await write(user, join(link, ".env"));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`ignore ${join(tree, ".env")}`)]);
    mkdirSync(join(user.home, "outside"));
    symlinkSync(join(user.home, "outside"), join(tree, "out"));
    await accepted(user, join(tree, "out", ".env"));
  });

  it("a worktree and a submodule have rules of their own", async () => {
    const { user, tree, ignore } = await inTree();
    git(tree, "commit", "--quiet", "--allow-empty", "-m", "x");
    const worktree = join(user.home, "worktree");
    git(tree, "worktree", "add", "--quiet", worktree);
    ignore(".env");
    await refused(user, join(worktree, ".env"), /git does not ignore /);
    ignore(".env", worktree);
    await accepted(user, join(worktree, ".env"));

    const other = join(user.home, "other");
    git(user.home, "clone", "--quiet", tree, other);
    git(tree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub");
    await refused(user, join(tree, "sub", ".env"), /git does not ignore /);
    ignore(".env", join(tree, "sub"));
    await accepted(user, join(tree, "sub", ".env"));
  });

  it("GIT_DIR and GIT_CEILING_DIRECTORIES of the environment hide no work tree", async () => {
    const { user, ignore, out } = await inTree();
    const other = join(user.home, "other");
    mkdirSync(other);
    git(other, "init", "--quiet");
    const env = { GIT_DIR: join(other, ".git"), GIT_WORK_TREE: other };
    await refused(user, out, /git does not ignore /, env);
    await refused(user, out, /git does not ignore /, { GIT_CEILING_DIRECTORIES: user.home });
    ignore(".env");
    await accepted(user, out, env);
  });

  it("a work tree that only GIT_DIR and GIT_WORK_TREE name counts too", async () => {
    const user = await storeUser();
    git(user.home, "init", "--quiet", "--bare", "bare");
    const out = join(user.app, ".env");
    const env = { GIT_DIR: join(user.home, "bare"), GIT_WORK_TREE: user.app };
    await refused(user, out, /git does not ignore /, env);
    writeFileSync(join(user.app, ".gitignore"), ".env\n");
    await accepted(user, out, env);
  });

  it.each([
    ["a broken .git", (tree: string) => writeFileSync(join(tree, ".git"), "gitdir: /nowhere\n")],
    ["an empty .git", (tree: string) => mkdirSync(join(tree, ".git"))],
  ])("%s is a reason to write nothing", async (_what, spoil) => {
    const user = await storeUser();
    spoil(user.app);
    await refused(user, join(user.app, ".env"), /may be in a git work tree.*git says "fatal/);
  });
});

describe("without a git program", () => {
  it("nothing is written below a .git, and a folder without one takes the file", async () => {
    const { user, ignore, out } = await inTree();
    ignore(".env");
    const env = { PATH: join(user.home, "nothing") };
    await refused(user, out, /has a \.git, and there is no git program to ask/, env);
    mkdirSync(join(user.home, "plain"));
    await accepted(user, join(user.home, "plain", ".env"), env);
    await refused(user, join(user.home, "plain", "b"), /GIT_DIR .* no git program/, {
      ...env,
      GIT_DIR: join(dirname(out), ".git"),
    });
  });

  it.each([
    ["asks to install it", 'echo "no developer tools" >&2; exit 1', 0o755, /git says "no dev/],
    ["cannot be run", "", 0o644, /git cannot be asked \(EACCES\)/],
    ["is killed", "kill -9 $$", 0o755, /git cannot be asked \(SIGKILL\)/],
    ["says something else", 'echo "fatal: x" >&2; exit 3', 0o755, /git says "fatal: x"/],
  ])("so it is with one that %s", async (_what, script, mode, says) => {
    const { user, out } = await inTree();
    const bin = join(user.home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "git"), `#!/bin/sh\n${script}\n`, { mode });
    await refused(user, out, says, { PATH: bin });
    mkdirSync(join(user.home, "plain"));
    await accepted(user, join(user.home, "plain", ".env"), { PATH: bin });
  });

  it("git is asked without what would keep it from looking further up", async () => {
    const { user, out } = await inTree();
    const bin = join(user.home, "bin");
    mkdirSync(bin);
    const script = `#!/bin/sh\nenv | grep ^GIT_ > '${user.home}/seen'\nexit 0\n`;
    writeFileSync(join(bin, "git"), script, { mode: 0o755 });
    const env = { GIT_CEILING_DIRECTORIES: "/", GIT_LITERAL_PATHSPECS: "1", GIT_CONFIG_COUNT: "0" };
    await accepted(user, out, { ...env, PATH: `${bin}:${process.env.PATH}` });
    const seen = readFileSync(join(user.home, "seen"), "utf8").trim().split("\n").sort();
    expect(seen).toEqual(["GIT_CONFIG_COUNT=0", "GIT_DISCOVERY_ACROSS_FILESYSTEM=1"]);
  });
});

it.skipIf(process.getuid?.() !== 0)(
  "a work tree of another user is a reason to write nothing",
  async () => {
    const { user, tree, ignore, out } = await inTree();
    ignore(".env");
    chownSync(join(tree, ".git"), 1234, 1234);
    chownSync(tree, 1234, 1234);
    await refused(user, out, /git says "fatal: detected dubious ownership/);
  },
);
