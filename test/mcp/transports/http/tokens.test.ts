import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  callTool,
  eras,
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

const secretLine = /atlas_mcp_[A-Za-z0-9_-]{43}/;

describe("atlas-provision-mcp token", () => {
  it("prints a token and an entry that holds its hash and not the token", async () => {
    const { code, stdout } = await run(["token", "ci"]);
    const { token, entry } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(token).toMatch(secretLine);
    expect(entry).toEqual({ name: "ci", sha256: createHash("sha256").update(token).digest("hex") });
  });

  it("never prints the same token twice", async () => {
    expect((await mint("ci")).token).not.toBe((await mint("ci")).token);
  });

  it.each([
    ["no name", []],
    ["two names", ["a", "b"]],
    ["a name with a space", ["a b"]],
    ["an empty name", [""]],
    ["a name of 65 letters", ["a".repeat(65)]],
  ])("refuses %s with 2", async (_what, words) => {
    const { code, stdout } = await run(["token", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

describe("a server with a token file", () => {
  let server: HttpServed;
  let file: TokenFile;
  let full: Minted;
  let reader: Minted;
  let gone: Minted;
  let bound: Minted;
  beforeAll(async () => {
    [full, reader] = await Promise.all([mint("full"), mint("reader")]);
    [gone, bound] = await Promise.all([mint("gone"), mint("bound")]);
    file = tokenFile(
      full.entry,
      { ...reader.entry, readOnly: true },
      { ...bound.entry, noDelete: true, organizations: ["b".repeat(24)] },
      { ...gone.entry, expiresAt: "2026-01-01T00:00:00Z" },
    );
    server = await serveHttp(["--tokens", file.path], { ATLAS_MCP_LOG_LEVEL: "debug" });
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    file.remove();
  });

  const list = modern("tools/list");
  const namesFor = async ({ token }: Minted): Promise<string[]> => {
    const { result } = await answerOf(await post(server.url, list, bearer(token)));
    return result.tools.map((tool: { name: string }) => tool.name);
  };

  it("lets in who has a token", async () => {
    expect(await namesFor(full)).toContain("create_project");
  });

  it.each(eras)(
    "shows and gives a read-only caller only what reads, in the era of %s",
    async (era) => {
      expect(await namesFor(reader)).not.toContain("create_project");
      const args = { name: "shop", orgId: "a".repeat(24) };
      const { error } = await callTool(
        server.url,
        era,
        "create_project",
        args,
        bearer(reader.token),
      );
      expect(error.code).toBe(-32602);
    },
  );

  it("keeps a caller within the rules of its entry", async () => {
    const args = { name: "shop", orgId: "a".repeat(24) };
    const refused = await callTool(server.url, "2026", "create_project", args, bearer(bound.token));
    expect(refused.result.structuredContent).toMatchObject({
      status: "error",
      error: { code: "policy_denied", outcome: "not_created" },
    });
    const names = await namesFor(bound);
    expect(names).toContain("create_project");
    expect(names.filter((name) => name.startsWith("delete_"))).toEqual([]);
    expect((await namesFor(full)).filter((name) => name.startsWith("delete_"))).not.toEqual([]);
  });

  it("says that its lists are private", async () => {
    const { result } = await answerOf(await post(server.url, list, bearer(full.token)));
    expect(result.cacheScope).toBe("private");
  });

  const strangers: [what: string, headers: () => Record<string, string>][] = [
    ["no token", () => ({})],
    ["a token that nobody minted", () => bearer(`atlas_mcp_${"A".repeat(43)}`)],
    ["the hash of a token", () => bearer(full.entry.sha256)],
    ["a token and more", () => bearer(`${full.token}x`)],
    ["a token that has expired", () => bearer(gone.token)],
    ["two tokens", () => ({ authorization: `Bearer ${full.token}, Bearer ${full.token}` })],
    ["a token as a password", () => ({ authorization: `Basic ${btoa(`a:${full.token}`)}` })],
    ["a token in another header", () => ({ "x-api-key": full.token })],
  ];

  it.each(strangers)("answers %s with 401 and a challenge", async (_what, headers) => {
    const response = await post(server.url, list, headers());
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
  });

  it.each(["access_token", "token"])(
    "does not look for a token in the query as %s",
    async (name) => {
      expect((await post(`${server.url}?${name}=${full.token}`, list)).status).toBe(401);
    },
  );

  it("does not read the body of a stranger", async () => {
    const response = await post(server.url, { ...list, body: "{" });
    expect(response.status).toBe(401);
  });

  it("hides another one's session as if it were not there", async () => {
    const session = await openSession(server.url, bearer(full.token));
    const asked = ({ token }: Minted, id: string) =>
      post(server.url, legacy(id, "tools/list"), bearer(token));
    expect((await asked(full, session)).status).toBe(200);
    const [other, none] = await Promise.all([asked(reader, session), asked(reader, "none")]);
    expect([other.status, await other.text()]).toEqual([none.status, await none.text()]);
  });

  it("has written no token into its log", () => {
    expect(server.stderr()).toContain('"code":"invalid_token"');
    for (const { token } of [full, reader, gone]) expect(server.stderr()).not.toContain(token);
    expect(server.stderr()).not.toMatch(secretLine);
  });
});
