/** What `setup` does with credentials, settings and an entry that is there: files and hosts of all kinds. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hosts } from "../../../src/cli/setup/hosts.ts";
import { runBundle } from "../../support/bundle.ts";
import { run } from "../../support/program.ts";

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "setup-entry-"));
  path = join(home, "file");
});
afterEach(() => rmSync(home, { recursive: true }));

const setup = (host: string, args: string[] = [], env: Record<string, string> = {}) =>
  run(["setup", host, "--file", path, ...args], { HOME: home, ...env });

const text = () => readFileSync(path, "utf8");
const file = (): any => (text().startsWith("[") ? parse(text()) : JSON.parse(text()));
const entryFor = (host: string, name = "atlas-provision") => file()[hosts[host]?.key ?? ""][name];

const [id, secret] = ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"];
const keys = ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"];
const half = { [id]: "mdb_sa_id_1", [`${secret}_FILE`]: "/secrets/secret" };

describe("credentials", () => {
  it.each(Object.keys(hosts))(
    "are still referred to in %s beside the file of a key",
    async (host) => {
      const { code, stdout } = await setup(host, [], { ATLAS_MCP_SECRET_FILE: "/secrets/key" });
      expect(code).toBe(0);
      const [with_, without] = [file(), await setup(host, ["--name", "b"]).then(file)];
      const { shape, key } = hosts[host] as any;
      const [own, plain] = [with_[key]["atlas-provision"], without[key].b];
      expect(own).toEqual({
        ...plain,
        [shape.env]: { ...plain[shape.env], ATLAS_MCP_SECRET_FILE: "/secrets/key" },
      });
      expect(with_.inputs).toEqual(without.inputs);
      expect(stdout).toContain("The entry names the files of ATLAS_MCP_SECRET_FILE.");
      expect(stdout).toMatch(/For Atlas, \w/);
    },
  );

  it("are passed on by Codex without those that have a file", async () => {
    expect((await setup("codex", [], half)).code).toBe(0);
    expect(entryFor("codex")).toMatchObject({
      env_vars: [id, ...keys],
      env: { [`${secret}_FILE`]: "/secrets/secret" },
    });
  });

  it("are referred to by Gemini without those that have a file, by any of its names", async () => {
    expect((await setup("gemini", [], { MDB_MCP_API_CLIENT_SECRET_FILE: "/s" })).code).toBe(0);
    expect(Object.keys(entryFor("gemini").env)).toEqual([
      id,
      ...keys,
      "MDB_MCP_API_CLIENT_SECRET_FILE",
    ]);
  });

  it("are asked for by VS Code without those that have a file", async () => {
    expect((await setup("vscode", [], half)).code).toBe(0);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own form.
    const asked = "${input:atlas-client-id}";
    expect(entryFor("vscode").env).toEqual({ [id]: asked, [`${secret}_FILE`]: "/secrets/secret" });
    expect(file().inputs).toEqual([expect.objectContaining({ id: "atlas-client-id" })]);
  });

  it.each(["claude-code", "copilot", "opencode", "cline"])(
    "reach the server of %s from its environment",
    async (host) => {
      const { code, stdout } = await setup(host, [], half);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`The server needs ${id} too: start \\w+ where `));
    },
  );

  it.each(["claude-desktop", "cursor"])("must not be halved in %s", async (host) => {
    const { code, stderr } = await setup(host, [], half);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `${secret}_FILE is set, but ${id}_FILE is not: both are needed, because ${hosts[host]?.title} passes no ${id} on`,
    );
  });
});

describe("what the server would refuse", () => {
  it.each([
    [["--tools", "nonsense"], /--tools: "nonsense" is neither a tool nor/],
    [["--policy", "/nowhere/p.json"], /--policy: \/nowhere\/p\.json does not exist/],
    [["--audit", import.meta.filename], /--audit: .* holds something other than an audit log/],
    [["--audit", "/nowhere/a.jsonl"], /--audit: .* cannot be read and written \(ENOENT\)/],
    [["--backend", "atlas", "--state", "s.json"], /--state works only with the embedded sandbox/],
    [["--backend", "sandbox", "--base-url", "https://x.example"], /--base-url works only with/],
    [["--read-only", "--tools", "delete"], /--tools/],
  ])("is refused: %o", async (args, says) => {
    const { code, stdout, stderr } = await setup("cursor", args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
    expect(() => text()).toThrow("ENOENT");
  });

  it("are not credentials, which the host has: it says that they are needed", async () => {
    const { code, stdout } = await setup("codex", ["--backend", "atlas"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "The server starts only with credentials for Atlas: start codex where",
    );
    const own = await setup("codex", ["--backend", "sandbox", "--name", "b"]);
    expect(own.stdout).not.toMatch(/For Atlas|only with credentials|Without credentials/);
  });
});

describe("settings", () => {
  it.each(["--credentials-dir", "--policy", "--audit", "--state", "--org"])(
    "that are empty are left out: %s",
    async (flag) => {
      for (const empty of ["", "  "]) expect((await setup("cursor", [flag, empty])).code).toBe(0);
      expect(entryFor("cursor").args).toHaveLength(1);
    },
  );

  it("that are secrets are told of, unless they have a file", async () => {
    const secrets = { ATLAS_MCP_STORE: "redis://me:pass@h:1", ATLAS_MCP_SECRET: "s".repeat(20) };
    const { stdout } = await setup("cursor", [], { ...secrets, ATLAS_MCP_POLICY: "/p" });
    for (const name of Object.keys(secrets))
      expect(stdout).toContain(
        `${name} is set here and not in the entry: it is a secret, so put it into a file and set ${name}_FILE to that.`,
      );
    expect(stdout).toContain("ATLAS_MCP_POLICY is set here and not in the entry: --policy puts");
    for (const secret of Object.values(secrets)) expect(stdout).not.toContain(secret);
    const env = { ...secrets, ATLAS_MCP_SECRET_FILE: "/k" };
    const again = await setup("cursor", ["--name", "b"], env);
    expect(again.stdout).not.toContain("ATLAS_MCP_SECRET is set");
  });
});

describe("an entry that is there", () => {
  const others = {
    json: '{\n  // mine\n  "mcpServers": {\n    "atlas-provision": {"command": "npx", "args": ["atlas-provision-mcp@0.1.0"], "env": {"X": "s3cret"}}, // this\n    "b": {}\n  }\n}\n',
    toml: 'model = "x"\n\n# this\n[mcp_servers.atlas-provision]\ncommand = "npx"\nargs = [\n  "atlas-provision-mcp",\n]\n\n[mcp_servers.atlas-provision.env]\nX = "s3cret"\n\n# that\n[mcp_servers.b]\ncommand = "b"\n',
  };

  it("is replaced with --replace if it starts this program", async () => {
    writeFileSync(path, others.json);
    const refused = await setup("cursor", ["--ephemeral"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("run this again with --replace to replace it");
    const dry = await setup("cursor", ["--ephemeral", "--replace", "--dry-run"]);
    expect([dry.code, text()]).toEqual([0, others.json]);
    const { code, stdout } = await setup("cursor", ["--ephemeral", "--replace"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^- {3}"args": \[$/m);
    expect(stdout).toContain(`--- ${path}\n+++ ${path}\n`);
    expect(stdout).toContain('+     "--ephemeral"');
    expect(stdout).not.toContain("s3cret");
    expect(text()).toMatch(
      /^\{\n {2}\/\/ mine\n {2}"mcpServers": \{\n {4}"atlas-provision": \{\n {6}"command": .*\n {6}"args": \[.*\]\n {4}\}, \/\/ this\n {4}"b": \{\}\n {2}\}\n\}\n$/,
    );
    const again = await setup("cursor", ["--ephemeral", "--replace"]);
    expect(again.stdout).toContain("already");
  });

  it("is replaced in TOML, with its tables, and nothing else", async () => {
    writeFileSync(path, others.toml);
    const { code, stdout } = await setup("codex", ["--replace", "--read-only"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("s3cret");
    expect(text()).toMatch(
      /^model = "x"\n\n# this\n\[mcp_servers\.atlas-provision\]\ncommand = "node"\nargs = .*\nenv_vars = .*\n\n# that\n\[mcp_servers\.b\]\ncommand = "b"\n$/,
    );
  });

  it("stays if it is in a form that cannot be replaced", async () => {
    const inBraces = 'mcp_servers = { atlas-provision = { command = "atlas-provision-mcp" } }\n';
    writeFileSync(path, inBraces);
    const { code, stderr } = await setup("codex", ["--replace"]);
    expect([code, text()]).toEqual([1, inBraces]);
    expect(stderr).toContain("has atlas-provision in a form that cannot be replaced; remove it");
  });

  it("stays if it starts another program", async () => {
    const other = '{"mcpServers": {"atlas-provision": {"command": "other"}}}';
    writeFileSync(path, other);
    const { code, stderr } = await setup("cursor", ["--replace"]);
    expect([code, text()]).toEqual([1, other]);
    expect(stderr).toContain("which does not start this program, so nothing is written; remove");
    expect((await setup("cursor")).stderr).not.toContain("--replace");
  });

  it("gets what VS Code asks for where only that is missing", async () => {
    await setup("vscode");
    const { inputs, ...rest } = file();
    writeFileSync(path, `\uFEFF${JSON.stringify(rest)}`);
    const { code, stdout } = await setup("vscode");
    expect(code).toBe(0);
    expect(JSON.parse(text().slice(1))).toEqual({ ...rest, inputs });
    expect(stdout).toContain("atlas-client-secret");
    expect((await setup("vscode")).stdout).toContain("already");
  });
});

describe("names and texts of all kinds", () => {
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "%s is a name",
    async (name) => {
      for (const host of ["codex", "cursor"]) {
        rmSync(path, { force: true });
        for (const says of ["Written: ", "already"]) {
          const { code, stdout, stderr } = await setup(host, ["--name", name]);
          expect([code, stderr]).toEqual([0, ""]);
          expect(stdout).toContain(says);
        }
        expect(text()).toContain(name);
        expect((await setup(host, ["--name", name, "--read-only"])).code).toBe(1);
      }
    },
  );

  it.each([
    ["cursor", '{"a": ', "[", "]", "}"],
    ["cursor", '{"mcpServers": {"atlas-provision": ', '{"a":', "}", "}}"],
    ["codex", "a = ", "[", "]", ""],
  ])("too much nesting is told for %s", async (host, before, open, close, after) => {
    const inner = open === "[" ? "" : 1;
    const nest = (depth: number): string => {
      const nested = `${before}${open.repeat(depth)}${inner}${close.repeat(depth)}${after}`;
      writeFileSync(path, nested);
      return nested;
    };
    const nested = nest(100_000);
    const { code, stderr } = await setup(host);
    expect(stderr).toMatch(/ is (nested too deeply|not valid TOML)/);
    expect([code, text() === nested]).toEqual([1, true]);
    // From a smaller depth on not the parser gives up, but what comes after it. Which, depends on the stack.
    nest(5_000);
    const less = await runBundle(["setup", host, "--file", path], { HOME: home });
    expect(less.stderr).not.toContain("bug");
  });
});
