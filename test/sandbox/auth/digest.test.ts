import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Harness, latestVersion, send, start, type TestResponse } from "../harness.ts";

const run = promisify(execFile);
const target = "/api/atlas/v2/orgs";

type Attempt = { nonce: string; nc?: string; algorithm?: "MD5" | "SHA-256"; password?: string };

const get = (harness: Harness, headers: Record<string, string> = {}): Promise<TestResponse> =>
  send(`${harness.base}${target}`, { headers: { Accept: latestVersion, ...headers } });

const challengeOf = (response: TestResponse): string =>
  response.headers.get("www-authenticate") ?? "";

const freshNonce = async (harness: Harness): Promise<string> =>
  /nonce="([^"]+)"/.exec(challengeOf(await get(harness)))?.[1] ?? "";

const attempt = async (harness: Harness, details: Attempt): Promise<TestResponse> =>
  get(harness, { Authorization: authorize(harness, details) });

const authorize = ({ sandbox }: Harness, attempt: Attempt): string => {
  const { nonce, nc = "00000001", algorithm = "MD5" } = attempt;
  const hash = (text: string): string =>
    createHash(algorithm === "MD5" ? "md5" : "sha256")
      .update(text)
      .digest("hex");
  const password = attempt.password ?? sandbox.privateKey;
  const secret = hash(`${sandbox.publicKey}:MMS Public API:${password}`);
  const response = hash(`${secret}:${nonce}:${nc}:abc:auth:${hash(`GET:${target}`)}`);
  return `Digest username="${sandbox.publicKey}", realm="MMS Public API", nonce="${nonce}", uri="${target}", algorithm=${algorithm}, response="${response}", qop=auth, nc=${nc}, cnonce="abc"`;
};

test("a request without credentials gets the recorded challenge, with MD5 alone", async () => {
  const response = await get(await start());
  expect(response.status).toBe(401);
  expect(challengeOf(response)).toMatch(
    /^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false$/,
  );
});

test("the body of the challenge is the recorded one, to the byte", async () => {
  const response = await get(await start());
  expect(response.text).toBe(
    '{\n  "error" : 401,\n  "reason" : "Unauthorized",\n  "detail" : "You are not authorized for this resource.",\n  "errorCode" : "UNEXPECTED_ERROR"\n}',
  );
  expect(response.headers.get("content-length")).toBe("142");
  expect(response.headers.get("x-error-code")).toBeNull();
});

test("curl --digest creates a project", async () => {
  const { sandbox, base } = await start();
  const { stdout } = await run("curl", [
    "--silent",
    "--digest",
    "--user",
    `${sandbox.publicKey}:${sandbox.privateKey}`,
    "--header",
    `Accept: ${latestVersion}`,
    "--header",
    "Content-Type: application/json",
    "--data",
    JSON.stringify({ name: "by-curl", orgId: sandbox.orgId }),
    "--write-out",
    "\n%{http_code}",
    `${base}/api/atlas/v2/groups`,
  ]);
  expect(stdout).toMatch(/"name":"by-curl".*\n201$/s);
});

test("curl --digest signs the query too", async () => {
  const { sandbox, base } = await start();
  const user = `${sandbox.publicKey}:${sandbox.privateKey}`;
  const url = `${base}${target}?pageNum=1&itemsPerPage=5`;
  const { stdout } = await run("curl", [
    "-s",
    "--digest",
    "-u",
    user,
    "-H",
    `Accept: ${latestVersion}`,
    url,
  ]);
  expect(stdout).toContain('"totalCount":1');
});

test.each([
  ["MD5", 200],
  ["SHA-256", 401],
] as const)("a right response with %s gets %i", async (algorithm, status) => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  expect((await attempt(harness, { nonce, algorithm })).status).toBe(status);
});

test("a wrong private key is challenged again, and not as stale", async () => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  const response = await attempt(harness, { nonce, password: "wrong" });
  expect(response.status).toBe(401);
  expect(challengeOf(response)).toContain("stale=false");
});

test("a nonce serves many requests with a rising count", async () => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  expect((await attempt(harness, { nonce, nc: "00000001" })).status).toBe(200);
  expect((await attempt(harness, { nonce, nc: "00000002" })).status).toBe(200);
});

test("counts may arrive out of order", async () => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  expect((await attempt(harness, { nonce, nc: "00000003" })).status).toBe(200);
  expect((await attempt(harness, { nonce, nc: "00000002" })).status).toBe(200);
});

test("a replayed count is refused", async () => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  await attempt(harness, { nonce });
  expect((await attempt(harness, { nonce })).status).toBe(401);
});

test("a nonce past its lifetime is stale, so that the client may sign again", async () => {
  const harness = await start({ nonceLifetimeMs: 1000 });
  const nonce = await freshNonce(harness);
  harness.pass(1000);
  const response = await attempt(harness, { nonce });
  expect(response.status).toBe(401);
  expect(challengeOf(response)).toContain("stale=true");
});

test("a nonce that the sandbox never gave is stale where the key is right", async () => {
  const harness = await start();
  const response = await attempt(harness, { nonce: "invented" });
  expect(challengeOf(response)).toContain("stale=true");
});

test("a signature for another path is worth nothing", async () => {
  const harness = await start();
  const nonce = await freshNonce(harness);
  const Authorization = authorize(harness, { nonce });
  const response = await send(`${harness.base}/api/atlas/v2/groups`, {
    headers: { Accept: latestVersion, Authorization },
  });
  expect(response.status).toBe(401);
});

test("other schemes are challenged", async () => {
  const harness = await start();
  expect((await get(harness, { Authorization: "Basic YTpi" })).status).toBe(401);
});
