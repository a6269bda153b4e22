import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { notAtlas } from "../../src/atlas/not-atlas.ts";
import { listOrgs } from "../../src/atlas/requests.ts";
import { failureOf, openFakeAtlas } from "../support/atlas.ts";
import { deadlineOf } from "../support/fake-clock.ts";
import { openApiKey } from "./auth/keyed.ts";

describe("an answer that was compressed", () => {
  it("was not asked for, and is told as that", async () => {
    const { url, seen } = await openFakeAtlas((_seen, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync('{"results":[],"totalCount":0}'));
      return true;
    });
    const { atlas, clock } = openApiKey(url, { publicKey: "abcdefgh", privateKey: "1-2-3" });
    const failed = await failureOf(atlas.read(listOrgs(), deadlineOf(clock)));
    expect(failed).toMatchObject({ code: "unavailable", retry: "same_arguments" });
    expect(failed.message).toMatch(/^An answer of HTTP 200 was compressed \(gzip\).*HTTPS_PROXY/);
    expect(failed.message).not.toContain("instead of Atlas");
    expect(seen[0]?.headers["accept-encoding"]).toBe("identity");
  });

  it.each([200, 403, 503])("is told with any status: %s", (status) => {
    const { message } = notAtlas({ status, body: undefined, encoding: "br" }, "No token. ");
    expect(message).toMatch(new RegExp(`^No token\\. An answer of HTTP ${status} .*\\(br\\)`));
  });
});
