import { describe, expect, it } from "vitest";
import { AtlasToolError, failure, failureSchema, invalidInput } from "../../src/common/failure.ts";

describe("bad arguments", () => {
  const name = { path: "name", problem: "is too long" };
  const whole = { path: "", problem: "must be an object" };

  it("are told one by its problem", () => {
    expect(invalidInput([name])).toEqual({
      code: "invalid_input",
      message: "name is too long. Nothing was sent to Atlas.",
      retry: "after_fix",
      fields: [name],
      suggestions: [],
    });
  });

  it("are told by the word arguments where all of them are meant", () => {
    expect(invalidInput([whole]).message).toMatch(/^arguments must be an object\./);
  });

  it("are told several by their names", () => {
    expect(invalidInput([name, whole]).message).toBe(
      "2 arguments are not valid: name, arguments. Nothing was sent to Atlas.",
    );
  });
});

it("a failure that is thrown has its name and its message, for the log", () => {
  const error = new AtlasToolError(failure("conflict", "It is busy."));
  expect(`${error}`).toBe("AtlasToolError: It is busy.");
});

describe("the schema of a failure", () => {
  const whole = {
    code: "conflict",
    message: "It is busy.",
    outcome: "no_change",
    retry: "after_delay",
    retryAfterSeconds: 30,
    fields: [{ path: "name", problem: "is too long", example: "shop" }],
    existing: { id: "1" },
    differences: [{ field: "region", yours: "A", existing: "B" }],
    identical: false,
    atlas: {
      status: 409,
      errorCode: "A_CODE",
      reason: "Reason",
      detail: "Detail.",
      requestId: "r",
    },
  };
  const accepts = (value: unknown) => failureSchema().safeParse(value).success;

  it("takes all that a failure may tell, and no less than what each tells", () => {
    expect(failureSchema().parse(whole)).toEqual(whole);
    const { code, message, outcome, retry } = whole;
    expect(accepts({ code, message, outcome, retry })).toBe(true);
    expect(accepts({ code, message, retry })).toBe(false);
  });

  it.each(["not_created", "not_deleted", "exists", "unknown", "no_change"])(
    "knows the outcome %s",
    (outcome) => expect(accepts({ ...whole, outcome })).toBe(true),
  );

  it.each(["never", "same_arguments", "after_delay", "after_fix"])("knows the retry %s", (retry) =>
    expect(accepts({ ...whole, retry })).toBe(true),
  );

  it.each([
    ["a code", { code: "OF_NO_ROW" }],
    ["an outcome", { outcome: "" }],
    ["a retry", { retry: "" }],
    ["a member", { more: 1 }],
    ["a member of a field", { fields: [{ path: "name", problem: "is too long", more: 1 }] }],
    ["a member of a difference", { differences: [{ field: "region", more: 1 }] }],
    ["a member of what Atlas said", { atlas: { status: 409, more: 1 } }],
  ])("refuses %s that it does not know", (_of, more) =>
    expect(accepts({ ...whole, ...more })).toBe(false),
  );
});
