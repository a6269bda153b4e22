import { describe, expect, it } from "vitest";
import {
  type Challenge,
  digestHeader,
  strongestChallenge,
} from "../../../src/atlas/auth/api-key.ts";
import * as requests from "../../../src/atlas/requests.ts";
import { failureOf, openFakeAtlas } from "../../support/atlas.ts";
import { json } from "../../support/fake-atlas.ts";
import { deadlineOf } from "../../support/fake-clock.ts";
import { answered, openApiKey, startGuard, startKeyed } from "./keyed.ts";

const rfc7616: Omit<Challenge, "algorithm"> = {
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  qop: true,
  stale: false,
};
const rfc2617: Challenge = {
  realm: "testrealm@host.com",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  opaque: "5ccc069c403ebaf9f0171e9517f40e41",
  algorithm: "MD5",
  qop: true,
  stale: false,
};
const get = { method: "GET", uri: "/dir/index.html" };
const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const mufasa = (password: string) => ({ name: "Mufasa", password });
const ours = (challenge: Challenge, password: string, count = 1, chosen = cnonce) =>
  answered(digestHeader(challenge, get, mufasa(password), count, chosen));

describe("the vectors", () => {
  it.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ] as const)("of RFC 7616, 3.9.1, with %s", (algorithm, response) => {
    expect(ours({ ...rfc7616, algorithm }, "Circle of Life")).toEqual({
      username: "Mufasa",
      realm: rfc7616.realm,
      uri: get.uri,
      algorithm,
      nonce: rfc7616.nonce,
      nc: "00000001",
      cnonce,
      qop: "auth",
      response,
      opaque: rfc7616.opaque,
    });
  });

  it("of RFC 2617, 3.5", () => {
    const { response } = ours(rfc2617, "Circle Of Life", 1, "0a4f113b");
    expect(response).toBe("6629fae49393a05397450978507c4ef1");
  });

  it("of RFC 2069 as corrected by erratum 749, for a challenge without qop", () => {
    const proof = ours({ ...rfc2617, qop: false }, "CircleOfLife");
    expect(proof.response).toBe("1949323746fe6a43ef61f9606e7febea");
    expect(Object.keys(proof)).not.toContain("nc");
    expect(Object.keys(proof)).not.toContain("qop");
  });

  it("write the count as eight hexadecimal digits", () => {
    expect(ours({ ...rfc7616, algorithm: "MD5" }, "x", 0xabc).nc).toBe("00000abc");
  });
});

const md5 = 'Digest realm="r", nonce="n1", algorithm=MD5, qop="auth", stale=false';
const sha256 = 'Digest realm="r", nonce="n2", algorithm=SHA-256, qop="auth"';
const recorded =
  'Digest realm="MMS Public API", domain="", nonce="abc123=", algorithm=MD5, qop="auth", stale=false';

describe("a WWW-Authenticate header", () => {
  it.each<[what: string, header: string, expected: Partial<Challenge>]>([
    [
      "Atlas's challenge as recorded",
      recorded,
      { realm: "MMS Public API", nonce: "abc123=", algorithm: "MD5", qop: true, stale: false },
    ],
    ["MD5 and SHA-256", `${md5}, ${sha256}`, { algorithm: "SHA-256", nonce: "n2" }],
    ["SHA-256 and MD5", `${sha256}, ${md5}`, { algorithm: "SHA-256", nonce: "n2" }],
    ["Basic before Digest", `Basic realm="b", ${md5}`, { nonce: "n1", realm: "r" }],
    ["Basic after Digest", `${md5}, Basic realm="b"`, { nonce: "n1", realm: "r" }],
    ["Negotiate before Digest", `Negotiate, ${md5}`, { nonce: "n1" }],
    [
      "an unknown algorithm before MD5",
      `Digest realm="r", nonce="n0", algorithm=SHA-512-256, qop="auth", ${md5}`,
      { nonce: "n1", algorithm: "MD5" },
    ],
    [
      "auth-int only before auth",
      `Digest realm="r", nonce="n0", algorithm=SHA-256, qop="auth-int", ${md5}`,
      { nonce: "n1" },
    ],
    ["no algorithm", 'Digest realm="r", nonce="n", qop="auth"', { algorithm: "MD5" }],
    ["no qop", 'Digest realm="r", nonce="n"', { qop: false }],
    ["auth among others", 'Digest realm="r", nonce="n", qop="auth-int, auth"', { qop: true }],
    ["stale", 'Digest realm="r", nonce="n", qop="auth", stale=TRUE', { stale: true }],
    ["quoted stale", 'Digest realm="r", nonce="n", qop="auth", stale="true"', { stale: true }],
    ["names in capitals", 'DIGEST Realm="r", NONCE="n", QOP=auth', { realm: "r", nonce: "n" }],
    ["spaces around =", 'Digest realm = "r" , nonce = "n"', { realm: "r", nonce: "n" }],
    ["quoted pairs", String.raw`Digest realm="a \"b\" \\c", nonce="n"`, { realm: 'a "b" \\c' }],
    ["a comma in quotes", 'Digest realm="a, b=c", nonce="n"', { realm: "a, b=c", nonce: "n" }],
    [
      "the word Digest in quotes",
      'Digest realm="see, Digest docs", nonce="n"',
      { realm: "see, Digest docs", nonce: "n" },
    ],
    ["opaque", 'Digest realm="r", nonce="n", opaque="o=="', { opaque: "o==" }],
  ])("with %s is understood", (_what, header, expected) => {
    expect(strongestChallenge(header)).toMatchObject(expected);
  });

  it.each([
    undefined,
    "",
    "Bearer",
    'Basic realm="b"',
    'Bearer realm="Digest nonce=x"',
    'Digest realm="r", qop="auth"',
    'Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth"',
    'Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth"',
    'Digest realm="r", nonce="n", qop="auth-int"',
  ])("%j holds nothing that can be answered", (header) => {
    expect(strongestChallenge(header)).toBeUndefined();
  });

  it("has its quoted pairs written back as they came", () => {
    const challenge = strongestChallenge(String.raw`Digest realm="a \"b\" \\c", nonce="n"`);
    const header = challenge && digestHeader(challenge, get, mufasa("x"), 1, "c");
    expect(header).toContain(String.raw`realm="a \"b\" \\c"`);
  });
});

const nonceOf = (nonce: string, more = "") =>
  `Digest realm="r", nonce="${nonce}", algorithm=SHA-256, qop="auth"${more}`;

describe("one nonce", () => {
  it("serves all calls that follow, each with the next count and its own cnonce", async () => {
    const { read, proofs } = await startGuard((_seen, count) =>
      count === 1 ? nonceOf("a") : undefined,
    );
    for (let call = 0; call < 4; call += 1) await read();
    const [bare, ...others] = proofs();
    expect(bare).toEqual({});
    expect(others.map(({ nonce, nc }) => `${nonce} ${nc}`)).toEqual(
      [1, 2, 3, 4].map((count) => `a 0000000${count}`),
    );
    expect(new Set(others.map((one) => one.cnonce)).size).toBe(4);
  });

  it.each([
    ["stale", ", stale=true"],
    ["no longer taken, though not called stale", ""],
  ])("that is %s gives way to the next, at the price of one request", async (_what, more) => {
    const { read, proofs } = await startGuard((seen, count) => {
      if (count === 1) return nonceOf("a");
      return count > 2 && answered(seen.headers.authorization).nonce === "a"
        ? nonceOf("b", more)
        : undefined;
    });
    for (let call = 0; call < 3; call += 1) await read();
    expect(proofs().map(({ nonce, nc }) => nonce && `${nonce} ${nc}`)).toEqual([
      undefined,
      "a 00000001",
      "a 00000002",
      "b 00000001",
      "b 00000002",
    ]);
  });

  it("serves 16 calls at once on the sandbox: none is repeated, no count is used twice", async () => {
    const { read, proofs } = await startKeyed();
    await read();
    const before = proofs().length;
    await Promise.all(Array.from({ length: 16 }, () => read()));
    const sent = proofs().slice(before);
    expect(sent).toHaveLength(16);
    expect(new Set(sent.map((one) => one.nonce)).size).toBe(1);
    expect(new Set(sent.map((one) => one.nc)).size).toBe(16);
  });

  it("serves 16 calls at once also where the first of them had to fetch it", async () => {
    const { read, proofs } = await startKeyed();
    await Promise.all(Array.from({ length: 16 }, () => read()));
    const proven = proofs().filter((one) => one.nonce !== undefined);
    expect(proofs().length).toBeLessThanOrEqual(32);
    expect(proven).toHaveLength(16);
    expect(new Set(proven.map((one) => `${one.nonce} ${one.nc}`)).size).toBe(16);
  });

  it("that goes stale under 16 calls at once costs each at most one more request", async () => {
    let now = Date.now();
    const { read, proofs } = await startKeyed({ clock: () => now, nonceLifetimeMs: 1000 });
    await read();
    now += 2000;
    const before = proofs().length;
    await Promise.all(Array.from({ length: 16 }, () => read()));
    const sent = proofs().slice(before);
    expect(sent.length).toBeLessThanOrEqual(32);
    expect(new Set(sent.map((one) => `${one.nonce} ${one.nc}`)).size).toBe(sent.length);
  });

  it("covers a path with a query to the letter", async () => {
    const { atlas, clock, sandbox } = await startKeyed();
    const query = { orgId: sandbox.orgId, name: "R&D é+1", pageNum: 1 };
    expect(await atlas.read(requests.listGroups(query), deadlineOf(clock))).toMatchObject({
      totalCount: 0,
    });
  });

  it("is fetched for a create, too, which is no repeat: the challenge did nothing", async () => {
    const { atlas, clock, sandbox, wires } = await startKeyed();
    const request = requests.createGroup({ name: "shop", orgId: sandbox.orgId });
    const sent = await atlas.send(request, deadlineOf(clock));
    expect(sent).toMatchObject({ fate: "accepted", value: { name: "shop" } });
    expect(wires).toHaveLength(2);
  });
});

describe("keys that are wrong", () => {
  it.each([
    ["a wrong private key", { privateKey: "00000000-0000-0000-0000-000000000000" }],
    ["a wrong public key", { publicKey: "nobodyat" }],
  ])("%s is unauthenticated after two requests, each time anew", async (_what, key) => {
    const { read, wires } = await startKeyed({}, key);
    for (const most of [2, 4]) {
      expect((await failureOf(read())).code).toBe("unauthenticated");
      expect(wires.length).toBeLessThanOrEqual(most);
    }
  });

  it("the private key is on no wire", async () => {
    const { read, wires } = await startKeyed({}, { privateKey: "very-private-key" });
    await failureOf(read());
    expect(wires).toHaveLength(2);
    expect(JSON.stringify(wires)).not.toContain("very-private-key");
  });

  it.each([
    [
      'Digest realm="r", nonce="n", qop="auth-int"',
      /asks for a login.* cannot answer \(HTTP 401\)/,
    ],
    ['Digest realm="r", nonce="n", algorithm=SHA-512-256', /asks for a login.* cannot answer/],
    ["Bearer", /asks for a login.* cannot answer/],
    ["", /asks for no login that this server knows/],
  ])(
    "a 401 with the challenge '%s' ends the call before the key is sent",
    async (challenge, says) => {
      const { read, wires } = await startGuard(() => challenge);
      const failed = await failureOf(read());
      expect(failed).toMatchObject({ code: "unauthenticated", retry: "after_fix" });
      expect(failed).not.toHaveProperty("atlas");
      expect(failed.message).toMatch(says);
      expect(failed.message).toMatch(/not sent.*MONGODB_ATLAS_BASE_URL/);
      expect(wires).toHaveLength(1);
    },
  );

  it("an error body of 401 is not a judgement of a key that was not sent", async () => {
    const error = { error: 401, errorCode: "USER_UNAUTHORIZED" };
    const { url } = await openFakeAtlas((_seen, response) => json(response, 401, error));
    const { read, wires } = openApiKey(url, { publicKey: "abcdefgh", privateKey: "1-2-3" });
    expect((await failureOf(read())).message).toContain("not sent");
    expect(wires).toHaveLength(1);
  });

  it("a server that calls every nonce stale ends the call, too", async () => {
    const { read, wires } = await startGuard((_seen, count) => nonceOf(`${count}`, ", stale=true"));
    expect((await failureOf(read())).code).toBe("unauthenticated");
    expect(wires.length).toBeLessThanOrEqual(3);
  });
});
