import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { connect } from "../support/clients.ts";
import { toolNames } from "../support/contract.ts";
import { run } from "../support/program.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const secretValue = "mdb_sa_sk_never-shown";
const account = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
  MONGODB_ATLAS_CLIENT_SECRET: secretValue,
};

const settings = [
  "--base-url",
  "--org",
  "--project",
  "--backend",
  "--read-only",
  "--allow-delete",
  "--deadline-ms",
  "--request-timeout-ms",
  "--log-level",
  "--tokens",
  "--issuer",
  "--audience",
  "--public-url",
  "--allowed-hosts",
  "--allowed-origins",
  "--rate-limit",
  "MONGODB_ATLAS_CLIENT_ID",
  "MONGODB_ATLAS_CLIENT_SECRET",
  "MONGODB_ATLAS_PUBLIC_API_KEY",
  "MONGODB_ATLAS_PRIVATE_API_KEY",
];

describe("help and version", () => {
  it.each([["--help"], ["-h"], ["sandbox", "--help"], ["tools", "--help"]])(
    "%s %s prints the usage and ends with 0",
    async (...args) => {
      const { code, stdout, stderr } = await run(args.filter((one) => one !== undefined));
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("Usage");
    },
  );

  it("--help tells of every setting", async () => {
    const { stdout } = await run(["--help"]);
    const missing = settings.filter((setting) => !stdout.includes(setting));
    expect(missing).toEqual([]);
  });

  it.each(["--version", "-v"])(
    "%s prints the version of the package and nothing else",
    async (flag) => {
      expect(await run([flag])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
    },
  );

  it("--help needs no configuration that is right", async () => {
    expect((await run(["--help"], { ATLAS_MCP_BACKEND: "nonsense" })).code).toBe(0);
  });
});

describe("tools", () => {
  it("prints one row a tool, in order, with its access and size", async () => {
    const { code, stdout, stderr } = await run(["tools"]);
    expect([code, stderr]).toEqual([0, ""]);
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toContain("tokens");
    expect(rows.map((row) => row.split(" ")[0])).toEqual(toolNames);
    for (const row of rows) expect(row).toMatch(/^\w+ +(read|create|delete) +\d+ +\d+ +\w/);
  });

  it.each([
    ["by default", {}],
    ["read-only", { ATLAS_MCP_READ_ONLY: "1" }],
    ["for one organization", { MONGODB_ATLAS_ORG_ID: "a".repeat(24) }],
    ["for one project", { MONGODB_ATLAS_PROJECT_ID: "b".repeat(24) }],
  ])("--json prints what tools/list answers, %s", async (_how, env) => {
    const driver = await connect("v2 modern", { env });
    try {
      const listed = await driver.listTools();
      const { stdout } = await run(["tools", "--json"], env);
      const { tools, tokens } = JSON.parse(stdout);
      expect(tools).toEqual(listed);
      expect(Object.keys(tokens)).toEqual(listed.map(({ name }) => name));
      for (const { input, output } of Object.values<any>(tokens)) {
        expect(input).toBeGreaterThan(50);
        expect(output).toBeGreaterThan(50);
      }
    } finally {
      await driver.close();
    }
  });

  it("reaches nothing, so that wrong credentials do not matter", async () => {
    const env = { ...account, MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:1" };
    expect((await run(["tools"], env)).code).toBe(0);
  });
});

type Mistake = [what: string, args: string[], env: Record<string, string>, says: RegExp];

const mistakes: Mistake[] = [
  ["an unknown command", ["serve"], {}, /serve/],
  ["a command of every object", ["constructor"], {}, /constructor/],
  ["an unknown flag", ["--colour"], {}, /--colour/],
  ["a stray word", ["tools", "extra"], {}, /extra/],
  ["a flag without its value", ["--base-url"], {}, /--base-url/],
  ["a value for a flag that takes none", ["--read-only=yes"], {}, /read-only/],
  ["an unknown backend", ["--backend", "cloud"], {}, /--backend.*atlas.*sandbox/],
  ["an unknown backend in a variable", [], { ATLAS_MCP_BACKEND: "cloud" }, /ATLAS_MCP_BACKEND/],
  ["an unknown log level", ["--log-level", "loud"], {}, /--log-level/],
  [
    "a switch that is neither on nor off",
    [],
    { ATLAS_MCP_READ_ONLY: "maybe" },
    /ATLAS_MCP_READ_ONLY/,
  ],
  ["a deadline that is no number", ["--deadline-ms", "soon"], {}, /--deadline-ms/],
  [
    "a time-out of nothing",
    [],
    { ATLAS_MCP_REQUEST_TIMEOUT_MS: "0" },
    /ATLAS_MCP_REQUEST_TIMEOUT_MS/,
  ],
  ["an organization that is no id", ["--org", "shop"], {}, /--org/],
  ["a project that is no id", [], { MONGODB_ATLAS_PROJECT_ID: "shop" }, /MONGODB_ATLAS_PROJECT_ID/],
  [
    "a client id without its secret",
    [],
    { MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1" },
    /MONGODB_ATLAS_CLIENT_SECRET/,
  ],
  [
    "a client secret without its id",
    [],
    { MONGODB_ATLAS_CLIENT_SECRET: secretValue },
    /MONGODB_ATLAS_CLIENT_ID/,
  ],
  [
    "a public key without its private key",
    [],
    { MONGODB_ATLAS_PUBLIC_API_KEY: "abcdefgh" },
    /MONGODB_ATLAS_PRIVATE_API_KEY/,
  ],
  [
    "a private key without its public key",
    [],
    { MONGODB_ATLAS_PRIVATE_API_KEY: secretValue },
    /MONGODB_ATLAS_PUBLIC_API_KEY/,
  ],
  [
    "a secret of two lines",
    [],
    { ...account, MONGODB_ATLAS_CLIENT_SECRET: `${secretValue}\nmore` },
    /MONGODB_ATLAS_CLIENT_SECRET/,
  ],
  [
    "a secret file that is not there",
    [],
    { MONGODB_ATLAS_CLIENT_SECRET_FILE: "/nowhere/secret" },
    /MONGODB_ATLAS_CLIENT_SECRET_FILE/,
  ],
  [
    "plain http to another host",
    ["--base-url", "http://atlas.example.com"],
    account,
    /--base-url.*https/,
  ],
  [
    "plain http to a host that begins like loopback",
    ["--base-url", "http://127.0.0.1.example.com"],
    account,
    /--base-url/,
  ],
  [
    "a base URL with a path",
    ["--base-url", "https://cloud.mongodb.com/api/atlas/v2"],
    account,
    /--base-url.*path/,
  ],
  [
    "a base URL with credentials",
    [],
    { ...account, MONGODB_ATLAS_BASE_URL: `https://me:${secretValue}@cloud.mongodb.com` },
    /MONGODB_ATLAS_BASE_URL/,
  ],
  ["a base URL that is none", ["--base-url", "cloud.mongodb.com"], account, /--base-url/],
  ["live Atlas without credentials", ["--backend", "atlas"], {}, /credentials/],
  ["a port that is no number", ["sandbox", "--port", "http"], {}, /--port/],
  ["a port beyond the last", ["sandbox", "--port", "65536"], {}, /--port/],
  ["a provisioning time below nothing", ["sandbox", "--provision-ms=-1"], {}, /--provision-ms/],
  ["an organization of the sandbox that is no id", ["sandbox", "--org-id", "x"], {}, /--org-id/],
  ["a TLS key without its certificate", ["sandbox", "--tls-key", "package.json"], {}, /--tls-cert/],
  ["a flag of another command", ["tools", "--port", "1"], {}, /--port/],
];

describe.each(mistakes)("%s", (_what, args, env, says) => {
  it("ends the program with 2, one line on stderr that names it, and nothing on stdout", async () => {
    const { code, stdout, stderr } = await run(args, env);
    expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(secretValue);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
