import { describe, expect, it } from "vitest";
import { leaksIn } from "./leaks.ts";

const secret = "mdb_sa_sk_0123456789abcdef";

describe("a look for secrets", () => {
  it.each([
    ["by itself", secret],
    ["amid a word", `n${secret}x`],
    ["in a URL", `mongodb+srv://app:${secret}@db.example.invalid`],
    ["twice", `${secret} and ${secret}`],
  ])("finds one %s, and does not repeat it", (_where, text) => {
    const found = leaksIn(text, ["another-secret-of-all", secret]);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain("[secret]");
  });

  it("tells secrets with the same beginning apart", () => {
    const other = "mdb_sa_sk_0123456789ffffff";
    expect(leaksIn(`say ${other}`, [secret, other])).toEqual(["say [secret]"]);
  });

  it("finds an access token that it was not told of", () => {
    const part = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    expect(leaksIn(`Bearer ${part}.${part}.signature-of-it`, [])).toEqual(["Bearer [secret]"]);
  });

  it("finds nothing where nothing is", () => {
    expect(leaksIn("mdb_sa_sk_0123456789 is another one", [secret])).toEqual([]);
  });
});
