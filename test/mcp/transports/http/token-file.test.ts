import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../../../support/http.ts";
import { run } from "../../../support/program.ts";
import {
  bearer,
  type Minted,
  mint,
  type TokenFile,
  tokenFile,
} from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";

const sha256 = "a".repeat(64);
const good = { name: "ci", sha256 };

const bad: [what: string, content: unknown, says: RegExp][] = [
  ["text that is no JSON", "{", /the file is not JSON: line 1: a } is missing$/m],
  ["nothing", "", /the file is not JSON: line 1: the file is empty$/m],
  [
    "an end too early",
    '{\n"tokens": [\n{"name": "ci"\n',
    /the file is not JSON: line 4: a } is missing$/m,
  ],
  ["a comment", '{\n// mine\n"tokens": []}', /not JSON: line 2: it must not have comments$/m],
  ["a comma too many", '{"tokens": [],}', /not JSON: line 1: a name in double quotes is missing$/m],
  ["a list", [good], /the file: must be an object with tokens$/m],
  ["no tokens", {}, /: tokens: is required$/m],
  ["tokens by name", { tokens: { ci: good } }, /: tokens: must be an array$/m],
  [
    "tokens that are text",
    { tokens: ["atlas_mcp_x"] },
    /entry 1: must be an object with name and sha256$/m,
  ],
  [
    "a member that nobody knows",
    { tokens: [], token: [] },
    /the file: "token" is not known here; did you mean tokens\?$/m,
  ],
  ["an entry without a name", { tokens: [{ sha256 }] }, /entry 1, name: /],
  ["a name with a space", { tokens: [{ ...good, name: "a b" }] }, /entry 1 \(a b\), name: must be/],
  ["an entry without a hash", { tokens: [good, { name: "b" }] }, /entry 2 \(b\), sha256: /],
  [
    "a token instead of its hash",
    { tokens: [{ ...good, sha256: "atlas_mcp_x" }] },
    /entry 1 \(ci\), sha256: must be 64/,
  ],
  ["a hash in capitals", { tokens: [{ ...good, sha256: "A".repeat(64) }] }, /sha256: must be 64/],
  ["a flag that is text", { tokens: [{ ...good, readOnly: "yes" }] }, /entry 1 \(ci\), readOnly: /],
  [
    "a right that is text",
    { tokens: [{ ...good, credentials: "yes" }] },
    /entry 1 \(ci\), credentials: must be true or false$/m,
  ],
  [
    "a right that is misspelt",
    { tokens: [{ ...good, credential: true }] },
    /entry 1 \(ci\): "credential" is not known here; did you mean credentials\?$/m,
  ],
  [
    "a flag that is misspelt",
    { tokens: [{ ...good, readonly: true }] },
    /entry 1 \(ci\): "readonly" is not known here; did you mean readOnly\?$/m,
  ],
  [
    "an organization that is none",
    { tokens: [{ ...good, organizations: ["x"] }] },
    /entry 1 \(ci\), organizations\[0\]: must be 24/,
  ],
  [
    "a rule that is misspelt",
    { tokens: [{ ...good, regons: [] }] },
    /entry 1 \(ci\): "regons" is not known here; did you mean regions\?$/m,
  ],
  [
    "a rule inside that nobody knows",
    { tokens: [{ ...good, limits: { clusters: 1 } }] },
    /entry 1 \(ci\), limits: "clusters" is not known here; allowed are /,
  ],
  [
    "a member with a line break",
    { tokens: [{ ...good, "a\nb": 1 }] },
    /entry 1 \(ci\): "a b" is not known here; /,
  ],
  [
    "a region of AWS's spelling",
    { tokens: [{ ...good, regions: ["US_EAST_1", "us-east-1"] }] },
    /entry 1 \(ci\), regions\[1\]: must be Atlas's name of a region; did you mean US_EAST_1\?$/m,
  ],
  [
    "a time that is a number",
    { tokens: [{ ...good, expiresAt: 5 }] },
    /entry 1 \(ci\), expiresAt: must be /,
  ],
  [
    "a time that is none",
    { tokens: [{ ...good, expiresAt: "soon" }] },
    /entry 1 \(ci\), expiresAt: must be a time/,
  ],
  [
    "one name twice",
    { tokens: [good, { ...good, sha256: "b".repeat(64) }] },
    /entry 2 \(ci\), name: entry 1 has the same/,
  ],
  [
    "one hash twice",
    { tokens: [good, { ...good, name: "b" }] },
    /entry 2 \(b\), sha256: entry 1 has the same/,
  ],
];

describe("a token file stops the start", () => {
  it.each(bad)("with %s, and the line says where", async (_what, content, says) => {
    const file = tokenFile();
    file.write(content);
    try {
      const { code, stderr } = await run(["http", "--port", "0", "--tokens", file.path]);
      expect(code).toBe(2);
      expect(stderr.startsWith(`atlas-provision-mcp: --tokens: ${file.path}: `)).toBe(true);
      expect(stderr).toMatch(/^[^\n]+\n$/);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/Invalid input|Unrecognized|expected/i);
    } finally {
      file.remove();
    }
  });
});

it.each([
  ["--tokens", (path: string) => [["--tokens", path], {}] as const],
  ["ATLAS_MCP_TOKENS", (path: string) => [[], { ATLAS_MCP_TOKENS: path }] as const],
])("a token file that %s names and that is not there is told as its", async (from, name) => {
  const [args, env] = name("/nowhere");
  const { code, stderr } = await run(["http", "--port", "0", ...args], env);
  expect([code, stderr]).toEqual([
    2,
    `atlas-provision-mcp: ${from}: /nowhere does not exist (ENOENT)\n`,
  ]);
});

it("a token file may begin with a byte order mark", async () => {
  const file = tokenFile();
  file.write(`\ufeff${JSON.stringify({ tokens: [good] })}`);
  const server = await serveHttp(["--tokens", file.path]);
  expect((await post(server.url, modern("tools/list"))).status).toBe(401);
  await server.end("SIGTERM");
  file.remove();
});

describe("a token file that changes", () => {
  let server: HttpServed;
  let file: TokenFile;
  let first: Minted;
  let second: Minted;
  beforeEach(async () => {
    [first, second] = await Promise.all([mint("first"), mint("second")]);
    file = tokenFile(first.entry);
    server = await serveHttp(["--tokens", file.path]);
  });
  afterEach(async () => {
    await server.end("SIGTERM");
    file.remove();
  });

  const statusOf = async ({ token }: Minted) =>
    (await post(server.url, modern("tools/list"), bearer(token))).status;

  it("is read again without being told", async () => {
    const taken = async () => {
      // The watch begins a moment after the start, and misses what was written before.
      file.write({ tokens: [second.entry] });
      return (await statusOf(second)) === 200;
    };
    await until(taken, "the new token");
    expect(await statusOf(first)).toBe(401);
  });

  it("is read again at once on SIGHUP", async () => {
    file.write({ tokens: [second.entry] });
    server.reload();
    await until(async () => (await statusOf(second)) === 200, "the new token", 900);
  });

  it.each(["{", { tokens: [{ name: "second" }] }])(
    "stays in force where the new one is %j, which the log tells",
    async (content) => {
      file.write(content);
      server.reload();
      await until(() => server.stderr().includes("the previous tokens stay valid"), "the line");
      expect(await statusOf(first)).toBe(200);
    },
  );

  it("ends the sessions of those who have lost a right", async () => {
    const session = await openSession(server.url, bearer(first.token));
    file.write({ tokens: [{ ...first.entry, readOnly: true }] });
    server.reload();
    const list = legacy(session, "tools/list");
    await until(
      async () => (await post(server.url, list, bearer(first.token))).status === 404,
      "the end of the session",
    );
    expect(await statusOf(first)).toBe(200);
  });
});
