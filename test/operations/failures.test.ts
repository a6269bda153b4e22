import { describe, expect, it } from "vitest";
import { waitedTooLong } from "../../src/operations/failures.ts";

const lookUp = { suggest: "look_up_cluster" as const };
const repeat = { suggest: "repeat", with: { ifExists: "return" }, why: expect.stringMatching(/./) };
const creation = { noun: 'flex cluster "shop"', lookUp };

describe("a call that waited for another one until its time was over", () => {
  it("knows nothing of an equal one", () => {
    const told = waitedTooLong("create", creation, true);
    expect(told).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    });
    expect(told.message).toMatch(/^An identical call is creating flex cluster "shop"/);
  });

  it("has sent nothing itself", () => {
    const told = waitedTooLong("create", creation, false);
    expect(told).toMatchObject({
      code: "unavailable",
      outcome: "not_created",
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    });
    expect(told.message).toMatch(
      /^Another call that must finish first .*Nothing was sent.* flex cluster "shop"/,
    );
  });
});
