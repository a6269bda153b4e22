import { describe, expect, it } from "vitest";
import { retryAfterOf, toAtlasResponse } from "../../src/atlas/http-response.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const now = Date.parse("Mon, 23 Nov 2026 10:00:00 GMT");

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["7", 7],
    ["55", 55],
    [" 12 ", 12],
    ["007", 7],
  ])("%j is a number of seconds", (said, seconds) => expect(retryAfterOf(said, now)).toBe(seconds));

  it.each([
    ["Mon, 23 Nov 2026 10:00:30 GMT", 30],
    ["Mon, 23 Nov 2026 10:02:00 GMT", 120],
    ["Tue, 24 Nov 2026 10:00:00 GMT", 86_400],
  ])("%j is a date to wait for", (said, seconds) => expect(retryAfterOf(said, now)).toBe(seconds));

  it("a date that is past asks for no wait", () => {
    expect(retryAfterOf("Mon, 23 Nov 2026 09:59:00 GMT", now)).toBe(0);
  });

  it("a date within the second asks for the whole second", () => {
    expect(retryAfterOf("Mon, 23 Nov 2026 10:00:01 GMT", now + 1)).toBe(1);
  });

  it.each([
    undefined,
    "",
    "   ",
    "-5",
    "+5",
    "1.5",
    "1e3",
    "0x10",
    "7 seconds",
    "7, 7",
    "soon",
    "tomorrow",
    "2026-11-23",
    "2026-11-23T10:00:30Z",
    "Mon, 99 Nov 2026 99:99:99 GMT",
    "Mon, 23 Xyz 2026 10:00:30 GMT",
    "NaN",
    "Infinity",
  ])("%j says nothing", (said) => expect(retryAfterOf(said, now)).toBeUndefined());
});

describe("the encoding of an answer", () => {
  const encodingOf = (encoding: string) => {
    const headers = { "content-encoding": encoding };
    const received = { status: 200, headers, json: undefined, empty: false };
    return toAtlasResponse(received, createFakeClock({ now })).encoding;
  };

  it.each(["identity", "Identity", "", " "])("%j is none", (encoding) => {
    expect(encodingOf(encoding)).toBeUndefined();
  });

  it("is quoted safely", () => {
    expect(encodingOf("gzip")).toBe("gzip");
    expect(encodingOf(`a\u202e${"b".repeat(99)}`)).toMatch(/^a b{38}…$/);
  });
});

describe("an answer", () => {
  const clock = createFakeClock({ now });
  const reply = (headers: Record<string, string>) => ({
    status: 401,
    headers,
    json: undefined,
    empty: true,
  });

  it("has a challenge where Atlas asks for Digest", () => {
    const headers = { "www-authenticate": 'Digest realm="MMS Public API", nonce="x"' };
    expect(toAtlasResponse(reply(headers), clock).challenge).toContain("nonce");
  });

  it("has none where a proxy asks for something else", () => {
    const headers = { "www-authenticate": 'Basic realm="proxy"' };
    expect(toAtlasResponse(reply(headers), clock)).not.toHaveProperty("challenge");
  });

  it("has the wait of its header", () => {
    expect(toAtlasResponse(reply({ "retry-after": "9" }), clock).retryAfterSeconds).toBe(9);
  });

  it("has no wait where the header is malformed", () => {
    expect(toAtlasResponse(reply({ "retry-after": "soon" }), clock)).not.toHaveProperty(
      "retryAfterSeconds",
    );
  });
});

describe("a header", () => {
  it.each(["x-request-id", "x-envoy-request-id"])("%s names the request", (name) => {
    const reply = { status: 500, headers: { [name]: "r-1" }, json: undefined, empty: true };
    expect(toAtlasResponse(reply, createFakeClock()).requestId).toBe("r-1");
  });

  it("that names no request leaves it out", () => {
    const reply = { status: 500, headers: {}, json: { a: 1 }, empty: false };
    const answer = toAtlasResponse(reply, createFakeClock());
    expect(answer).toEqual({ status: 500, body: { a: 1 } });
  });
});
