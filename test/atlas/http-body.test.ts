import { describe, expect, it } from "vitest";
import type { Attempt } from "../../src/atlas/http.ts";
import { openFakeAtlas, openHttp } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";

/** What one POST to such a server ends with. */
const attemptAt = async (respond: Responder): Promise<Attempt> => {
  const { url } = await openFakeAtlas(respond);
  const request = { method: "POST", url, headers: {}, body: "{}" };
  return openHttp().send(request, new AbortController().signal);
};

describe("the body of an answer", () => {
  it.each(["", " \r\n"])("that is %j is empty", async (text) => {
    const attempt = await attemptAt((_seen, response) => json(response, 200, text));
    expect(attempt).toMatchObject({ response: { json: undefined, empty: true } });
  });

  it("has no unpaired surrogates, which some hosts cannot read, and keeps pairs", async () => {
    const text = '{"name": "a\\ud83d", "value": "\\ud83d\\ude00"}';
    const attempt = await attemptAt((_seen, response) => json(response, 200, text));
    expect(attempt).toMatchObject({ response: { json: { name: "a\ufffd", value: "😀" } } });
  });

  it("that is no JSON is not empty", async () => {
    const attempt = await attemptAt((_seen, response) => json(response, 200, "busy"));
    expect(attempt).toMatchObject({ response: { json: undefined, empty: false } });
  });

  it("is read up to 8 MiB, and no further", async () => {
    const answer = (bytes: number) =>
      attemptAt((_seen, response) => json(response, 200, `"${"x".repeat(bytes - 2)}"`));
    expect(await answer(8 * 1024 * 1024)).toHaveProperty("response");
    expect(await answer(8 * 1024 * 1024 + 1)).toMatchObject({
      error: { code: "RESPONSE_TOO_LONG", sent: true },
    });
  });

  it.each([200, 400])("with %i that never ends is given up", async (status) => {
    const attempt = await attemptAt((_seen, response) => {
      response.writeHead(status);
      const more = () => {
        while (response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
      return true;
    });
    expect(attempt).toMatchObject({ error: { code: "RESPONSE_TOO_LONG" } });
  });

  it.each([
    [100, { json: expect.anything() }],
    [101, { json: undefined, empty: false }],
    [100_000, { json: undefined, empty: false }],
  ])("that is nested %i levels deep is bounded", async (levels, response) => {
    const deep = `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(await attemptAt((_seen, answer) => json(answer, 200, deep))).toMatchObject({ response });
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
});
