import { describe, expect, it } from "vitest";
import { secret } from "../../src/common/secret.ts";
import { canonical, createSigner } from "../../src/consent/signer.ts";

const now = 1_000_000;
const statement = ["create_flex_cluster", { name: "db" }, "https://cloud.mongodb.com"];
const ours = createSigner(secret("one secret"));
const sealed = ours.sign("token", statement, now + 1000);

describe("a seal", () => {
  it("holds for the same statement until it expires, and not from then on", () => {
    expect(ours.verify("token", statement, sealed, now)).toBe(true);
    expect(ours.verify("token", statement, sealed, now + 999)).toBe(true);
    expect(ours.verify("token", statement, sealed, now + 1000)).toBe(false);
  });

  it("holds in another process that shares the secret, and in none that does not", () => {
    expect(createSigner(secret("one secret")).verify("token", statement, sealed, now)).toBe(true);
    expect(createSigner(secret("another")).verify("token", statement, sealed, now)).toBe(false);
    const [one, other] = [createSigner(undefined), createSigner(undefined)];
    expect(other.verify("token", statement, one.sign("token", statement, now + 1000), now)).toBe(
      false,
    );
  });

  it.each(statement.map((_, index) => index))("does not hold where part %i is another", (index) => {
    const changed = statement.map((one, at) => (at === index ? "else" : one));
    expect(ours.verify("token", changed, sealed, now)).toBe(false);
  });

  it("is good for one purpose only", () => {
    expect(ours.verify("form", statement, sealed, now)).toBe(false);
    const form = ours.sign("form", statement, now + 1000);
    expect(ours.verify("form", statement, form, now)).toBe(true);
    expect(ours.verify("token", statement, form, now)).toBe(false);
  });

  it("breaks at whatever character is changed, its date among them", () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === "x" ? "y" : "x";
      const forged = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(ours.verify("token", statement, forged, now)).toBe(false);
    }
  });

  it.each([
    "",
    ".",
    "zzzzzzzz",
    `${sealed}x`,
    sealed.slice(1),
    `0${sealed}`,
    "\u0000.\u0000",
    "1e9.x",
  ])("is not %j", (text) => {
    expect(ours.verify("token", statement, text, now)).toBe(false);
  });
});

describe("canonical JSON", () => {
  it("is one for equal values, whatever the order of their members", () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(canonical({ a: 1, b: [{ c: 2, d: 1 }] }));
    expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
  });
});
