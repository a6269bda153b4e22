import { describe, expect, it } from "vitest";
import { secret } from "../../src/common/secret.ts";
import { canonical, createSigner, type Signer } from "../../src/consent/signer.ts";

const now = 1_000_000;
const statement = ["create_flex_cluster", { name: "db" }, "https://cloud.mongodb.com"];
const credential = secret("credential");
const ours = createSigner(secret("one secret"), credential);
const sealed = ours.sign("token", statement, now + 1000);

/** What another signer says of a signature of ours. */
const judgedBy = (other: Signer, text = sealed) => other.verify("token", statement, text, now);

describe("a seal", () => {
  it("holds for the same statement until it expires, and not from then on", () => {
    expect(ours.verify("token", statement, sealed, now)).toBe("valid");
    expect(ours.verify("token", statement, sealed, now + 999)).toBe("valid");
    expect(ours.verify("token", statement, sealed, now + 1000)).toBe("expired");
  });

  it("holds in another process that shares the secret, whatever its credential", () => {
    expect(judgedBy(createSigner(secret("one secret"), secret("other")))).toBe("valid");
  });

  it("is of another key in a process with another secret, or with none", () => {
    expect(judgedBy(createSigner(secret("another"), credential))).toBe("other_key");
    expect(judgedBy(createSigner(undefined, credential))).toBe("other_key");
  });

  it("holds without a secret in every process with the same credential, and in no other", () => {
    const own = createSigner(undefined, credential).sign("token", statement, now + 1000);
    expect(judgedBy(createSigner(undefined, secret("credential")), own)).toBe("valid");
    expect(judgedBy(createSigner(undefined, secret("another")), own)).toBe("other_key");
    // The credential is not the key, nor is it used as a shared secret is.
    expect(judgedBy(createSigner(credential, credential), own)).toBe("other_key");
  });

  it("is of another key also where it has expired: the time is that other's", () => {
    const other = createSigner(undefined, credential);
    expect(other.verify("token", statement, sealed, now + 5000)).toBe("other_key");
  });

  it.each(statement.map((_, index) => index))(
    "is for something else where part %i is another",
    (index) => {
      const changed = statement.map((one, at) => (at === index ? "else" : one));
      expect(ours.verify("token", changed, sealed, now)).toBe("other_subject");
    },
  );

  it("is good for one purpose only", () => {
    expect(ours.verify("form", statement, sealed, now)).toBe("not_ours");
    const form = ours.sign("form", statement, now + 1000);
    expect(ours.verify("form", statement, form, now)).toBe("valid");
    expect(ours.verify("token", statement, form, now)).toBe("not_ours");
  });

  it("breaks at whatever character is changed, its date among them", () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === "x" ? "y" : "x";
      const forged = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(["not_ours", "other_key"]).toContain(judgedBy(ours, forged));
    }
  });

  it("does not become that of another statement with a part of its seal", () => {
    const other = ours.sign("token", ["else"], now + 1000).split(".");
    const mixed = sealed.split(".").map((part, at) => (at === 2 ? (other[2] ?? "") : part));
    expect(judgedBy(ours, mixed.join("."))).toBe("not_ours");
  });

  it("is short enough for a model to copy", () => {
    expect(sealed.length).toBeLessThanOrEqual(70);
  });

  it.each([
    "",
    ".",
    "...",
    "zzzzzzzz",
    `${sealed}x`,
    `${sealed}.x`,
    sealed.slice(1),
    `0${sealed}`,
    "\u0000.\u0000",
    "1e9.x",
  ])("is not %j", (text) => {
    expect(judgedBy(ours, text)).toBe("not_ours");
  });
});

describe("canonical JSON", () => {
  it("is one for equal values, whatever the order of their members", () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(canonical({ a: 1, b: [{ c: 2, d: 1 }] }));
    expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
  });
});
