/** Who may use a store: the user that docs/store.md gives it, TLS, and what `doctor` says where something is missing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runBundle } from "../support/bundle.ts";
import { callTool, type HttpServed, serveHttp } from "../support/http.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { recordSecret } from "../support/output-record.ts";
import { openCertificates } from "../support/tls.ts";
import { bearer, mint, tokenFile } from "../support/token-file.ts";
import { until } from "../support/until.ts";
import { freePort } from "./nginx.ts";
import { type RedisServer, startRedis } from "./store/redis.ts";
import { repository } from "./tools.ts";

const password = "a-password-of-the-store";
recordSecret(password);
const page = readFileSync(join(repository, "docs/store.md"), "utf8");
const [line = ""] = page.match(/^ACL SETUSER .*$/m) ?? [];
const words = line.replace("PASSWORD", password).split(" ").slice(1);
/** The commands that the page allows. */
const allowed = words.flatMap((word) => (word.startsWith("+") ? [word.slice(1)] : []));

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(async () => {
  await sandbox?.close();
});

/** What doctor says of the store, and what it advises. */
const diagnosed = async (store: string, env: Record<string, string> = {}) => {
  const settings = { ...sandbox.env, ATLAS_MCP_STORE: store, ...env };
  const { code, stdout } = await runBundle(["doctor", "--json"], settings);
  const { checks } = JSON.parse(stdout);
  const { result, says, fix = "" } = checks.find(({ check }: any) => check === "store");
  expect(code).toBe(result === "failed" ? 1 : 0);
  return { result, text: `${says} -> ${fix}` };
};

const failsWith = async (store: string, text: RegExp, env: Record<string, string> = {}) =>
  expect(await diagnosed(store, env)).toEqual({
    result: "failed",
    text: expect.stringMatching(text),
  });

describe("a store of which only the user of the page is let in", () => {
  let redis: RedisServer;
  let at: (login: string, database?: string) => string;
  beforeAll(async () => {
    redis = await startRedis();
    await redis.command("ACL", ...words);
    await redis.command("ACL", "SETUSER", "few", ...words.slice(2), "-zrange");
    await redis.command("ACL", "SETUSER", "hoarder", ...words.slice(2), "-del");
    await redis.command("ACL", "SETUSER", "none", ...words.slice(2), "-eval", "-evalsha");
    await redis.command("ACL", "SETUSER", "elsewhere", ...words.slice(2), "resetkeys", "~other:*");
    // The administrator of the test stays.
    await redis.command("ACL", "SETUSER", "default", "resetpass", ">for-the-administrator");
    at = (login, database = "") => `redis://${login}@127.0.0.1:${redis.port}${database}`;
  });
  afterAll(async () => {
    await redis?.close();
  });

  it("takes all that servers do, with no more commands than the page has", async () => {
    await redis.command("CONFIG", "RESETSTAT");
    await redis.command("ACL", "LOG", "RESET");
    const store = at(`provision:${password}`, "/1");
    const folder = mkdtempSync(join(tmpdir(), "store-"));
    writeFileSync(join(folder, "store"), `${store}\n`);
    writeFileSync(join(folder, "policy"), '{"limits": {"projectsPerOrganization": 2}}');
    const ci = await mint("ci");
    const tokens = tokenFile(ci.entry);
    const env = {
      ...sandbox.env,
      ATLAS_MCP_SECRET: "the-same-in-all-replicas",
      ATLAS_MCP_STORE_FILE: join(folder, "store"),
      ATLAS_MCP_POLICY: join(folder, "policy"),
      ATLAS_MCP_TOKENS: tokens.path,
      ATLAS_MCP_CONFIRM: "token",
    };
    const servers = await Promise.all([serveHttp([], env), serveHttp([], env)]);
    const call = async (server: HttpServed | undefined, name: string, args: object) =>
      (await callTool(server?.url ?? "", "2026", name, args, bearer(ci.token))).result
        .structuredContent;
    const [first, second] = servers;
    try {
      const args = { name: "shop", orgId: sandbox.orgId, ifExists: "return" };
      const made = await Promise.all(servers.map((one) => call(one, "create_project", args)));
      expect(made.map(({ outcome }) => outcome).sort()).toEqual(["created", "existing"]);
      await sandbox.script("createGroup", "error:400:INVALID_ATTRIBUTE");
      const refused = await call(first, "create_project", { ...args, name: "refused" });
      expect(refused.error).toMatchObject({ outcome: "not_created" });
      const cluster = { groupId: made[0].project.id, name: "orders", providerSettings: aws };
      const [{ confirmation }] = await Promise.all([
        call(first, "create_flex_cluster", cluster),
        call(first, "create_project", { ...args, name: "last" }),
      ]);
      const confirmed = { ...cluster, confirmation };
      expect(await call(second, "create_flex_cluster", confirmed)).toMatchObject({
        outcome: "created",
      });
      const third = await call(second, "create_project", { ...args, name: "third" });
      expect(third.error).toMatchObject({ code: "policy_denied" });
      for (const server of servers) expect(server.stderr()).not.toContain("store does not answer");
    } finally {
      await Promise.all(servers.map((one) => one.end("SIGTERM", 10_000)));
      tokens.remove();
      rmSync(folder, { recursive: true });
    }
    expect(await diagnosed(store)).toMatchObject({ result: "ok" });
    expect(await redis.command("ACL", "LOG")).toEqual([]);
    const stats = String(await redis.command("INFO", "commandstats"));
    const used = [...stats.matchAll(/^cmdstat_(.+?):/gm)].map(([, name]) => name);
    const own = ["auth", "acl|log", "config|resetstat"];
    expect(used.filter((name) => !own.includes(name ?? "")).sort()).toEqual(allowed.sort());
  });

  it.each([
    [
      "a wrong password",
      "provision:wrong",
      /WRONGPASS.* -> Correct the user name and the password/,
    ],
    ["no password", "", /NOAUTH.* -> Correct the user name and the password/],
    ["a user who may not read lists", `few:${password}`, /script.* -> Give its user the commands/],
    ["a user who may not delete", `hoarder:${password}`, /command.* -> Give its user the commands/],
    [
      "a user who may run no scripts",
      `none:${password}`,
      /evalsha.* -> Give its user the commands/,
    ],
    ["a user of other keys", `elsewhere:${password}`, /key.* -> Give its user the commands/],
  ])("%s is told as such", async (_name, login, text) => {
    await failsWith(at(login), text);
  });

  it("a database that it does not have is not another one", async () => {
    await failsWith(
      at(`provision:${password}`, "/99"),
      /DB index is out of range -> Correct the number/,
    );
  });

  it("a policy by which it forgets is a warning, and a full memory a failure", async () => {
    const store = at(`provision:${password}`);
    await redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    await redis.command("CONFIG", "SET", "maxmemory", "100mb");
    expect(await diagnosed(store)).toEqual({
      result: "warning",
      text: expect.stringMatching(/policy allkeys-lru -> Set maxmemory-policy noeviction/),
    });
    await redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1");
    await failsWith(store, /OOM.* -> Give the store more memory/);
    await redis.command("CONFIG", "SET", "maxmemory", "0");
  });
});

describe("a store with TLS", () => {
  const certificates = openCertificates();
  const right = certificates.make(["localhost"]);
  const other = certificates.make(["localhost"]);
  let redis: RedisServer;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const { certPath, keyPath } = right;
    const files = ["--tls-cert-file", certPath, "--tls-key-file", keyPath];
    const clients = ["--tls-ca-cert-file", certPath, "--tls-auth-clients", "no"];
    redis = await startRedis("--tls-port", String(port), ...files, ...clients);
  });
  afterAll(async () => {
    await redis?.close();
    certificates.remove();
  });

  it("is used with the authority of NODE_EXTRA_CA_CERTS alone", async () => {
    const trusted = { NODE_EXTRA_CA_CERTS: right.certPath };
    const wrong = { NODE_EXTRA_CA_CERTS: other.certPath };
    const text = /self-signed certificate -> Name the file .* in NODE_EXTRA_CA_CERTS/;
    const used = await diagnosed(`rediss://localhost:${port}`, trusted);
    await failsWith(`rediss://localhost:${port}`, text, wrong);
    await failsWith(`rediss://127.0.0.1:${port}`, /-> Name the store .* by a host/, trusted);
    expect(used).toMatchObject({ result: "ok" });
  });

  it("is told apart from one without", async () => {
    await failsWith(`redis://localhost:${port}`, /ends the connection .* write rediss:/);
    await failsWith(`rediss://localhost:${redis.port}`, /time was over .* write redis:/);
  });
});

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("connect", () => resolve(socket.destroy() !== undefined));
  });

describe("the store of the examples", () => {
  it("starts with its own arguments and users, and lets in nobody but the servers", async () => {
    const example = (name: string) => join(repository, "examples", name);
    const { store } = parse(readFileSync(example("compose.replicas.yaml"), "utf8"), {
      merge: true,
    }).services;
    const port = await freePort();
    const own = [...store.command.slice(1, -1), example("store-users.acl"), "--port", `${port}`];
    const child = spawn("/usr/bin/redis-server", own, { stdio: "ignore", cwd: tmpdir() });
    const ended = once(child, "exit");
    try {
      await until(() => isListening(port), "the store of the examples");
      const url = new URL(readFileSync(example("compose.store-url"), "utf8"));
      url.host = `127.0.0.1:${port}`;
      expect(await diagnosed(url.href)).toMatchObject({ result: "ok" });
      await failsWith(`redis://127.0.0.1:${port}`, /NOAUTH/);
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
});

describe("where no store is", () => {
  it("that needs no password refuses a wrong one", async () => {
    const open = await startRedis();
    await failsWith(open.url.replace("//", "//provision:wrong@"), /WRONGPASS.* -> Correct/);
    await open.close();
  });

  it("doctor says whether nobody listens, or the name is wrong", async () => {
    const port = await freePort();
    await failsWith(`redis://127.0.0.1:${port}`, /ECONNREFUSED .* -> Start the store/);
    await failsWith("redis://store.invalid", /ENOTFOUND store.invalid -> Correct the host/);
  });
});
