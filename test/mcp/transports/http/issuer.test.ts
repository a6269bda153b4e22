import { describe, expect, it, onTestFinished } from "vitest";
import { createOAuth } from "../../../../src/mcp/transports/http/oauth.ts";
import { type HttpServed, modern, post, serveHttp } from "../../../support/http.ts";
import { bearer, mint, tokenFile } from "../../../support/token-file.ts";
import { audience, type Issuer, issuerEnv, startIssuer } from "./issuer.ts";

const start = async (): Promise<Issuer> => {
  const issuer = await startIssuer();
  onTestFinished(issuer.close);
  return issuer;
};

const serve = async (issuer: Issuer, args: string[] = []): Promise<HttpServed> => {
  const server = await serveHttp(args, issuerEnv(issuer));
  onTestFinished(() => void server.end("SIGTERM"));
  return server;
};

const statusWith = async (server: HttpServed, token: string) =>
  (await post(server.url, modern("tools/list"), bearer(token))).status;

describe("the keys of an issuer", () => {
  it("are not asked for before the first token comes", async () => {
    const issuer = await start();
    const server = await serve(issuer);
    expect((await fetch(server.at("/readyz"))).status).toBe(200);
    expect(issuer.asked(/./)).toBe(0);
  });

  it("are fetched once for many tokens", async () => {
    const issuer = await start();
    const server = await serve(issuer);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token()));
    const statuses = await Promise.all(tokens.map((token) => statusWith(server, token)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect([issuer.asked(/well-known/), issuer.asked(/keys/)]).toEqual([1, 1]);
  });

  it("are not fetched for every token that names a key which is not there", async () => {
    const issuer = await start();
    const server = await serve(issuer);
    expect(await statusWith(server, await issuer.token())).toBe(200);
    const strange = (index: number) => issuer.token({}, { kid: `strange-${index}` });
    const tokens = await Promise.all(Array.from({ length: 20 }, (_one, index) => strange(index)));
    for (const token of tokens) expect(await statusWith(server, token)).toBe(401);
    expect(issuer.asked(/keys/)).toBe(1);
  });

  it("are not fetched for what is no JWT", async () => {
    const issuer = await start();
    const server = await serve(issuer);
    expect(await statusWith(server, "atlas_mcp_nothing")).toBe(401);
    expect(issuer.asked(/./)).toBe(0);
  });

  it("may change: a token of the new key is taken, one of the old key is not", async () => {
    const issuer = await start();
    const verify = createOAuth({
      issuer: issuer.url,
      audience,
      onProblem: () => {},
      pauseMs: 0,
    });
    const old = await issuer.token();
    expect(await verify(old)).toHaveProperty("caller");
    await issuer.rotate();
    expect(await verify(await issuer.token())).toHaveProperty("caller");
    expect(await verify(old)).toHaveProperty("refused");
  });

  it("that cannot be had make an answer that is no refusal of the token: 503", async () => {
    const issuer = await start();
    const server = await serve(issuer);
    issuer.down = true;
    const response = await post(server.url, modern("tools/list"), bearer(await issuer.token()));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(server.stderr()).toContain("issuer not reached");
  });
});

describe("an issuer and a token file", () => {
  it("let in the callers of both", async () => {
    const [issuer, { token, entry }] = await Promise.all([start(), mint("ci")]);
    const file = tokenFile(entry);
    onTestFinished(file.remove);
    const server = await serve(issuer, ["--tokens", file.path]);
    expect(await statusWith(server, token)).toBe(200);
    expect(await statusWith(server, await issuer.token())).toBe(200);
    expect(await statusWith(server, `${token}x`)).toBe(401);
  });
});
