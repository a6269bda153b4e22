import { Server } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createAuthentication } from "../../../../src/mcp/transports/http/authentication.ts";
import { operator } from "../../../../src/policy/caller.ts";
import {
  answerOf,
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../../../support/http.ts";
import { bearer, mint, tokenFile } from "../../../support/token-file.ts";
import { until, within } from "../../../support/until.ts";
import { issuerEnv, startIssuer } from "./issuer.ts";
import { hostOwn } from "./own-host.ts";

type Host = Awaited<ReturnType<typeof hostOwn>>;
const hosts: Host[] = [];
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.drain())));

/** A server with a list that takes as long as the test says. A token is the name of its caller, and a number. */
const start = async () => {
  const ended = new Set<string>();
  const waiting: (() => void)[] = [];
  const authentication = createAuthentication({
    verifiers: [
      async (token) =>
        ended.has(token)
          ? { refused: "invalid_token", why: "The token has expired" }
          : {
              caller: { ...operator, id: token.split(".")[0] ?? "" },
              isValid: () => !ended.has(token),
            },
    ],
    scopes: undefined,
    resourceOf: () => "",
    onRefused: () => {},
  });
  const factory = () => {
    const server = new Server({ name: "a", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(
      "tools/list",
      () => new Promise<{ tools: [] }>((resolve) => waiting.push(() => resolve({ tools: [] }))),
    );
    return server;
  };
  const host = await hostOwn(factory, {}, { authentication });
  hosts.push(host);
  const isCalled = (count = 1) => until(() => waiting.length === count, "the call");
  const end = (token: string) => {
    ended.add(token);
    host.checkTokens();
  };
  return { host, waiting, isCalled, end };
};

const listen = (url: string, session: string, token: string) =>
  fetch(url, {
    headers: { ...bearer(token), accept: "text/event-stream", "mcp-session-id": session },
  });

const endOf = (response: Response) => within(3000, response.text(), "the end of the stream");

describe("a token that ends", () => {
  it("ends a stream that listens, and leaves the session to the caller's next token", async () => {
    const { host, waiting, isCalled, end } = await start();
    const session = await openSession(host.url, bearer("alice.1"));
    const stream = await listen(host.url, session, "alice.1");
    end("alice.1");
    expect(await endOf(stream)).not.toContain("data: {");
    expect((await listen(host.url, session, "alice.1")).status).toBe(401);
    const answer = post(host.url, legacy(session, "tools/list"), bearer("alice.2"));
    await isCalled();
    waiting[0]?.();
    expect((await answerOf(await answer)).result).toEqual({ tools: [] });
    expect((await listen(host.url, session, "alice.2")).status).toBe(200);
  });

  it("ends a stream with a response under way", async () => {
    const { host, isCalled, end } = await start();
    const session = await openSession(host.url, bearer("alice.1"));
    const response = await post(host.url, legacy(session, "tools/list"), bearer("alice.1"));
    await isCalled();
    end("alice.1");
    expect(await endOf(response)).not.toContain("result");
  });

  it("ends a response as JSON with an error", async () => {
    const { host, isCalled, end } = await start();
    const session = await openSession(host.url, bearer("alice.1"));
    const accept = { ...bearer("alice.1"), accept: "application/json" };
    const response = post(host.url, legacy(session, "tools/list"), accept);
    await isCalled();
    end("alice.1");
    const { error } = await answerOf(await within(3000, response, "the response"));
    expect(error.message).toContain("before it was answered");
  });

  it("is told as that where there is no response yet", async () => {
    const { host, isCalled, end } = await start();
    const response = post(host.url, modern("tools/list"), bearer("alice.1"));
    await isCalled();
    end("alice.1");
    const { status, headers } = await within(3000, response, "the response");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  it("leaves the responses to other tokens, also of the same caller", async () => {
    const { host, waiting, isCalled, end } = await start();
    const list = modern("tools/list");
    const others = ["alice.2", "bob.1"].map((token) => post(host.url, list, bearer(token)));
    await isCalled(2);
    end("alice.1");
    for (const answer of waiting) answer();
    for (const other of await Promise.all(others)) expect(other.status).toBe(200);
  });
});

const serve = async (...given: Parameters<typeof serveHttp>): Promise<HttpServed> => {
  const server = await serveHttp(...given);
  onTestFinished(() => void server.end());
  return server;
};

describe("the stream of a caller", () => {
  it("ends when its token expires: of the token file", async () => {
    const { token, entry } = await mint("ci");
    const expiresAt = new Date(Date.now() + 4000).toISOString();
    const file = tokenFile({ ...entry, expiresAt });
    onTestFinished(file.remove);
    const server = await serve(["--tokens", file.path]);
    const session = await openSession(server.url, bearer(token));
    const stream = await listen(server.url, session, token);
    expect(stream.status).toBe(200);
    await within(8000, stream.text(), "the end of the stream");
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it("ends when its token expires: of an issuer", async () => {
    const issuer = await startIssuer();
    onTestFinished(issuer.close);
    const server = await serve([], issuerEnv(issuer));
    // The issuer's clock may be five seconds behind.
    const exp = Math.floor(Date.now() / 1000) - 1;
    const token = await issuer.token({ exp });
    const session = await openSession(server.url, bearer(token));
    const stream = await listen(server.url, session, token);
    expect(stream.status).toBe(200);
    await within(8000, stream.text(), "the end of the stream");
    expect(Date.now()).toBeGreaterThanOrEqual((exp + 5) * 1000);
  });

  it.each([
    ["is taken out of the file", () => []],
    ["gets another token in the file", (entry: object) => [{ ...entry, sha256: "0".repeat(64) }]],
    ["gets other rights in the file", (entry: object) => [{ ...entry, readOnly: true }]],
  ])("ends when its caller %s", async (_what, entriesOf) => {
    const { token, entry } = await mint("ci");
    const file = tokenFile(entry);
    onTestFinished(file.remove);
    const server = await serve(["--tokens", file.path]);
    const session = await openSession(server.url, bearer(token));
    const streams = await Promise.all([
      listen(server.url, session, token),
      post(server.url, modern("subscriptions/listen", { notifications: {} }), bearer(token)),
    ]);
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    file.write({ tokens: entriesOf(entry) });
    server.reload();
    await Promise.all(streams.map(endOf));
  });
});
