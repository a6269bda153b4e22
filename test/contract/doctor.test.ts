import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createSandbox } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Ran } from "../support/bundle.ts";
import { type FakeAtlas, json, type Responder, startFakeAtlas } from "../support/fake-atlas.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

type Check = { check: string; result: string; says: string; fix?: string };
type Report = { healthy: boolean; checks: Check[] };
type Env = Record<string, string>;

const secret = "canary-secret-0815";
const strangers: Record<string, Env> = {
  "a service account": {
    MONGODB_ATLAS_CLIENT_ID: "canary-id-0815",
    MONGODB_ATLAS_CLIENT_SECRET: secret,
  },
  "an API key": {
    MONGODB_ATLAS_PUBLIC_API_KEY: "canary-public-0815",
    MONGODB_ATLAS_PRIVATE_API_KEY: secret,
  },
};

const apiKey = (): Env => ({
  MONGODB_ATLAS_BASE_URL: sandbox.url,
  MONGODB_ATLAS_PUBLIC_API_KEY: sandbox.publicKey,
  MONGODB_ATLAS_PRIVATE_API_KEY: sandbox.privateKey,
});

/** Runs `doctor --json`: its exit code and its findings by name. */
const examine = async (env: Env, args: string[] = []) => {
  const { code, stdout, stderr } = await run(["doctor", "--json", ...args], env);
  expect(stderr).toBe("");
  const report: Report = JSON.parse(stdout);
  const of = (name: string) => report.checks.find(({ check }) => check === name);
  return { code, report, of, stdout };
};

/** A fake Atlas in which everything is well, but for what the test answers itself. */
const startOther = async (respond: Responder): Promise<{ env: Env } & FakeAtlas> => {
  const fakeAtlas = await startFakeAtlas((seen, response, count) => {
    if (respond(seen, response, count)) return true;
    if (seen.path.endsWith("/api/atlas/v2")) return json(response, 401, "");
    if (seen.path.endsWith("/orgs"))
      return json(response, 200, { results: [{ id: "a".repeat(24), name: "Acme" }] });
    if (seen.path.includes("/serviceAccounts/"))
      return json(response, 200, { roles: ["ORG_OWNER"] });
    return undefined;
  });
  onTestFinished(() => fakeAtlas.close());
  const env = { ...strangers["a service account"], MONGODB_ATLAS_BASE_URL: fakeAtlas.url };
  return { ...fakeAtlas, env };
};

const file = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file.json");
  writeFileSync(path, text);
  return path;
};

describe("a file that is named to it", () => {
  it("and cannot hold the sandbox's state is a finding, not a crash", async () => {
    const { code, of } = await examine({}, ["--state", file("{")]);
    expect(code).toBe(1);
    expect(of("state")).toMatchObject({
      result: "failed",
      says: expect.stringMatching(/^the state file .* is damaged/),
      fix: expect.stringContaining("--state"),
    });
    expect(of("reachable")).toBeUndefined();
  });

  it("and is no folder for passwords is a finding", async () => {
    const path = file("{}");
    const { code, of } = await examine({}, ["--credentials-dir", path]);
    expect([code, of("passwords")?.result]).toEqual([1, "failed"]);
    expect(of("passwords")?.says).toContain(`${path} is not a folder`);
    const good = await examine({}, ["--credentials-dir", dirname(path)]);
    expect(good.of("passwords")).toEqual({ check: "passwords", result: "ok", says: dirname(path) });
  });

  it("and holds a policy is looked through for organizations that nobody sees", async () => {
    const id = "0123456789abcdef01234567";
    const path = file(JSON.stringify({ organizations: [id] }));
    const { of } = await examine(sandbox.env, ["--policy", path]);
    expect(of("policy")).toMatchObject({ result: "failed", says: expect.stringContaining(id) });
    const some = file(JSON.stringify({ organizations: [sandbox.orgId, id] }));
    expect((await examine(sandbox.env, ["--policy", some])).of("policy")).toMatchObject({
      result: "warning",
      says: expect.stringContaining(id),
    });
    const good = file(JSON.stringify({ organizations: [sandbox.orgId] }));
    expect((await examine(sandbox.env, ["--policy", good])).of("policy")).toEqual({
      check: "policy",
      result: "ok",
      says: good,
    });
  });
});

describe("a file that a command would make", () => {
  const folder = () => dirname(file("{}"));

  it.each([["doctor"], ["doctor", "sandbox", "--port", "0"]])(
    "is well, and the doctor leaves none behind: %s %s",
    async (...args) => {
      const path = join(folder(), "state.json");
      const { code, stdout } = await run([...args, "--json", "--state", path]);
      const { checks }: Report = JSON.parse(stdout);
      expect(checks).toContainEqual({ check: "state", result: "ok", says: path });
      expect([code, existsSync(path)]).toEqual([0, false]);
    },
  );

  it("is well for the audit, and named", async () => {
    const path = join(folder(), "audit.jsonl");
    const { of } = await examine({}, ["--audit", path]);
    expect(of("audit")).toEqual({
      check: "audit",
      result: "ok",
      says: `${path} (does not exist yet)`,
    });
    expect(existsSync(path)).toBe(false);
  });

  it("is kept as it is where a sandbox has it open", async () => {
    const path = join(folder(), "state.json");
    const other = await createSandbox({ statePath: path });
    onTestFinished(() => other.close());
    const before = readFileSync(path, "utf8");
    const own = await run(["doctor", "sandbox", "--port", "0", "--json", "--state", path]);
    expect([own.code, own.stdout]).toEqual([1, expect.stringContaining("in use by another")]);
    const shared = await run(["doctor", "--json", "--state", path]);
    expect([shared.code, shared.stdout]).toEqual([0, expect.stringContaining("would share it")]);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  const others = ["--client-id", "another", "--org-id", "f".repeat(24)];
  it.each([
    [0, "doctor", []],
    // The file has another organization.
    [1, "doctor", ["--org", "f".repeat(24)]],
    [0, "doctor", ["http", "--port", "0"]],
    [0, "doctor", ["sandbox", "--port", "0", ...others]],
  ])("is left as it was: %i from %s %j", async (expected, command, args) => {
    const path = join(folder(), "state.json");
    const other = await createSandbox({ statePath: path });
    await other.close();
    const before = readFileSync(path, "utf8");
    const { ino, mtimeMs } = statSync(path);
    const { code } = await run([command, ...args, "--state", path]);
    expect([code, readFileSync(path, "utf8")]).toEqual([expected, before]);
    expect(statSync(path)).toMatchObject({ ino, mtimeMs });
    expect(readdirSync(dirname(path)).sort()).toEqual(["file.json", "state.json"]);
  });

  it("is looked into for the organizations that the policy allows", async () => {
    const path = join(folder(), "state.json");
    const other = await createSandbox({ statePath: path });
    await other.close();
    const policy = file(JSON.stringify({ organizations: [other.orgId] }));
    const { code, of } = await examine({}, ["--state", path, "--policy", policy]);
    expect([code, of("policy")?.result]).toEqual([0, "ok"]);
  });
});

const texts = ({ stdout, stderr }: Ran) => stdout + stderr;

describe("where all is well, the doctor", () => {
  it.each([
    ["a service account", () => sandbox.env],
    ["an API key", apiKey],
  ])("says so of %s in text, and ends with 0", async (kind, env) => {
    const { code, stdout, stderr } = await run(["doctor"], env());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\nReady\.\n$/);
    expect(stdout).toContain(kind);
    expect(stdout).not.toMatch(/FAILED|warning/);
  });

  it.each([
    ["a service account", () => sandbox.env],
    ["an API key", apiKey],
  ])("says so of %s as JSON, and ends with 0", async (_kind, env) => {
    const { code, report } = await examine(env());
    expect({ code, healthy: report.healthy }).toEqual({ code: 0, healthy: true });
    expect(report.checks.map(({ check, result }) => `${check} ${result}`)).toEqual([
      "version ok",
      "node ok",
      "configuration ok",
      "tools ok",
      "ephemeral clusters ok",
      "passwords ok",
      "reachable ok",
      "clock ok",
      "credentials ok",
      "organizations ok",
      "roles ok",
    ]);
  });

  it("names the tools that are on, and why others are off", async () => {
    const { of } = await examine(sandbox.env, ["--read-only"]);
    expect(of("tools")?.says).toMatch(
      /^get_account, list_projects, get_project, list_flex_clusters, get_flex_cluster, check_connection; off: create_project, [a-z_, ]+: [^;]*read-only[^;]*; off: create_ephemeral_cluster, get_ephemeral_cluster: [^;]*ATLAS_MCP_EPHEMERAL[^;]*$/,
    );
  });

  it("names the Node that runs it, the address, the organization and the role", async () => {
    const { of } = await examine(sandbox.env);
    expect(of("node")?.says).toContain(process.version);
    expect(of("reachable")?.says).toContain(sandbox.url);
    expect(of("organizations")?.says).toContain(sandbox.orgId);
    expect(of("roles")?.says).toContain("ORG_OWNER");
  });

  it.each([
    [{}, [], /^off: .*ATLAS_MCP_EPHEMERAL/],
    [{}, ["--ephemeral"], /^on: real ones, from .*no credentials are sent$/],
  ] as const)(
    "says whether ephemeral clusters are on beside Atlas: %j %j",
    async (env, args, says) => {
      const { of } = await examine({ ...sandbox.env, ...env }, [...args]);
      expect(of("ephemeral clusters")?.says).toMatch(says);
    },
  );

  it("says that without credentials they are in the sandbox, unless they are asked for", async () => {
    const own = await examine({});
    expect(own.of("ephemeral clusters")?.says).toMatch(/^on: in the sandbox; --ephemeral/);
    expect(own.of("ephemeral")).toBeUndefined();
    const { MONGODB_ATLAS_BASE_URL = "" } = sandbox.env;
    const asked = await examine({ MONGODB_ATLAS_BASE_URL }, ["--ephemeral"]);
    expect(asked.of("ephemeral clusters")?.says).toMatch(/^on: real ones, .* without an account$/);
    expect(asked.of("ephemeral")).toMatchObject({ result: "ok" });
    expect(asked.of("ephemeral")?.says).toContain(sandbox.url);
    const off = await examine({}, ["--ephemeral", "--read-only"]);
    expect(off.of("ephemeral clusters")).toMatchObject({ result: "warning" });
  });

  it("needs no configuration at all: the embedded sandbox is well", async () => {
    const { code, of } = await examine({});
    expect(code).toBe(0);
    expect(of("configuration")?.says).toContain("embedded sandbox");
  });

  it("looks at the project that the operator has set", async () => {
    const made = await fetch(`${sandbox.url}/api/oauth/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString("base64")}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token: token } = (await made.json()) as { access_token: string };
    const answer = await fetch(`${sandbox.url}/api/atlas/v2/groups`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.atlas.2023-01-01+json",
        "content-type": "application/json",
      },
      body: JSON.stringify({ name: "shop", orgId: sandbox.orgId }),
    });
    const { id } = (await answer.json()) as { id: string };
    const { code, of } = await examine(sandbox.env, ["--project", id]);
    expect(code).toBe(0);
    expect(of("project")).toMatchObject({ result: "ok", says: expect.stringContaining("shop") });
  });

  it("only reads", async () => {
    await run(["doctor"], sandbox.env);
    const { requests } = await sandbox.state();
    const changes = requests.filter(({ method, path }) => method !== "GET" && !/oauth/.test(path));
    expect(requests.length).toBeGreaterThan(0);
    expect(changes).toEqual([]);
  });
});

describe("the doctor ends with 1 and says what to do about", () => {
  it.each(Object.entries(strangers))("%s that Atlas does not know", async (_kind, env) => {
    const { code, of, report } = await examine({ ...env, MONGODB_ATLAS_BASE_URL: sandbox.url });
    expect({ code, healthy: report.healthy }).toEqual({ code: 1, healthy: false });
    expect(of("reachable")?.result).toBe("ok");
    expect(of("credentials")).toMatchObject({ result: "failed", fix: expect.stringMatching(/\S/) });
  });

  it("an address where nobody listens", async () => {
    const gone = await startFakeAtlas(() => undefined);
    await gone.close();
    const env = { ...sandbox.env, MONGODB_ATLAS_BASE_URL: gone.url };
    const { code, of } = await examine(env);
    expect(code).toBe(1);
    expect(of("reachable")).toMatchObject({
      result: "failed",
      says: expect.stringMatching(/ECONNREFUSED/),
      fix: expect.stringMatching(/MONGODB_ATLAS_BASE_URL/),
    });
    expect(of("credentials")).toBeUndefined();
  });

  it("an address that is not on the credential's API access list", async () => {
    await sandbox.script("listOrgs", "error:403:IP_ADDRESS_NOT_ON_ACCESS_LIST", 9);
    const { code, of } = await examine(sandbox.env);
    expect(code).toBe(1);
    const found = of("API access list");
    expect(found).toMatchObject({ result: "failed", says: expect.stringContaining("127.0.0.1") });
    expect(`${found?.says} ${found?.fix}`).toMatch(/not a project's.*Organization Owner/);
  });

  it("credentials that belong to no organization", async () => {
    const { env } = await startOther((seen, response) =>
      seen.path.endsWith("/orgs") ? json(response, 200, { results: [], totalCount: 0 }) : undefined,
    );
    const { code, of } = await examine(env);
    expect(code).toBe(1);
    expect(of("organizations")).toMatchObject({ result: "failed", fix: expect.any(String) });
  });

  it.each([
    ["an organization", "--org", "organizations"],
    ["a project", "--project", "project"],
  ])("%s in the configuration that does not exist", async (_what, flag, check) => {
    const { code, of } = await examine(sandbox.env, [flag, "f".repeat(24)]);
    expect(code).toBe(1);
    expect(of(check)).toMatchObject({ result: "failed" });
    expect(of(check)?.fix).toMatch(/MONGODB_ATLAS_(ORG|PROJECT)_ID|credentials/);
  });

  it("it in text, too", async () => {
    const { code, stdout } = await run(["doctor", "--project", "f".repeat(24)], sandbox.env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +project/);
    expect(stdout).toMatch(/Not ready/);
  });
});

describe("the doctor warns of", () => {
  it.each<[what: string, env: () => Env, says: RegExp]>([
    ["a variable that is set but empty", () => ({ MONGODB_ATLAS_CLIENT_ID: "" }), /set but empty/],
    ["an API key that is not used", () => ({ ...apiKey(), ...sandbox.env }), /key is not used/],
  ])("%s", async (_what, env, says) => {
    const { code, report } = await examine(env());
    expect(code).toBe(0);
    const warnings = report.checks.filter(({ result }) => result === "warning");
    expect(warnings.map((one) => one.says)).toEqual([expect.stringMatching(says)]);
  });

  it.each([
    ["an hour ahead", 3_600_000],
    ["an hour behind", -3_600_000],
  ])("a clock that is %s of Atlas's", async (_what, offset) => {
    const { env } = await startOther((seen, response) =>
      seen.path.endsWith("/api/atlas/v2")
        ? json(response, 401, "", { date: new Date(Date.now() - offset).toUTCString() })
        : undefined,
    );
    const { of } = await examine(env);
    expect(of("clock")).toMatchObject({ result: "warning", fix: expect.stringMatching(/clock/) });
    expect(Number(/(\d+) s/.exec(of("clock")?.says ?? "")?.[1])).toBeCloseTo(3600, -2);
  });

  const html = "<html><body>Please log in.</body></html>";
  it.each<[what: string, status: number, body: unknown, headers: object, says: RegExp]>([
    ["a page of a portal", 200, html, {}, /instead of Atlas: a proxy, a portal .*\(HTTP 200\)/],
    ["JSON of another service", 200, { name: "x" }, {}, /instead of Atlas: a proxy, a portal/],
    ["a page with 401", 401, html, {}, /instead of Atlas: .*\(HTTP 401\).*MONGODB_ATLAS_BASE_URL/],
    ["a proxy's 401", 401, "", { "www-authenticate": "Basic" }, /instead of Atlas.*HTTPS_PROXY/],
    ["a gateway that fails", 503, html, {}, /Atlas, or something before it .*\(HTTP 503\)/],
  ])("%s in place of Atlas, whose clock is nobody's", async (_what, status, body, more, says) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const { env } = await startOther((seen, response) =>
      seen.path.endsWith("/api/atlas/v2")
        ? json(response, status, typeof body === "string" ? body : { ...Object(body) }, {
            date,
            ...more,
          })
        : undefined,
    );
    const { of } = await examine(env);
    expect(of("reachable")).toMatchObject({
      result: "warning",
      says: expect.stringMatching(says),
    });
    expect(of("clock")).toBeUndefined();
  });

  it.each<[what: string, status: number, body: object | string, result: string]>([
    ["its status", 200, { appName: "MongoDB Atlas" }, "ok"],
    ["a refusal", 401, { errorCode: "UNAUTHORIZED" }, "ok"],
    ["another refusal", 403, { errorCode: "X" }, "warning"],
    ["its own failure", 500, { error: 500, errorCode: "UNEXPECTED_ERROR" }, "warning"],
  ])("no portal where it is Atlas that answers: %s", async (_what, status, body, result) => {
    const { env } = await startOther((seen, response) =>
      seen.path.endsWith("/api/atlas/v2") ? json(response, status, body) : undefined,
    );
    const { of } = await examine(env);
    expect(of("reachable")?.result).toBe(result);
    expect(of("reachable")?.says).not.toMatch(/portal/);
    expect(of("clock")?.result).toBe("ok");
  });

  it("no wrong credentials where none were sent", async () => {
    const { env, seen } = await startOther((seen, response) =>
      seen.path.includes("/api/atlas/v2")
        ? json(response, 401, "", { "www-authenticate": 'Digest nonce="n", qop="auth-int"' })
        : undefined,
    );
    const { MONGODB_ATLAS_BASE_URL = "" } = env;
    const { of } = await examine({ ...strangers["an API key"], MONGODB_ATLAS_BASE_URL });
    expect(of("credentials")).toEqual({
      check: "credentials",
      result: "failed",
      says: expect.stringMatching(/credentials were not sent.*MONGODB_ATLAS_BASE_URL/),
    });
    expect(seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it("a role that does not suffice, by the role's name", async () => {
    const { env } = await startOther((seen, response) =>
      seen.path.includes("/serviceAccounts/")
        ? json(response, 200, { clientId: seen.path.split("/").at(-1), roles: ["ORG_MEMBER"] })
        : undefined,
    );
    const { of } = await examine(env);
    expect(of("roles")).toMatchObject({
      result: "warning",
      says: expect.stringContaining("ORG_MEMBER"),
      fix: expect.stringContaining("Organization Project Creator"),
    });
  });
});

describe("with a wrong setting the doctor", () => {
  const broken = () => file("{");
  it.each<[what: string, args: () => string[], env: Env, says: RegExp]>([
    ["a flag", () => ["--org", "shop"], {}, /^--org must be 24/],
    ["a variable", () => [], { ATLAS_MCP_READ_ONLY: "maybe" }, /^ATLAS_MCP_READ_ONLY must be/],
    ["a flag that is unknown", () => ["--orgg"], {}, /did you mean '--org'/],
    ["a word that is unknown", () => ["htp"], {}, /did you mean 'doctor http'/],
    ["half of the credentials", () => [], { MONGODB_ATLAS_CLIENT_SECRET: secret }, /CLIENT_ID/],
    ["a policy", () => ["--policy", broken()], {}, /^--policy: .*not JSON/],
    ["an audit file", () => ["--audit", "/"], {}, /^--audit: \/ is a folder/],
    ["a port of http", () => ["http", "--port", "x"], {}, /^--port must be/],
    ["a port of the sandbox", () => ["sandbox", "--port", "x"], {}, /^--port must be/],
  ])("answers JSON and ends with 2: %s", async (_what, args, env, says) => {
    const { code, stdout, stderr } = await run(["doctor", ...args(), "--json"], env);
    expect([code, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toEqual({
      healthy: false,
      checks: [{ check: "configuration", result: "failed", says: expect.stringMatching(says) }],
    });
    const text = await run(["doctor", ...args()], env);
    expect([text.code, text.stdout]).toEqual([2, ""]);
  });
});

describe("no secret is printed", () => {
  it.each(Object.entries(strangers))("of %s that is wrong", async (_kind, env) => {
    const where = { ...env, MONGODB_ATLAS_BASE_URL: sandbox.url };
    for (const args of [["doctor"], ["doctor", "--json"], ["doctor", "--log-level", "debug"]])
      expect(texts(await run(args, where))).not.toMatch(/canary/);
  });

  it.each([["text"], ["json"]])("of credentials that are right, as %s", async (form) => {
    const args = ["doctor", ...(form === "json" ? ["--json"] : [])];
    const all = texts(await run(args, sandbox.env)) + texts(await run(args, apiKey()));
    for (const one of [sandbox.clientSecret, sandbox.privateKey]) expect(all).not.toContain(one);
  });

  it("of a half-given configuration, which ends the program with 2", async () => {
    const ran = await run(["doctor"], { MONGODB_ATLAS_CLIENT_SECRET: secret });
    expect(ran.code).toBe(2);
    expect(texts(ran)).not.toContain(secret);
  });
});
