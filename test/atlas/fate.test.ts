import { describe, expect, it } from "vitest";
import { type Attempt, fateOf } from "../../src/atlas/http.ts";
import { toAtlasResponse } from "../../src/atlas/http-response.ts";
import { openFakeAtlas, openHttp } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { createFakeClock } from "../support/fake-clock.ts";

/** What one request to such a server ends with. */
const attemptAt = async (respond: Responder, method = "POST"): Promise<Attempt> => {
  const { url } = await openFakeAtlas(respond);
  return openHttp().send(
    { method, url, headers: {}, ...(method === "POST" ? { body: "{}" } : {}) },
    new AbortController().signal,
  );
};

const cutShort =
  (status: number): Responder =>
  (_seen, response) => {
    response.writeHead(status, { "content-length": "100" });
    response.write("{");
    response.socket?.end();
    return true;
  };

describe("an answer that is cut short", () => {
  it.each([400, 499])("is a refusal where its status is %i", async (status) => {
    expect(await attemptAt(cutShort(status))).toMatchObject({
      response: { status, json: undefined, empty: true },
    });
  });

  it.each([201, 399, 500])("leaves all open where its status is %i", async (status) => {
    expect(await attemptAt(cutShort(status))).toMatchObject({ error: { sent: true } });
  });
});

describe("the body of an answer", () => {
  it.each(["", " \r\n"])("that is %j is empty", async (text) => {
    const attempt = await attemptAt((_seen, response) => json(response, 200, text));
    expect(attempt).toMatchObject({ response: { json: undefined, empty: true } });
  });

  it("that is no JSON is not empty", async () => {
    const attempt = await attemptAt((_seen, response) => json(response, 200, "busy"));
    expect(attempt).toMatchObject({ response: { json: undefined, empty: false } });
  });

  it("may be missing where a DELETE has succeeded", async () => {
    const attempt = await attemptAt((_seen, response) => json(response, 204, ""), "DELETE");
    expect(fateOf(attempt, "DELETE")).toBe("accepted");
  });
});

describe("a header", () => {
  it("that comes twice is one list", async () => {
    const attempt = await attemptAt((_seen, response) => {
      response.setHeader("www-authenticate", ["Digest a", "Digest b"]);
      return json(response, 401, "");
    });
    expect(attempt).toMatchObject({
      response: { headers: { "www-authenticate": "Digest a, Digest b" } },
    });
  });

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
