import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { endpointOf, readRemote } from "../../../src/cli/credentials/remote.ts";
import { AtlasToolError } from "../../../src/common/failure.ts";
import { secret } from "../../../src/common/secret.ts";
import { recordSecret } from "../../support/output-record.ts";
import { run } from "../../support/program.ts";
import { type StoredUser, storeUser } from "../../support/stored-user.ts";

const token = "atlas_mcp_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
const password = "remotePasswordOf32Characters0123";
const uri = `mongodb+srv://app:${password}@c-0.abcdefg.mongodb.net/`;
for (const one of [token, password]) recordSecret(one);

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
type Answer = (seen: Seen, response: ServerResponse) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that answers as it is told, and what it has seen. */
const serve = async (answer: Answer) => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (_seen, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof value === "string" ? value : JSON.stringify(value));
  };

/** What a server answers that has the user. */
const given = ({ groupId, username }: StoredUser, more: object = {}) => ({
  groupId,
  username,
  variables: { MONGODB_USERNAME: username, MONGODB_PASSWORD: password, MONGODB_URI: uri },
  ...more,
});

const prepare = async (username?: string) => {
  const user = await storeUser(username);
  const file = join(user.home, "token");
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return { user, file, out: join(user.app, ".env") };
};

type Prepared = Awaited<ReturnType<typeof prepare>>;

const write = ({ user, file, out }: Prepared, url: string, env: Record<string, string> = {}) =>
  run(["env", ...user.args, "--server", url, "--token-file", file, "--out", out], {
    ...user.env,
    ...env,
  });

const refused = async (prepared: Prepared, url: string, says: RegExp, wanted = 1) => {
  const { code, stdout, stderr } = await write(prepared, url);
  expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect([code, stdout, existsSync(prepared.out)]).toEqual([wanted, "", false]);
  for (const one of [token, password]) expect(stderr).not.toContain(one);
};

describe("env with a server", () => {
  it("takes no user for the address of a sandbox", async () => {
    const prepared = await prepare("a.invalid");
    const answer = given(prepared.user);
    const MONGODB_URI = uri.replace("app:", "a.invalid:");
    const { url } = await serve(
      json(200, { ...answer, variables: { ...answer.variables, MONGODB_URI } }),
    );
    expect(await write(prepared, url)).toMatchObject({ code: 0, stderr: "" });
  });

  it("says where the address is that of a sandbox", async () => {
    const prepared = await prepare();
    const MONGODB_URI = `mongodb+srv://app:${password}@c-0.abcdefg.mongodb.invalid/?appName=a`;
    const answer = given(prepared.user);
    const variables = { ...answer.variables, MONGODB_URI };
    const { url } = await serve(json(200, { ...answer, variables }));
    const { code, stderr } = await write(prepared, url);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^atlas-provision-mcp: This is the sandbox: no database[^\n]+\n$/);
  });

  it.each(["", "/", "/mcp", "/mcp/"])("asks %s/credentials for the user, once", async (path) => {
    const prepared = await prepare("it's me");
    const { url, seen } = await serve(json(200, given(prepared.user)));
    const { code, stdout, stderr } = await write(prepared, `${url}${path}`);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^MONGODB_URI and MONGODB_PASSWORD are in /);
    const { groupId, username } = prepared.user;
    expect(seen.map(({ method, url: at }) => `${method} ${at}`)).toEqual(["POST /credentials"]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ groupId, username });
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    });
    const variables = { MONGODB_PASSWORD: password, MONGODB_URI: uri };
    expect(parseEnv(readFileSync(prepared.out, "utf8"))).toEqual(variables);
  });

  it("asks nothing where the file could not be written", async () => {
    const prepared = await prepare();
    const { url, seen } = await serve(json(200, given(prepared.user)));
    writeFileSync(prepared.out, "PORT=1\n");
    expect((await write(prepared, url)).code).toBe(1);
    expect(seen).toEqual([]);
  });

  it("says that the password is in doubt, and that no address is known", async () => {
    const prepared = await prepare();
    const variables = { MONGODB_USERNAME: "app", MONGODB_PASSWORD: password };
    const { url } = await serve(json(200, given(prepared.user, { variables, unclear: true })));
    const { code, stderr } = await write(prepared, url);
    expect(code).toBe(0);
    expect(stderr).toMatch(/has not confirmed this password.*\n.*No MONGODB_URI is known/);
  });

  it.each([
    [401, "no such token", /does not accept the token.*It says: no such token/],
    [403, "not for hosts", /does not give credentials for this token.*It says: not for hosts/],
    [404, "no such user", /has no password of this user for this caller.*no such user/],
    [429, "slowly", /takes no more requests now.*slowly/],
    [500, "broken", /cannot give credentials now \(500\).*broken/],
    [503, "ending", /cannot give credentials now \(503\).*ending/],
    [400, "what?", /cannot give credentials now \(400\).*what\?/],
  ])("tells a %d as what it means, with the server's own words", async (status, error, says) => {
    const prepared = await prepare();
    const { url } = await serve(json(status, { error }));
    await refused(prepared, url, says);
  });

  it.each([
    [401, /does not accept the token in --token-file\.\n$/],
    [429, /takes no more requests now; try again later\.\n$/],
    [503, /cannot give credentials now \(503\)\.\n$/],
  ])("tells a %d also where it is not the server's own", async (status, says) => {
    const prepared = await prepare();
    const { url } = await serve(json(status, "<html>"));
    await refused(prepared, url, says);
  });

  it("shows no token and nothing invisible of what a server says", async () => {
    const prepared = await prepare();
    const error = `bad\n\u001b[2J ${token} \u202e${"x".repeat(5000)}`;
    const { url } = await serve(json(401, { error }));
    await refused(prepared, url, /bad\\u\{a\}\\u\{1b\}\[2J \[redacted\] \\u\{202e\}x+\n$/);
    expect((await write(prepared, url)).stderr.length).toBeLessThan(500);
  });

  it.each([
    [404, "<html>"],
    [404, JSON.stringify({ jsonrpc: "2.0", error: { code: -1 } })],
    [502, "Bad Gateway"],
    [200, "<html>"],
    [200, ""],
  ])("does not take a %d with %s for the answer of such a server", async (status, text) => {
    const prepared = await prepare();
    const { url } = await serve(json(status, text));
    await refused(prepared, url, /in another form|did not answer with the credentials/);
  });

  it("follows no redirect: the token goes to nobody else", async () => {
    const prepared = await prepare();
    const other = await serve(json(200, given(prepared.user)));
    const location = `${other.url}/credentials`;
    const { url } = await serve(json(307, { error: "moved" }, { location }));
    await refused(prepared, url, /redirect \(307\), which is not followed/);
    expect(other.seen).toEqual([]);
  });

  const wrong: [what: string, more: (user: StoredUser) => object][] = [
    ["of another user", () => ({ username: "other" })],
    ["of another project", () => ({ groupId: "f".repeat(24) })],
    ["without variables", () => ({ variables: undefined })],
    ["with a list", () => ({ variables: [password] })],
    ["without a password", () => ({ variables: { MONGODB_USERNAME: "app" } })],
    ["with a number", () => ({ variables: { MONGODB_PASSWORD: 12345678 } })],
    ["with a line break", () => ({ variables: { MONGODB_PASSWORD: `${password}\nX=1` } })],
    [
      "with another name",
      () => ({ variables: { MONGODB_USERNAME: "other", MONGODB_PASSWORD: password } }),
    ],
    [
      "with an address of no text",
      () => ({ variables: { MONGODB_PASSWORD: password, MONGODB_URI: {} } }),
    ],
  ];

  it.each(wrong)("takes no answer %s", async (_what, more) => {
    const prepared = await prepare();
    const { url } = await serve(json(200, given(prepared.user, more(prepared.user))));
    await refused(prepared, url, /did not answer with the credentials of this user/);
  });

  it("takes no variables but the three", async () => {
    const prepared = await prepare();
    const { variables } = given(prepared.user);
    const more = { variables: { ...variables, NODE_OPTIONS: "--require=/tmp/x", PATH: "/tmp" } };
    const { url } = await serve(json(200, given(prepared.user, more)));
    expect((await write(prepared, url)).code).toBe(0);
    expect(readFileSync(prepared.out, "utf8")).not.toMatch(/NODE_OPTIONS|PATH/);
  });

  it("waits for an answer no longer than it says", async () => {
    const { user } = await prepare();
    const { url } = await serve(() => {});
    const remote = { endpoint: endpointOf(url), token: secret(token) };
    const late = await readRemote(user, remote, undefined, 200).catch((error) => error);
    expect(late).toBeInstanceOf(AtlasToolError);
    expect(late.message).toMatch(/did not answer within/);
  });

  it("goes through no proxy to this machine, and says which one cannot be used", async () => {
    const prepared = await prepare();
    const { url } = await serve(json(200, given(prepared.user)));
    const env = { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "nonsense://x" };
    const away = await write(prepared, "https://mcp.invalid/mcp", env);
    expect(away.code).toBe(1);
    expect(away.stderr).toMatch(/HTTPS_PROXY must be an http or https proxy/);
    expect((await write(prepared, url, env)).code).toBe(0);
  });

  it("says where nobody listens", async () => {
    await refused(
      await prepare(),
      "http://127.0.0.1:1",
      /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
    );
  });
});

describe("the address of a server", () => {
  it.each([
    ["https://mcp.example.com", "https://mcp.example.com/credentials"],
    ["https://mcp.example.com/a/mcp/", "https://mcp.example.com/a/credentials"],
    ["https://mcp.example.com/mcpx", "https://mcp.example.com/mcpx/credentials"],
    ["http://localhost:3000/mcp", "http://localhost:3000/credentials"],
    ["http://[::1]:3000", "http://[::1]:3000/credentials"],
  ])("%s has %s", (server, endpoint) => expect(endpointOf(server)).toBe(endpoint));

  it.each([
    ["mcp.example.com", /must be a URL/],
    ["ftp://mcp.example.com", /must be a URL/],
    ["http://mcp.example.com", /must be https/],
    ["http://127.0.0.1.example.com", /must be https/],
    ["https://me:geheim@mcp.example.com", /must not contain credentials/],
    ["https://mcp.example.com/mcp?a=1", /without \? and #/],
  ])("%s is refused", async (server, says) => {
    await refused(await prepare(), server, says, 2);
  });
});

describe("the token file", () => {
  const withFile = async (text: string, mode = 0o600) => {
    const prepared = await prepare();
    writeFileSync(prepared.file, text);
    chmodSync(prepared.file, mode);
    return prepared;
  };

  it.each([
    ["that others can read", `${token}\n`, 0o640, /can be read or written by others.*chmod 600/],
    ["that others can write", `${token}\n`, 0o602, /can be read or written by others/],
    ["that is empty", " \n", 0o600, /the file is empty/],
    ["with two tokens", `${token}\n${token}\n`, 0o600, /one token and nothing else/],
    ["with what `token` prints", JSON.stringify({ token }), 0o600, /the token alone/],
  ])("%s is refused", async (_what, text, mode, says) => {
    await refused(await withFile(text, mode), "http://127.0.0.1:1", says, 2);
  });

  it("has to be there", async () => {
    const prepared = await prepare();
    await refused({ ...prepared, file: "/nowhere/token" }, "http://127.0.0.1:1", /ENOENT/, 2);
  });

  it("may be a link, as a mounted secret is, and have white space around the token", async () => {
    const prepared = await withFile(`\uFEFF  ${token} \r\n`, 0o400);
    const { url, seen } = await serve(json(200, given(prepared.user)));
    const link = join(prepared.user.home, "link");
    symlinkSync(prepared.file, link);
    expect((await write({ ...prepared, file: link }, url)).code).toBe(0);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });
});
