import { describe, expect, it } from "vitest";
import { type Failure, failure } from "../../src/common/failure.ts";
import {
  otherHasName,
  stillDeleting,
  unknownDelete,
} from "../../src/operations/delete-failures.ts";
import type { DeleteSpec } from "../../src/operations/delete-spec.ts";
import { asRetryLater } from "../../src/operations/failures.ts";

type Thing = { id: string };

const lookUp = { suggest: "look_up_cluster" as const };

const refusalOf = (status: number, errorCode = "OF_NO_ROW") =>
  failure("invalid_input", "Atlas minds something.", { atlas: { status, errorCode } });

/** What the failures of a delete look at. */
const deletion: DeleteSpec<Thing> = {
  noun: 'flex cluster "shop"',
  key: "k",
  id: "1",
  find: () => Promise.reject(new Error("failures look nothing up")),
  send: () => Promise.reject(new Error("failures send nothing")),
  idOf: ({ id }) => id,
  stateOf: () => undefined,
  absent: [],
  vanished: [],
  explain: () => Promise.reject(new Error("failures explain nothing")),
  lookUp,
};

describe("a delete whose response was lost", () => {
  const cause = failure("unavailable", "The line went dead.", {
    atlas: { status: 502 },
    fields: [{ path: "name", problem: "is odd" }],
  });

  it("tells that the resource still existed, what went wrong, and what to do", () => {
    const told = unknownDelete(deletion, cause, true);
    expect(told).toEqual({
      code: "outcome_unknown",
      message: expect.stringMatching(
        /^The response to the deletion of flex cluster "shop" was lost.*still existed.* The line went dead\.$/,
      ),
      outcome: "unknown",
      retry: "same_arguments",
      fields: cause.fields,
      atlas: cause.atlas,
      suggestions: [lookUp, { suggest: "repeat", why: expect.stringMatching(/./) }],
    });
  });

  it("tells that it could not look", () => {
    const told = unknownDelete(deletion, failure("unavailable", "It broke."), false);
    expect(told.message).toMatch(/could not look it up afterwards\. It broke\.$/);
    expect(told).not.toHaveProperty("fields");
    expect(told).not.toHaveProperty("atlas");
  });
});

describe("a delete that Atlas has accepted but not finished", () => {
  it("tells the state and what was seen last, and to repeat later", () => {
    const told = stillDeleting(deletion, "DELETING", { id: "1" });
    expect(told).toEqual({
      code: "outcome_unknown",
      message: expect.stringMatching(
        /^Atlas has accepted the deletion of flex cluster "shop" .*this call\. Its state is DELETING\. Repeat/,
      ),
      outcome: "unknown",
      retry: "after_delay",
      retryAfterSeconds: 30,
      existing: { id: "1" },
      suggestions: [lookUp, { suggest: "repeat", why: expect.stringMatching(/./) }],
    });
  });

  it("tells nothing of a state that was not seen", () => {
    const told = stillDeleting(deletion, undefined, undefined);
    expect(told.message).toMatch(/of this call\. Repeat the call later/);
    expect(told).not.toHaveProperty("existing");
  });
});

it("a resource that has another id than the planned one is not deleted", () => {
  expect(otherHasName(deletion)).toEqual({
    code: "conflict",
    message: expect.stringMatching(/^The flex cluster "shop" that exists now is not the one/),
    outcome: "not_deleted",
    retry: "after_fix",
    suggestions: [lookUp],
  });
});

describe("a delete that Atlas refuses", () => {
  it.each([400, 409])("with a %i that has no row may pass once the state has changed", (status) => {
    const told = asRetryLater("delete", refusalOf(status), "CREATING");
    expect(told).toMatchObject({ retry: "after_delay", retryAfterSeconds: 30 });
    expect(told.message).toMatch(/^Atlas minds something\. The state is CREATING;/);
  });

  it("keeps the wait that Atlas asked for", () => {
    const told = asRetryLater("delete", { ...refusalOf(409), retryAfterSeconds: 5 }, "CREATING");
    expect(told.retryAfterSeconds).toBe(5);
  });

  it.each<[what: string, refused: Failure, stateName: string | undefined]>([
    ["with another status", refusalOf(403), "CREATING"],
    ["with a code that has a row", refusalOf(400, "INVALID_GROUP_NAME"), "CREATING"],
    ["in a state that was not seen", refusalOf(400), undefined],
    ["in the state in which it deletes", refusalOf(400), "IDLE"],
    ["without Atlas's words", failure("invalid_input", "No."), "CREATING"],
  ])("%s stays as it is", (_what, refused, stateName) => {
    expect(asRetryLater("delete", refused, stateName)).toBe(refused);
  });
});
