/** `setup HOST` as a command: what it writes, what it says, and what it leaves alone. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hosts } from "../../../src/cli/setup/hosts.ts";
import { run } from "../../support/program.ts";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "setup-"));
  file = join(home, ".cursor/mcp.json");
});
afterEach(() => rmSync(home, { recursive: true }));

const env = (more: Record<string, string> = {}) => ({ HOME: home, ...more });
const setup = (args: string[], more: Record<string, string> = {}) =>
  run(["setup", ...args], env(more));

const write = (text: string, path = file): string => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return text;
};
const read = (path = file): any => JSON.parse(readFileSync(path, "utf8"));
const entry = () => read().mcpServers["atlas-provision"];
const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_never-shown",
};

describe("setup", () => {
  it("lists the hosts without one", async () => {
    const { code, stdout } = await setup([]);
    expect(code).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(hosts));
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    ["claude", /did you mean 'claude-code' or 'claude-desktop'\?/],
    ["VS-Code", /did you mean 'vscode'\?/],
    ["cusror", /did you mean 'cursor'\?/],
    ["emacs", /the hosts are claude-code, claude-desktop, cursor, /],
    ["constructor", /Unknown host 'constructor'/],
    ["--x\u001b[2J", /Unknown flag/],
  ])("does not know %s", async (word, says) => {
    const { code, stdout, stderr } = await setup([word]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });

  it("writes the entry, shows it, and says what to do next", async () => {
    const { code, stdout, stderr } = await setup(["cursor"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(entry()).toEqual({
      command: expect.stringMatching(/node$/),
      args: [expect.stringMatching(/^\//)],
    });
    expect(stdout).toContain(`--- (no file)\n+++ ${file}\n+   "mcpServers": {\n`);
    for (const says of [
      `Written: ${file}, a new file.`,
      "Start Cursor again",
      "works on its sandbox",
    ])
      expect(stdout).toContain(says);
    const before = readFileSync(file, "utf8");
    const again = await setup(["cursor"]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("already") });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("writes nothing with --dry-run, and shows the same", async () => {
    const dry = await setup(["cursor", "--dry-run"]);
    expect(readdirSync(home)).toEqual([]);
    const wet = await setup(["cursor"]);
    const differenceOf = ({ stdout }: { stdout: string }) => stdout.split("\n\n")[0];
    expect(differenceOf(dry)).toBe(differenceOf(wet));
    expect(dry.stdout).toContain("Nothing is written (--dry-run).");
  });

  it("gives the server its settings, with whole paths", async () => {
    const flags = [
      "--read-only",
      "--ephemeral=false",
      "--state",
      "~/s.json",
      "--org",
      "a".repeat(24),
    ];
    const policy = relative(process.cwd(), join(home, "p.jsonc"));
    write("{}", join(home, "p.jsonc"));
    expect((await setup(["cursor", `--policy=${policy}`, ...flags])).code).toBe(0);
    expect(entry().args.slice(1)).toEqual([
      "--org",
      "a".repeat(24),
      "--ephemeral=false",
      "--read-only",
      "--policy",
      join(home, "p.jsonc"),
      "--state",
      expect.stringMatching(/^\/.*\/s\.json$/),
    ]);
  });

  it.each([
    [["--confirm", "maybe"], /--confirm must be/],
    [["--name", "a.b"], /--name must be/],
    [["--base-url", "https://me:secret@atlas.example.com"], /--base-url/],
    [["--scope", "global"], /--scope must be user or project/],
    [["--scope", "global", "--file", "x"], /--scope must be user or project/],
    [["--port", "1"], /--port/],
  ])("refuses %o", async (args, says) => {
    const { code, stderr } = await setup(["cursor", ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["cline", "project", /Cline has no file for a project/],
    ["claude-code", "user", /let it do that: claude mcp add --scope user atlas-provision -- /],
  ])("has no file of %s for a %s", async (host, scope, says) => {
    const { code, stderr } = await setup([host, "--scope", scope]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it("tells of settings that the environment has and the entry does not", async () => {
    const variables = { ATLAS_MCP_READ_ONLY: "1", ATLAS_MCP_CONFIRM: "" };
    const { stdout } = await setup(["cursor"], variables);
    expect(stdout).toContain("ATLAS_MCP_READ_ONLY is set here and not in the entry: --read-only");
    expect(stdout).not.toContain("ATLAS_MCP_CONFIRM ");
    const again = await setup(["cursor", "--read-only", "--name", "b"], variables);
    expect(again.stdout).not.toContain("ATLAS_MCP_READ_ONLY");
  });
});

describe("secrets", () => {
  it.each(Object.keys(hosts))(
    "do not get into the file of %s, nor onto the screen",
    async (host) => {
      const path = join(home, "file");
      const { code, stdout } = await setup([host, "--file", path], account);
      expect(code).toBe(0);
      for (const text of [stdout, readFileSync(path, "utf8")])
        for (const secret of Object.values(account)) expect(text).not.toContain(secret);
      expect(stdout).toMatch(/For Atlas, \w/);
      expect(stdout).not.toContain("names the files");
    },
  );

  it.each(Object.keys(hosts))("are named by their files in the entry of %s", async (host) => {
    const path = join(home, "file");
    const files = {
      MONGODB_ATLAS_CLIENT_ID_FILE: "/secrets/id",
      MONGODB_ATLAS_CLIENT_SECRET_FILE: "/secrets/secret",
    };
    const { code, stdout } = await setup([host, "--file", path], { ...account, ...files });
    expect(code).toBe(0);
    expect(stdout).toContain("The entry names the files of MONGODB_ATLAS_CLIENT_ID_FILE, ");
    expect(stdout).not.toContain("For Atlas");
    const text = readFileSync(path, "utf8");
    for (const [name, value] of Object.entries(files))
      expect(text).toMatch(new RegExp(`${name}"?( =|:) "${value}"`));
    expect(text).not.toContain("atlas-client-id");
  });

  it("of other entries are not shown", async () => {
    const other = { command: "x", args: ["--key", "s3cret-1"], env: { KEY: "s3cret-2" }, port: 1 };
    const before = write(JSON.stringify({ mcpServers: { other, "atlas-provision": other } }));
    const { code, stdout, stderr } = await setup(["cursor"]);
    expect(code).toBe(1);
    expect(stdout).toContain(`--- ${file}\n+++ (not written)\n`);
    expect(stdout).toMatch(/^- {3}"command": "\.\.\.",$/m);
    expect(stdout).toMatch(/^- {3}"port": "\.\.\."$/m);
    expect(stdout).toMatch(/^\+ {3}"command": ".*node",$/m);
    expect(stdout + stderr).not.toContain("s3cret");
    expect(stderr).toMatch(
      /has another entry named atlas-provision, so nothing is written; .*--name/,
    );
    expect(readFileSync(file, "utf8")).toBe(before);
    const named = await setup(["cursor", "--name", "atlas-2"]);
    expect(named.code).toBe(0);
    expect(named.stdout).not.toContain("s3cret");
    expect(Object.keys(read().mcpServers)).toEqual(["other", "atlas-provision", "atlas-2"]);
  });
});

describe("a file that is there", () => {
  it("keeps its mode, and a link to it stays one", async () => {
    const real = join(home, "dotfiles/cursor.json");
    write('{ "a": 1 } // mine\n', real);
    chmodSync(real, 0o640);
    mkdirSync(dirname(file));
    symlinkSync(real, file);
    expect((await setup(["cursor"])).code).toBe(0);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(readFileSync(real, "utf8")).toMatch(/^\{ "a": 1,\n[\s\S]*\} \/\/ mine\n$/);
    expect(readdirSync(dirname(real))).toEqual(["cursor.json"]);
  });

  it.each([
    ["is not valid JSON (line 2, column 1", () => void write('{"a": \n')],
    ["is not text in UTF-8", () => void write(Buffer.from([0x7b, 0xff, 0x7d]) as any)],
    ["is not a file", () => void mkdirSync(file, { recursive: true })],
    [
      "is read-only",
      () => {
        write("{}");
        chmodSync(file, 0o444);
      },
    ],
    [
      "leads to a file that is not there",
      () => {
        mkdirSync(dirname(file));
        symlinkSync(join(home, "gone"), file);
      },
    ],
    ["cannot be read (a part of its path is a file", () => void write("", dirname(file))],
  ])("stays as it is if it %s", async (says, make) => {
    make();
    const { code, stdout, stderr } = await setup(["cursor"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${file} ${says}`);
    expect(stderr).toMatch(/nothing is written\n$/);
  });

  it("is that of OpenCode which it has", async () => {
    const path = join(home, ".config/opencode/opencode.jsonc");
    write('{\n  // mine\n  "mcp": {}\n}\n', path);
    expect((await setup(["opencode"])).code).toBe(0);
    expect(readFileSync(path, "utf8")).toMatch(/^\{\n {2}\/\/ mine\n {2}"mcp": \{\n {4}"atlas-/);
    expect(readdirSync(dirname(path))).toEqual(["opencode.jsonc"]);
  });
});
