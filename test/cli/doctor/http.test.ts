import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { json, startFakeAtlas } from "../../support/fake-atlas.ts";
import { startOverHttp } from "../../support/in-process.ts";
import { run } from "../../support/program.ts";
import { tokenFile } from "../../support/token-file.ts";

type Check = { check: string; result: string; says: string; fix?: string };

/** Runs `doctor http --json`: its exit code and its findings by name. */
const examine = async (args: string[], env: Record<string, string> = {}) => {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const { code, stdout, stderr } = await run(["doctor", "http", "--json", ...port, ...args], env);
  expect(stderr).toBe("");
  const checks: Check[] = JSON.parse(stdout).checks;
  return { code, checks, of: (name: string) => checks.find(({ check }) => check === name) };
};

const tokens = (...entries: object[]): string => {
  const file = tokenFile(...entries);
  onTestFinished(file.remove);
  return file.path;
};

const entry = (name: string, digit: string, more: object = {}) => ({
  name,
  sha256: digit.repeat(64),
  ...more,
});
const past = { expiresAt: "2020-01-01T00:00:00Z" };

/** An issuer with these metadata and keys. */
const startIssuer = async (
  change: object = {},
  keys: object = { keys: [{ kty: "RSA", n: "AQAB", e: "AQAB" }] },
): Promise<string> => {
  const issuer = await startFakeAtlas((seen, response) =>
    seen.path === "/keys"
      ? json(response, 200, keys)
      : json(response, 200, {
          issuer: issuer.url,
          jwks_uri: `${issuer.url}/keys`,
          ...change,
        }),
  );
  onTestFinished(() => issuer.close());
  return issuer.url;
};

const startNobody = async (): Promise<string> => {
  const gone = await startFakeAtlas(() => undefined);
  await gone.close();
  return gone.url;
};

describe("doctor http", () => {
  it("looks whether the port of the metrics is free", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    expect((await examine(["--metrics-port", "0"])).of("metrics")).toMatchObject({ result: "ok" });
    const { code, of } = await examine(["--metrics-port", String(port)]);
    expect({ code, metrics: of("metrics") }).toMatchObject({
      code: 1,
      metrics: {
        result: "failed",
        says: `port ${port} is in use; --metrics-port 0 takes a free one`,
      },
    });
  });

  it("knows a running server of this program, and its metrics", async () => {
    const server = await startOverHttp({ args: ["--metrics-port", "0"] });
    onTestFinished(() => server.end());
    const [port, metricsPort] = [server.url, server.metricsUrl ?? ""].map(
      (url) => new URL(url).port,
    );
    const ports = ["--port", `${port}`, "--metrics-port", `${metricsPort}`];
    const { code, of } = await examine(ports);
    expect(code).toBe(0);
    expect(of("address")).toEqual({
      check: "address",
      result: "warning",
      says: `a server of this program runs on 127.0.0.1 port ${port} (ready)`,
      fix: expect.stringContaining("another --port"),
    });
    expect(of("metrics")).toMatchObject({
      result: "warning",
      says: expect.stringContaining(`metrics on 127.0.0.1 port ${metricsPort}`),
    });
    // The other way round, neither answers what it is asked for.
    const swapped = await examine(["--port", `${metricsPort}`, "--metrics-port", `${port}`]);
    expect(swapped.of("address")).toMatchObject({ result: "failed" });
  });

  it.each([
    ["says nothing", undefined],
    ["is another program", { status: "UP" }],
  ])("fails where a server on the port %s", async (_what, answer) => {
    const other = await startFakeAtlas((_seen, response) => {
      return answer === undefined || json(response, 200, answer);
    });
    onTestFinished(() => other.close());
    const { port } = new URL(other.url);
    const { code, of } = await examine(["--port", port]);
    expect(code).toBe(1);
    expect(of("address")?.says).toBe(`port ${port} is in use; --port 0 takes a free one`);
  });

  it("says of each part that it is well, and ends with 0", async () => {
    const path = tokens(entry("ci", "a"), entry("alice", "b"));
    const issuer = await startIssuer();
    const args = ["--tokens", path, "--issuer", issuer, "--audience", "me"];
    const { code, checks, of } = await examine(args, { ATLAS_MCP_SECRET: "0123456789abcdef" });
    expect(checks.filter(({ result }) => result !== "ok")).toEqual([]);
    expect(code).toBe(0);
    expect(of("address")?.says).toBe("127.0.0.1, a free port");
    expect(of("tokens")?.says).toBe(`${path}: 2 tokens`);
    expect(of("issuer")?.says).toBe(`${issuer}: its metadata and keys can be read`);
    expect(of("secret")?.says).toBe("ATLAS_MCP_SECRET is set");
  });

  it("knows the tools of callers that are elsewhere", async () => {
    const { of } = await examine([], { ATLAS_MCP_CREDENTIALS_DIR: "" });
    expect(of("tools")?.says).toMatch(
      /; off: create_database_user, create_ephemeral_cluster, get_ephemeral_cluster: passwords need a folder/,
    );
    expect(of("passwords")).toBeUndefined();
  });

  it("says who is let in without tokens, and warns that the secret is missing", async () => {
    const { code, of } = await examine([]);
    expect(code).toBe(0);
    expect(of("callers")).toMatchObject({
      result: "ok",
      says: expect.stringContaining("this machine"),
    });
    expect(of("secret")).toMatchObject({
      result: "warning",
      fix: expect.stringContaining("ATLAS_MCP_SECRET"),
    });
  });

  it("warns of tokens that have expired, by name", async () => {
    const some = tokens(entry("ci", "a", past), entry("alice", "b"));
    expect((await examine(["--tokens", some])).of("tokens")).toMatchObject({
      result: "warning",
      says: `${some}: 2 tokens, 1 of them expired: ci`,
    });
    const all = tokens(entry("ci", "a", past));
    expect((await examine(["--tokens", all])).of("tokens")).toMatchObject({
      result: "warning",
      says: `${all}: 1 token, all of them expired`,
    });
    const none = tokens();
    expect((await examine(["--tokens", none])).of("tokens")).toMatchObject({
      result: "warning",
      says: `${none}: 0 tokens, so none is let in`,
    });
  });
});

describe("doctor http is not ready, as http would not start,", () => {
  it.each<[what: string, args: () => string[], check: string, says: RegExp]>([
    [
      "with a token file that is not there",
      () => ["--tokens", "/nowhere"],
      "tokens",
      /^--tokens: \/nowhere does not exist \(ENOENT\)$/,
    ],
    ["with a token file that is a folder", () => ["--tokens", "/"], "tokens", /is a folder, not/],
    [
      "with a token file that is not valid",
      () => ["--tokens", tokens({ name: "ci" })],
      "tokens",
      /entry 1 \(ci\), sha256/,
    ],
    ["open to others", () => ["--host", "0.0.0.0"], "address", /use --tokens or --issuer/],
    [
      "open to others, without a backend",
      () => ["--host", "0.0.0.0", "--tokens", tokens(entry("ci", "a"))],
      "address",
      /--backend/,
    ],
    ["on an address of others", () => ["--host", "a b"], "address", /not a host name/],
    [
      "with an issuer that lacks an audience",
      () => ["--issuer", "https://127.0.0.1:1"],
      "address",
      /--audience/,
    ],
  ])("%s", async (_what, args, check, says) => {
    const given = args();
    const { code, of } = await examine(given);
    expect(code).toBe(1);
    expect(of(check)).toMatchObject({ result: "failed", says: expect.stringMatching(says) });
  });

  it("and only of a token file that was read it shows the form", async () => {
    const fixFor = async (path: string) => (await examine(["--tokens", path])).of("tokens")?.fix;
    expect(await fixFor("/nowhere")).toMatch(/^Name a file /);
    expect(await fixFor(tokens({ name: "ci" }))).toMatch(/^The file is {"tokens": /);
  });

  it("on a port that is taken", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void blocker.close());
    const address = blocker.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, of } = await examine(["--port", String(port)]);
    expect([code, of("address")?.says]).toEqual([1, expect.stringContaining("is in use")]);
  });

  it("frees the port that it has tried", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const address = blocker.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    await new Promise((resolve) => blocker.close(resolve));
    for (const _ of [1, 2]) expect((await examine(["--port", port])).code).toBe(0);
  });
});

describe("doctor http says of an issuer", () => {
  it.each<[what: string, issuer: () => Promise<string>, says: RegExp]>([
    ["that nobody answers for it", startNobody, /ECONNREFUSED/],
    [
      "that its metadata are another's",
      () => startIssuer({ issuer: "https://other.example.com" }),
      /has no metadata of this issuer/,
    ],
    ["that it has no keys", () => startIssuer({}, { keys: [] }), /has no keys/],
    ["that its keys are none", () => startIssuer({}, { keys: "none" }), /keys of http/],
  ])("%s", async (_what, issuer, says) => {
    const { code, of } = await examine(["--issuer", await issuer(), "--audience", "me"]);
    expect(code).toBe(1);
    expect(of("issuer")).toMatchObject({
      result: "failed",
      says: expect.stringMatching(says),
      fix: expect.stringContaining("--issuer"),
    });
  });
});

describe("what the doctor writes", () => {
  const mistaken = { ATLAS_MCP_FOO: "1" };

  it.each([[], ["http", "--port", "0"]])(
    "is a report alone, without a log (%s)",
    async (...args) => {
      const { code, stdout, stderr } = await run(["doctor", ...args], mistaken);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("ATLAS_MCP_FOO is not a setting of this server");
    },
  );

  it("is a log as well for those who ask for one", async () => {
    const { stderr } = await run(["doctor", "--log-level", "warn"], mistaken);
    expect(JSON.parse(stderr)).toMatchObject({ level: 40 });
  });

  it("is a sentence for the tools", async () => {
    const { stderr } = await run(["tools"], mistaken);
    expect(stderr).toBe("atlas-provision-mcp: ATLAS_MCP_FOO is not a setting of this server\n");
  });
});
