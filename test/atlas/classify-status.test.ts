import { describe, expect, it } from "vitest";
import { type AtlasResponse, classify } from "../../src/atlas/classify.ts";
import { answer } from "./responses.ts";

describe("a status without a row", () => {
  it.each<[status: number, code: string, retry: string, says: RegExp]>([
    [400, "invalid_input", "after_fix", /refused the request as invalid/],
    [402, "payment_required", "after_fix", /payment method.*invoice.*person/],
    [403, "forbidden", "after_fix", /credentials are not allowed/],
    [404, "not_found", "after_fix", /no such resource.*cannot see it/],
    [409, "conflict", "after_fix", /conflicts with the current state of a resource/],
    [429, "rate_limited", "after_delay", /limiting the rate/],
    [499, "internal", "never", /does not expect \(HTTP 499\)/],
    [500, "unavailable", "after_delay", /internal problem \(HTTP 500\)/],
  ])("%i is %s, says so, and whether to repeat", (status, code, retry, says) => {
    const told = classify(answer(status, { errorCode: "OF_NO_ROW" }));
    expect(told).toMatchObject({ code, retry });
    expect(told.message).toMatch(says);
  });

  it("a credential that is refused is for whoever runs the server", () => {
    const told = classify(answer(401));
    expect(told).toMatchObject({ code: "unauthenticated", retry: "after_fix", suggestions: [] });
    expect(told.message).toMatch(/credentials.*operator of this server/);
  });

  it("a 401 about permissions says that the credentials are not allowed", () => {
    const told = classify(answer(401, { errorCode: "OF_NO_ROW" }));
    expect(told).toMatchObject({ code: "forbidden", retry: "after_fix" });
    expect(told.message).toMatch(/not allowed/);
  });

  it.each([401, 403])("a %i about permissions leads to the account", (status) => {
    const { suggestions } = classify(answer(status, { errorCode: "OF_NO_ROW" }));
    expect(suggestions).toEqual([{ suggest: "see_account" }]);
  });
});

describe("the argument that a refusal is about", () => {
  it("is named as refused", () => {
    const { fields } = classify(answer(400, { errorCode: "INVALID_REGION" }));
    expect(fields).toEqual([
      { path: "providerSettings.regionName", problem: "was refused by Atlas" },
    ]);
  });

  it("is named as leading nowhere where nothing has the id", () => {
    const { fields } = classify(answer(404, { errorCode: "ORG_NOT_FOUND" }));
    expect(fields).toEqual([{ path: "orgId", problem: "does not exist" }]);
  });

  it("is left open where the row knows none", () => {
    expect(classify(answer(409))).not.toHaveProperty("fields");
  });
});

describe("the wait before a repeat", () => {
  const waitOf = (errorCode: string | undefined, more: Partial<AtlasResponse> = {}) =>
    classify(answer(429, { errorCode }, more)).retryAfterSeconds;

  it("is ten seconds where nobody says how long", () => expect(waitOf("OF_NO_ROW")).toBe(10));

  it("is that of the row where Atlas says nothing", () =>
    expect(waitOf("OUT_OF_CAPACITY")).toBe(600));

  it("is Atlas's before that of the row", () =>
    expect(waitOf("OUT_OF_CAPACITY", { retryAfterSeconds: 5 })).toBe(5));

  it("is in whole seconds, rather longer than too short", () =>
    expect(waitOf("OF_NO_ROW", { retryAfterSeconds: 1.2 })).toBe(2));

  it("is not told where waiting does not help", () => {
    const refused = answer(400, { errorCode: "OF_NO_ROW" }, { retryAfterSeconds: 5 });
    expect(classify(refused)).not.toHaveProperty("retryAfterSeconds");
  });
});

describe("a quotation of Atlas", () => {
  const quoted = (body: unknown, more: Partial<AtlasResponse> = {}) =>
    classify(answer(418, body, more)).atlas;

  it("is cut after its limit, and shows that", () => {
    const [whole, long] = ["d".repeat(500), "d".repeat(501)];
    expect(quoted({ detail: whole })?.detail).toBe(whole);
    expect(quoted({ detail: long })?.detail).toBe(`${whole}…`);
  });

  it("has one space for each run of what is left out, and none around it", () => {
    expect(quoted({ detail: "\u0000one\r\n\u200Btwo\n" })?.detail).toBe("one two");
  });

  it.each([[7], [true], [{}], [""], ["\n"]])("leaves out a text that is %j", (text) => {
    const more = { requestId: "\u200B" };
    const body = { errorCode: text, reason: text, detail: text };
    expect(quoted(body, more)).toEqual({ status: 418 });
  });

  it("has all that Atlas said", () => {
    const body = { errorCode: "A_CODE", reason: "Reason", detail: "Detail." };
    expect(quoted(body, { requestId: "r-1" })).toEqual({ status: 418, ...body, requestId: "r-1" });
  });
});
