import { describe, expect, it } from "vitest";
import { type Difference, failure } from "../../src/common/failure.ts";
import {
  madeDifferently,
  nameConflict,
  noneLeft,
  refusedTags,
  twoLeft,
  unknownCreate,
} from "../../src/operations/create-failures.ts";
import type { CreateSpec } from "../../src/operations/create-spec.ts";

type Thing = { id: string; madeAt?: string; leaving?: boolean; differences?: Difference[] };

const lookUp = { suggest: "look_up_cluster" as const };
const goOn = { suggest: "look_up_cluster" as const, why: "The one that has the name." };
const repeat = { suggest: "repeat", with: { ifExists: "return" }, why: expect.stringMatching(/./) };

/** What verdicts look at; nothing is found or posted here. */
const creationOf = (hasTags = false): CreateSpec<Thing> => ({
  noun: 'flex cluster "shop"',
  key: "k",
  fingerprint: "r",
  find: () => Promise.reject(new Error("verdicts look nothing up")),
  post: () => Promise.reject(new Error("verdicts send nothing")),
  differences: ({ differences = [] }) => differences,
  hasTags,
  alternative: "choose another name",
  createdAt: ({ madeAt }) => madeAt,
  now: () => now,
  isDeleting: ({ leaving = false }) => leaving,
  lookUp,
  nextSteps: () => [goOn],
});

const creation = creationOf();
const now = Date.parse("2026-11-23T12:00:00Z");
const region = { field: "region", yours: "A", existing: "B" };
const size = { field: "size", yours: 1, existing: 2 };

describe("a name that is taken", () => {
  it("by nothing that can be seen yet is to be looked up", () => {
    const told = nameConflict(creation, []);
    expect(told).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      retry: "after_delay",
      retryAfterSeconds: 5,
      suggestions: [lookUp, repeat],
    });
    expect(told.message).toMatch(/flex cluster "shop" already exists.*does not show it/);
  });

  it("by two is for a person to settle", () => {
    const two = [{ id: "1" }, { id: "2" }];
    const told = nameConflict(creation, two);
    expect(told).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      existing: two,
      identical: false,
      suggestions: [lookUp],
    });
    expect(told.message).toMatch(
      /^Flex cluster "shop" exists 2 times.*a person must delete the one/,
    );
  });

  it("by one that is being deleted is free in a minute", () => {
    const told = nameConflict(creation, [{ id: "1", leaving: true }]);
    expect(told).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      retry: "after_delay",
      retryAfterSeconds: 60,
      existing: { id: "1" },
      suggestions: [lookUp],
    });
    expect(told.message).toMatch(/^Flex cluster "shop" is being deleted/);
  });

  it("by an identical one may be a success of an earlier call: go on, or repeat", () => {
    const told = nameConflict(creation, [{ id: "1" }]);
    expect(told).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      existing: { id: "1" },
      identical: true,
      differences: [],
    });
    expect(told.suggestions).toEqual([goOn, repeat]);
    expect(told.message).toMatch(/^Flex cluster "shop" already exists and is as requested\./);
  });

  it("by one that was created at the same time says what was taken back", () => {
    const told = nameConflict(creation, [{ id: "1" }], "2");
    expect(told.message).toMatch(/at the same time as this call, whose own \(2\) was taken back/);
    expect(told.message).not.toContain("response was lost");
  });

  it("by another one says in what it differs, and advises no repeat", () => {
    const differences = [region, size];
    const told = nameConflict(creation, [{ id: "1", differences }]);
    expect(told).toMatchObject({ outcome: "exists", identical: false, differences });
    expect(told.suggestions).toEqual([goOn]);
    expect(told.message).toMatch(
      /^Flex cluster "shop" already exists and differs from the request in region, size\./,
    );
  });
});

describe("the age of what has the name", () => {
  const toldOf = (madeAt: string) => nameConflict(creation, [{ id: "1", madeAt }]).message;

  it.each([
    [0, "0 s"],
    [1400, "1 s"],
    [3_599_000, "3599 s"],
  ])("is told where it was made %i ms ago", (ms, age) => {
    expect(toldOf(new Date(now - ms).toISOString())).toContain(
      `already exists (created ${age} ago) and is`,
    );
  });

  it.each([
    ["an hour ago", new Date(now - 3_600_000).toISOString()],
    ["in what this clock takes for the future", new Date(now + 1000).toISOString()],
    ["in 2021", "2021-03-04T05:06:07Z"],
  ])("is a date where it was made %s", (_what, madeAt) => {
    expect(toldOf(madeAt)).toContain(`already exists (created ${madeAt}) and is`);
  });

  it("is left out where it was made at a time that cannot be read", () => {
    expect(toldOf("yesterday")).toContain("already exists and is");
  });

  it.each([
    ["a minute ago", new Date(now - 60_000).toISOString(), true],
    ["a minute ahead, since clocks differ", new Date(now + 60_000).toISOString(), true],
    ["two hours ahead", new Date(now + 7_200_000).toISOString(), false],
    ["in 2021", "2021-03-04T05:06:07Z", false],
  ])("%s: may an earlier call have made it?", (_what, madeAt, may) => {
    expect(toldOf(madeAt).includes("An earlier call whose response was lost")).toBe(may);
  });
});

const refusalOf = (status: number, errorCode = "OF_NO_ROW") =>
  failure("invalid_input", "Atlas minds something.", { atlas: { status, errorCode } });

describe("an outcome that is not known", () => {
  it("of a lost answer keeps the cause, and may be repeated", () => {
    const told = unknownCreate(creation, failure("unavailable", "The line went dead."));
    expect(told).toEqual({
      code: "outcome_unknown",
      message: expect.stringMatching(/flex cluster "shop" was lost.* The line went dead\.$/),
      outcome: "unknown",
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    });
  });

  it("of a refusal of tags is invalid input that may have had an effect", () => {
    const told = refusedTags(creationOf(true), refusalOf(400));
    expect(told).toEqual({
      code: "invalid_input",
      message: expect.stringMatching(/^Atlas refused flex cluster "shop".*fix the tags/),
      outcome: "unknown",
      retry: "after_fix",
      fields: [{ path: "tags", problem: expect.stringContaining("atlas.detail") }],
      atlas: { status: 400, errorCode: "OF_NO_ROW" },
      suggestions: [lookUp, repeat],
    });
  });

  it("blames what Atlas blames, where it does", () => {
    const fields = [{ path: "name", problem: "was refused by Atlas" }];
    const told = refusedTags(creationOf(true), { ...refusalOf(400), fields });
    expect(told.fields).toEqual(fields);
  });

  it("does not blame the tags for a failure of Atlas", () => {
    const told = unknownCreate(creationOf(true), refusalOf(500));
    expect(told).not.toHaveProperty("fields");
    expect(told.atlas?.status).toBe(500);
  });
});

describe("two of one name", () => {
  it("of which one could not be taken back are both told, with the one that is left over", () => {
    const failed = { ...refusalOf(403), message: "Not allowed." };
    const told = twoLeft(creation, { id: "2" }, { leftOver: "2", others: [{ id: "1" }], failed });
    expect(told).toEqual({
      code: "name_conflict",
      message: expect.stringMatching(/more than once.*\(2\).*Not allowed\. A person must/),
      outcome: "exists",
      retry: "never",
      existing: [{ id: "2" }, { id: "1" }],
      identical: false,
      leftOver: { id: "2" },
      atlas: { status: 403, errorCode: "OF_NO_ROW" },
      suggestions: [lookUp],
    });
  });

  it("that were both taken back leave the name free", () => {
    expect(noneLeft(creation)).toEqual({
      code: "conflict",
      message: expect.stringMatching(/each took its own back\. Repeat the call/),
      outcome: "not_created",
      retry: "same_arguments",
      suggestions: [{ ...repeat, why: "The name is free now." }],
    });
  });
});

describe("what was made otherwise than asked for", () => {
  const existing = { id: "1", differences: [region, size] };

  it("after a refusal is that refusal, with what exists", () => {
    const fields = [{ path: "tags", problem: "is odd" }];
    const told = madeDifferently(creation, existing, { ...refusalOf(400), fields });
    expect(told).toEqual({
      code: "invalid_input",
      message:
        'Flex cluster "shop" exists now, but differs from the request in region, size. Atlas minds something.',
      outcome: "exists",
      retry: "never",
      existing,
      identical: false,
      differences: [region, size],
      fields,
      atlas: { status: 400, errorCode: "OF_NO_ROW" },
      suggestions: [goOn],
    });
  });

  it.each([
    ["a lost answer", failure("unavailable", "Lost.")],
    ["a failure of Atlas", failure("unavailable", "Down.", { atlas: { status: 500 } })],
  ])("after %s is a name that is taken", (_what, cause) => {
    expect(madeDifferently(creation, existing, cause).code).toBe("name_conflict");
  });
});
