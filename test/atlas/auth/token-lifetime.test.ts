import { describe, expect, it } from "vitest";
import { json } from "../../support/fake-atlas.ts";
import { grant, startTokens } from "./tokens.ts";

const minute = 60_000;

describe("a lifetime of a token", () => {
  it.each([
    "-5",
    "0",
    "0.001",
    "null",
    '"3600"',
    '"soon"',
    "1e400",
    "-1e400",
    "1e18",
    "[60]",
    "{}",
  ])("of %s is taken for an hour", async (lifetime) => {
    const { header, clock, counts } = await startTokens({
      token: (response, count) =>
        json(response, 200, `{"access_token":"token-${count}","expires_in":${lifetime}}`),
    });
    expect(await header()).toBe("Bearer token-1");
    clock.pass(49 * minute);
    expect(await header()).toBe("Bearer token-1");
    clock.pass(2 * minute);
    expect(await header()).toBe("Bearer token-2");
    expect(counts.tokens).toBe(2);
  });

  it('of "120" is two minutes, though it is a text', async () => {
    const { header, clock } = await startTokens({
      token: (response, count) =>
        json(response, 200, { access_token: `token-${count}`, expires_in: "120" }),
    });
    await header();
    clock.pass(119_000);
    expect(await header()).toBe("Bearer token-2");
  });

  it("that is missing is an hour", async () => {
    const { header, clock } = await startTokens({
      token: (response, count) =>
        count === 1 ? json(response, 200, { access_token: "a" }) : grant(response, "b"),
    });
    await header();
    clock.pass(49 * minute);
    expect(await header()).toBe("Bearer a");
  });
});
