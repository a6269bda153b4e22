import type { ServerResponse } from "node:http";
import { queryObjects } from "node:v8";
import { describe, expect, it, onTestFinished } from "vitest";
import { createOAuth } from "../../../../src/mcp/transports/http/oauth.ts";
import { json } from "../../../support/fake-atlas.ts";
import { within } from "../../../support/until.ts";
import { audience, startIssuer } from "./issuer.ts";

/** The check of an issuer's tokens, by a clock that the test moves (milliseconds). */
const start = async () => {
  const issuer = await startIssuer();
  onTestFinished(issuer.close);
  const clock = { now: 0 };
  const problems: string[] = [];
  const verify = createOAuth({
    issuer: issuer.url,
    audience,
    onProblem: (problem) => problems.push(problem),
    now: () => clock.now,
  });
  return { issuer, clock, problems, verify };
};

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const junk = (kid: string) => `${encode({ alg: "RS256", kid })}.${encode({ sub: kid })}.AAAA`;

const broken: [what: string, answer: (response: ServerResponse) => void, problem: RegExp][] = [
  ["an error", (response) => void json(response, 500, "down"), /answers 500/],
  ["no JSON", (response) => void json(response, 200, "<html>"), /is not valid JSON/],
  ["no key set", (response) => void json(response, 200, { keys: {} }), /malformed/],
  ["a broken connection", (response) => void response.destroy(), /other side closed|hang up|ECONN/],
  [
    "a redirect",
    (response) => void response.writeHead(302, { location: "/other" }).end(),
    /redirect/,
  ],
  [
    "a body without end",
    (response) => {
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(16_384)));
      };
      response.writeHead(200, { "content-type": "application/json" }).on("drain", more);
      more();
    },
    /more than 262144 bytes/,
  ],
];

describe("keys that cannot be fetched", () => {
  it.each(broken)(
    "are asked for at most twice a minute, whatever tokens come: %s",
    async (_what, answer, problem) => {
      const { issuer, clock, problems, verify } = await start();
      issuer.keys = answer;
      const good = await issuer.token();
      for (clock.now of [0, 1, 10_000, 29_999, 30_000, 45_000, 59_999])
        for (const token of [good, junk("a"), junk("b")])
          expect(await verify(token)).toHaveProperty("unavailable");
      expect(issuer.asked(/keys/)).toBe(2);
      expect(problems).toHaveLength(2);
      expect(problems[0]).toMatch(problem);
      issuer.keys = undefined;
      clock.now = 90_000;
      expect(await verify(good)).toHaveProperty("caller");
    },
  );

  it("stay those that are known where the issuer has none any more", async () => {
    const { issuer, clock, problems, verify } = await start();
    const good = await issuer.token();
    expect(await verify(good)).toHaveProperty("caller");
    issuer.keys = (response) => void json(response, 200, { keys: [] });
    clock.now = 31_000;
    expect(await verify(junk("new"))).toHaveProperty("unavailable");
    expect(await verify(good)).toHaveProperty("caller");
    expect(problems).toEqual([expect.stringMatching(/has no keys/)]);
  });

  it("are asked for once by many tokens at once", async () => {
    const { issuer, verify } = await start();
    issuer.down = true;
    const tokens = Array.from({ length: 100 }, (_, index) => verify(junk(`${index}`)));
    for (const one of await Promise.all(tokens)) expect(one).toHaveProperty("unavailable");
    expect(issuer.asked(/oauth-authorization-server/)).toBe(1);
  });

  it("are not waited for longer than some seconds", async () => {
    const { issuer, verify } = await start();
    issuer.keys = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(drip));
    };
    // The garbage that queryObjects() collects may have what Node's fetch would end the body with.
    class Nothing {}
    const collect = setInterval(() => queryObjects(Nothing), 500);
    onTestFinished(() => clearInterval(collect));
    expect(await within(8000, verify(junk("a")), "the end")).toHaveProperty("unavailable");
  });

  it("are not missed while those that are known are fresh", async () => {
    const { issuer, clock, verify } = await start();
    const good = await issuer.token();
    expect(await verify(good)).toHaveProperty("caller");
    issuer.down = true;
    clock.now = 31_000;
    // Its key may be a new one.
    expect(await verify(junk("new"))).toHaveProperty("unavailable");
    expect(await verify(good)).toHaveProperty("caller");
    clock.now = 599_000;
    expect(await verify(good)).toHaveProperty("caller");
    clock.now = 660_000;
    expect(await verify(good)).toHaveProperty("unavailable");
  });
});

describe("a flood of tokens", () => {
  it.each([
    ["with unknown keys", (index: number) => junk(`strange-${index}`), 2],
    ["without a header that can be read", (index: number) => `a${index}.b.c`, 0],
    [
      "with another algorithm",
      (index: number) => `${encode({ alg: "HS256", kid: `${index}` })}.e30.AA`,
      0,
    ],
  ])("%s costs no fetch each", async (_what, token, fetches) => {
    const { issuer, clock, verify } = await start();
    for (let index = 0; index < 300; index += 1) {
      clock.now = index * 199;
      expect(await verify(token(index))).toHaveProperty("refused");
    }
    expect(issuer.asked(/keys/)).toBe(fetches);
  });

  it("does not keep a new key from being seen within half a minute", async () => {
    const { issuer, clock, verify } = await start();
    expect(await verify(await issuer.token())).toHaveProperty("caller");
    clock.now = 40_000;
    expect(await verify(junk("strange"))).toHaveProperty("refused");
    await issuer.rotate();
    const rotated = await issuer.token();
    expect(await verify(rotated)).toHaveProperty("refused");
    clock.now = 70_000;
    expect(await verify(rotated)).toHaveProperty("caller");
  });
});

describe("a new key", () => {
  it("is seen at once where nothing was fetched lately", async () => {
    const { issuer, clock, verify } = await start();
    const old = await issuer.token();
    expect(await verify(old)).toHaveProperty("caller");
    await issuer.rotate();
    clock.now = 30_000;
    expect(await verify(await issuer.token())).toHaveProperty("caller");
    expect(await verify(old)).toHaveProperty("refused");
  });
});
