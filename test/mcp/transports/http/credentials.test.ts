import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditFile, openAuditFile } from "../../../support/consent.ts";
import { callTool, type HttpServed, modern, post, send, serveHttp } from "../../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { passwordsFolder } from "../../../support/passwords-folder.ts";
import { run } from "../../../support/program.ts";
import {
  bearer,
  type Minted,
  mint,
  type TokenFile,
  tokenFile,
} from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";
import { audience, type Issuer, issuerEnv, startIssuer } from "./issuer.ts";

const passwords = passwordsFolder();
const absent = "There is no such user whose password was generated for you";

type Name = "alice" | "bob" | "host" | "reader" | "bounded" | "elsewhere" | "expired";

let sandbox: LiveSandbox;
let issuer: Issuer;
let file: TokenFile;
let audit: ReturnType<typeof openAuditFile>;
let server: HttpServed;
let groupId: string;
const minted = {} as Record<Name, Minted>;

const rights: Record<Name, object> = {
  alice: { credentials: true },
  bob: { credentials: true },
  host: {},
  reader: { credentials: true },
  bounded: { credentials: true },
  elsewhere: { credentials: true },
  expired: { credentials: true, expiresAt: "2020-01-01T00:00:00Z" },
};

const writeTokens = (more: Partial<Record<Name, object>> = {}) =>
  file.write({
    tokens: Object.entries({ ...rights, ...more }).map(([name, members]) => ({
      ...minted[name as Name].entry,
      ...members,
    })),
  });

const env = () => ({
  ...sandbox.env,
  ...issuerEnv(issuer),
  ...passwords.env,
  ATLAS_MCP_AUDIT: audit.path,
  ATLAS_MCP_LOG_LEVEL: "info",
  ATLAS_MCP_CONFIRM: "never",
  ATLAS_MCP_ALLOW_DELETE: "true",
});

beforeAll(async () => {
  [sandbox, issuer] = await Promise.all([startSandbox({ rateLimits: false }), startIssuer()]);
  for (const name of Object.keys(rights) as Name[]) minted[name] = await mint(name);
  ({ id: groupId } = await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId }));
  audit = openAuditFile();
  file = tokenFile();
  writeTokens();
  server = await serveHttp(["--tokens", file.path], env());
  for (const name of ["alice", "bob", "reader", "bounded", "elsewhere"] as const)
    await create(name, `of-${name}`);
  writeTokens({
    reader: { credentials: true, readOnly: true },
    bounded: { credentials: true, projects: ["a".repeat(24)] },
    elsewhere: { credentials: true, organizations: ["b".repeat(24)] },
  });
  server.reload();
  await until(() => server.stderr().includes("token file reloaded"), "the new rights");
});
afterAll(async () => {
  await server.end();
  await Promise.all([sandbox.close(), issuer.close()]);
  file.remove();
  audit.remove();
});

const tokenOf = (name: Name) => bearer(minted[name].token);

const create = async (name: Name, username: string, headers = tokenOf(name)) => {
  const args = { groupId, username, roles: [{ roleName: "read", databaseName: "app" }] };
  const answer = await callTool(server.url, "2026", "create_database_user", args, headers);
  expect(answer.result.structuredContent).toMatchObject({ outcome: "created" });
};

const json = { "content-type": "application/json" };

const ask = (
  headers: Record<string, string>,
  body: unknown,
  init: RequestInit = {},
  at = server.at("/credentials"),
) => post(at, { headers: json, body }, headers, init);

const fetchAs = (name: Name, username: string, group = groupId) =>
  ask(tokenOf(name), { groupId: group, username });

/** The status and the sentence of a refusal, which nobody may keep. */
const refusalOf = async (response: Response) => {
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  const body: any = await response.json();
  expect(Object.keys(body)).toEqual(["error"]);
  expect(body.error).toMatch(/^\S[^\n]*$/);
  return [response.status, body.error];
};

describe("who created a user", () => {
  it("gets what its file has, and nothing keeps it on the way", async () => {
    const response = await fetchAs("alice", "of-alice");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    const variables = passwords.read(groupId, "of-alice");
    expect(variables.MONGODB_PASSWORD).toMatch(/^\w{32}$/);
    expect(await response.json()).toEqual({ groupId, username: "of-alice", variables });
  });

  it("gets it with a token that may only read", async () => {
    expect((await fetchAs("reader", "of-reader")).status).toBe(200);
  });

  it("gets it with another token of the same person that has the scope", async () => {
    const asHost = bearer(await issuer.token());
    await create("host", "of-oauth", asHost);
    const body = { groupId, username: "of-oauth" };
    const refused = await ask(asHost, body);
    expect(refused.headers.get("www-authenticate")).toContain('scope="atlas:credentials"');
    expect(await refusalOf(refused)).toEqual([403, "The token lacks the scope atlas:credentials"]);
    for (const scope of ["atlas:read atlas:credentials", "atlas:write atlas:credentials"]) {
      const asPerson = bearer(await issuer.token({ scope }));
      expect(await (await ask(asPerson, body)).json()).toMatchObject({
        variables: passwords.read(groupId, "of-oauth"),
      });
    }
    const other = bearer(await issuer.token({ sub: "bob", scope: "atlas:read atlas:credentials" }));
    expect(await refusalOf(await ask(other, body))).toEqual([404, absent]);
    const alone = await ask(bearer(await issuer.token({ scope: "atlas:credentials" })), body);
    expect((await refusalOf(alone))[0]).toBe(403);
  });
});

describe("nobody else gets anything", () => {
  it.each<[string, () => Promise<Response>]>([
    ["another caller", () => fetchAs("bob", "of-alice")],
    ["who asks for a user that is not there", () => fetchAs("alice", "nobody")],
    ["who asks in a project that is not there", () => fetchAs("alice", "of-alice", "c".repeat(24))],
    ["whose project is out of bounds", () => fetchAs("bounded", "of-bounded")],
    ["whose organization is out of bounds", () => fetchAs("elsewhere", "of-elsewhere")],
  ])("%s: the same 404 for all", async (_who, asking) => {
    expect(await refusalOf(await asking())).toEqual([404, absent]);
  });

  it.each<[string, () => Promise<Response>, number]>([
    ["no token", () => ask({}, { groupId, username: "of-alice" }), 401],
    ["a wrong token", () => ask(bearer("atlas_mcp_x"), { groupId, username: "of-alice" }), 401],
    ["an expired token", () => fetchAs("expired", "of-alice"), 401],
    ["a token without the right", () => fetchAs("host", "of-alice"), 403],
  ])("with %s", async (_what, asking, status) => {
    const response = await asking();
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer /);
    expect((await refusalOf(response))[0]).toBe(status);
  });

  it("with a token for another audience", async () => {
    const token = await issuer.token({ aud: `${audience}/x`, scope: "atlas:credentials" });
    expect((await ask(bearer(token), {})).status).toBe(401);
  });

  it("another caller after a rotation, and not even who created the user", async () => {
    await create("alice", "rotated");
    const args = { groupId, username: "rotated", rotatePassword: true };
    await callTool(server.url, "2026", "update_database_user", args, tokenOf("bob"));
    expect((await fetchAs("alice", "rotated")).status).toBe(404);
    expect(await (await fetchAs("bob", "rotated")).json()).toMatchObject({
      variables: passwords.read(groupId, "rotated"),
    });
  });

  it("as long as one takes to tell that a user is not there", async () => {
    const shortest = async (asking: () => Promise<Response>) => {
      const all: number[] = [];
      for (let count = 0; count < 7; count += 1) {
        const begin = performance.now();
        await (await asking()).text();
        all.push(performance.now() - begin);
      }
      return Math.min(...all);
    };
    const [another, none] = [
      await shortest(() => fetchAs("bob", "of-alice")),
      await shortest(() => fetchAs("bob", "nobody")),
    ];
    for (const one of [another, none]) expect(one).toBeGreaterThan(45);
    expect(Math.abs(another - none)).toBeLessThan(25);
  });
});

describe("a request", () => {
  it.each<[unknown, RegExp]>([
    ["", /empty/],
    ["{", /not valid JSON/],
    [[], /^The body must be an object with groupId and username$/],
    [{}, /^groupId is required; username is required$/],
    [{ groupId: "x", username: "" }, /^groupId must be 24 .*; username must not be empty$/],
    [{ groupId: "a".repeat(24), username: 5 }, /^username must be a string$/],
    [{ groupId: "a".repeat(24), username: "a\nb" }, /^username must not have control characters/],
    [{ groupId: "a".repeat(24), username: "\ud800" }, /unpaired surrogates/],
    [{ groupId: "a".repeat(24), username: ".." }, /must not be/],
    [{ groupId: "a".repeat(24), username: "a", owner: "token:bob" }, /^owner is not known here/],
  ])("with the body %j is refused with all problems", async (body, says) => {
    const [status, error] = await refusalOf(await ask(tokenOf("alice"), body));
    expect([status, error]).toEqual([400, expect.stringMatching(says)]);
  });

  it("with thousands of members is answered in short, without control characters", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 9000 }, (_, index) => [`a\nb\u001b${index}`, 1]),
    );
    const [status, error] = await refusalOf(await ask(tokenOf("alice"), many));
    expect(status).toBe(400);
    expect(error).not.toMatch(/\p{Cc}/u);
    expect(error.length).toBeLessThan(10_000);
  });

  it("that is nested deeper than any stack is refused like any other", async () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    for (const body of [deep, `{"groupId":${deep},"username":"a"}`, `{"x":${deep}}`])
      expect((await refusalOf(await ask(tokenOf("alice"), body)))[0]).toBe(400);
  });

  it.each(["GET", "PUT", "DELETE", "PATCH"])("with %s is refused", async (method) => {
    const url = server.at(`/credentials?groupId=${groupId}&username=of-alice`);
    const response = await fetch(url, { method, headers: tokenOf("alice") });
    expect(response.headers.get("allow")).toBe("POST");
    expect((await refusalOf(response))[0]).toBe(405);
  });

  it("with HEAD says nothing", async () => {
    const url = server.at("/credentials");
    const response = await fetch(url, { method: "HEAD", headers: tokenOf("alice") });
    expect([response.status, await response.text()]).toEqual([405, ""]);
  });

  it("that is too long or of another type is refused, with or without the right", async () => {
    for (const name of ["alice", "host"] as const) {
      const long = await ask(tokenOf(name), `"${"x".repeat(256 * 1024)}"`);
      expect((await refusalOf(long))[0]).toBe(413);
      const typed = await ask({ ...tokenOf(name), "content-type": "text/plain" }, {});
      expect((await refusalOf(typed))[0]).toBe(415);
    }
  });

  it("of another host or a web page is refused", async () => {
    const body = JSON.stringify({ groupId, username: "of-alice" });
    for (const more of [{ host: "evil.example" }, { origin: "https://evil.example" }]) {
      const headers = { ...json, ...tokenOf("alice"), ...more };
      const { status, text } = await send(server.at("/credentials"), "POST", headers, body);
      expect([status, Object.keys(JSON.parse(text))]).toEqual([403, ["error"]]);
    }
  });
});

describe("the record", () => {
  it("has a line of each fetch and of each refusal, without what was given", async () => {
    const before = audit.lines().length;
    await fetchAs("alice", "of-alice");
    await fetchAs("bob", "of-alice");
    await fetchAs("bob", "nobody");
    await fetchAs("host", "of-alice");
    await ask(tokenOf("host"), "{");
    const lines = audit.lines().slice(before);
    const about = lines.map(({ kind, principal, resource, result }) => [
      kind,
      principal,
      resource,
      result.status,
      result.code,
    ]);
    const of = (name: string) => ({ kind: "databaseUser", name, groupId });
    expect(about).toEqual([
      ["fetched", "token:alice", of("of-alice"), "ok", undefined],
      ["denied", "token:bob", of("of-alice"), "error", "not_found"],
      ["denied", "token:bob", of("nobody"), "error", "not_found"],
      ["denied", "token:host", of("of-alice"), "error", "policy_denied"],
      ["denied", "token:host", { kind: "databaseUser", name: "" }, "error", "policy_denied"],
    ]);
    const { MONGODB_PASSWORD = "" } = passwords.read(groupId, "of-alice");
    const verified = await run(["audit", "verify", audit.path]);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining("intact")]);
    for (const text of [audit.text(), server.stderr(), verified.stdout])
      expect(text).not.toContain(MONGODB_PASSWORD);
    const said = server.stderr();
    expect(said).toMatch(
      /"principal":"token:alice","groupId":"\w+","username":"of-alice".*"credentials fetched"/,
    );
    expect(said).toMatch(/"principal":"token:bob".*"username":"nobody".*"credentials denied"/);
    expect(said).toMatch(/"principal":"token:host".*"credentials denied"/);
  });

  it("that cannot be written stops the fetch", async () => {
    const lost = auditFile();
    rmSync(dirname(lost.path), { recursive: true });
    mkdirSync(dirname(lost.path));
    const other = await serveHttp(["--tokens", file.path], {
      ...env(),
      ATLAS_MCP_AUDIT: lost.path,
    });
    rmSync(dirname(lost.path), { recursive: true });
    const body = { groupId, username: "of-alice" };
    const response = await ask(tokenOf("alice"), body, {}, other.at("/credentials"));
    const [status, error] = await refusalOf(response);
    expect([status, error]).toEqual([503, expect.stringContaining("at the moment")]);
    expect(other.stderr()).toContain("audit not written");
    await other.end();
  });
});

describe("the server", () => {
  it("counts the responses, and shows nothing of them in the metrics", async () => {
    const text = await (await fetch(server.at("/metrics"), { headers: tokenOf("alice") })).text();
    expect(text).toMatch(/atlas_mcp_http_responses_total\{status="405"\} [1-9]/);
    expect(text).not.toContain("of-alice");
  });

  it("advertises the scope in its metadata, and asks no host for it", async () => {
    const metadata: any = await (
      await fetch(server.at("/.well-known/oauth-protected-resource/mcp"))
    ).json();
    expect(metadata.scopes_supported).toEqual(["atlas:read", "atlas:write", "atlas:credentials"]);
    const refused = await post(server.url, modern("tools/list"));
    expect(refused.headers.get("www-authenticate")).toContain('scope="atlas:read atlas:write"');
  });

  it("gives nothing through its tools", async () => {
    const answer = await (await post(server.url, modern("tools/list"), tokenOf("alice"))).text();
    expect(answer).not.toContain("/credentials");
  });

  it("limits the rate of each caller over both paths", async () => {
    const other = await serveHttp(["--tokens", file.path, "--rate-limit", "12"], env());
    const at = other.at("/credentials");
    const body = { groupId, username: "of-alice" };
    await (await post(other.url, modern("tools/list"), tokenOf("alice"))).text();
    expect((await ask(tokenOf("alice"), body, {}, at)).status).toBe(200);
    const limited = await ask(tokenOf("alice"), body, {}, at);
    expect(limited.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await refusalOf(limited))[0]).toBe(429);
    expect((await ask(tokenOf("bob"), { ...body, username: "of-bob" }, {}, at)).status).toBe(200);
    await other.end();
  });

  it.runIf(process.getuid?.() !== undefined)(
    "says that it cannot where the file cannot be trusted, and the log says why",
    async () => {
      await create("alice", "open-to-all");
      chmodSync(passwords.pathOf(groupId, "open-to-all"), 0o644);
      expect((await refusalOf(await fetchAs("alice", "open-to-all")))[0]).toBe(503);
      expect(server.stderr()).toContain("chmod 600");
    },
  );
});

it("tells where nobody knows whether Atlas has the password", async () => {
  await create("alice", "unclear");
  await sandbox.script("updateGroupDatabaseUser", "reset", 5);
  const args = { groupId, username: "unclear", rotatePassword: true };
  await callTool(server.url, "2026", "update_database_user", args, tokenOf("alice"));
  const variables = passwords.read(groupId, "unclear");
  const body = await (await fetchAs("alice", "unclear")).json();
  expect(body).toEqual({ groupId, username: "unclear", variables, unclear: true });
});

it("is refused once the server ends, while calls that are under way are answered", async () => {
  const other = await serveHttp(["--tokens", file.path], env());
  const args = { name: "slow", orgId: sandbox.orgId };
  await sandbox.script("createGroup", "delay:3000");
  const creates = async () =>
    (await sandbox.state()).requests.filter(({ operation }) => operation === "createGroup").length;
  const before = await creates();
  const call = callTool(other.url, "2026", "create_project", args, tokenOf("alice"));
  await until(async () => (await creates()) > before, "the create");
  const ended = other.end();
  await until(async () => (await fetch(other.at("/readyz"))).status === 503, "the drain");
  const body = { groupId, username: "of-alice" };
  const refused = await ask(tokenOf("alice"), body, {}, other.at("/credentials"));
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await refusalOf(refused))[0]).toBe(503);
  expect((await call).result.structuredContent).toMatchObject({ outcome: "created" });
  await ended;
});

describe("the path is one like any other", () => {
  const statusAt = async (args: string[], more: Record<string, string>) => {
    const other = await serveHttp(args, { ...sandbox.env, ...more });
    const body = { groupId, username: "of-alice" };
    const ofPath = (path: string) => ask(tokenOf("alice"), body, {}, other.at(path));
    const [own, unknown] = [await ofPath("/credentials"), await ofPath("/unknown")];
    expect(own.status).toBe(404);
    expect(await own.text()).toBe(await unknown.text());
    const metadata = await fetch(other.at("/.well-known/oauth-protected-resource"));
    expect(await metadata.text()).not.toContain("atlas:credentials");
    await other.end();
  };

  it("without authentication", () => statusAt([], passwords.env));
  it("without a folder", () =>
    statusAt(["--tokens", file.path], { ...issuerEnv(issuer), ATLAS_MCP_CREDENTIALS_DIR: "" }));
});
