/** What went wrong, as data: declared once, as the schema that results carry; the types follow from it. */
import * as z from "zod/v4";

/** The closed list of codes that a failure carries (docs/architecture.md#errors). */
export const errorCodes = [
  "invalid_input",
  "not_found",
  "name_conflict",
  "conflict",
  "quota_exceeded",
  "payment_required",
  "unauthenticated",
  "forbidden",
  "policy_denied",
  "declined",
  "rate_limited",
  "unavailable",
  "outcome_unknown",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What could help next, named without a tool: each tool says which suggestions it can make. */
export type SuggestionKind =
  | "see_account"
  | "find_project"
  | "look_up_project"
  | "look_up_cluster"
  | "show_project"
  | "delete_cluster"
  | "other_region"
  | "repeat";

/** A call that could help next. The result makes a next action of it: a call of the tool that suggests it, or a repeat. */
export type Suggestion = { suggest: SuggestionKind; with?: Record<string, unknown>; why?: string };

/** The members of a failure as an answer shows them. A function, so that a start does not build it. */
export const failureSchema = () =>
  z.strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    /** What is true in Atlas afterwards. */
    outcome: z.enum(["not_created", "not_deleted", "exists", "unknown", "no_change"]),
    /** Whether a repeat helps: not at all, as it stands, after a wait, or after something was mended. */
    retry: z.enum(["never", "same_arguments", "after_delay", "after_fix"]),
    retryAfterSeconds: z.number().exactOptional(),
    /** Bad arguments: the path, what is wrong, and a value that would pass. */
    fields: z
      .array(
        z.strictObject({
          path: z.string(),
          problem: z.string(),
          example: z.unknown().exactOptional(),
        }),
      )
      .exactOptional(),
    existing: z.unknown().exactOptional(),
    /** Arguments that differ from what exists in Atlas. */
    differences: z
      .array(
        z.strictObject({
          field: z.string(),
          yours: z.unknown().exactOptional(),
          existing: z.unknown().exactOptional(),
        }),
      )
      .exactOptional(),
    identical: z.boolean().exactOptional(),
    /** Atlas's own words, quoted as data: capped and stripped of control characters. */
    atlas: z
      .strictObject({
        status: z.int(),
        errorCode: z.string().exactOptional(),
        reason: z.string().exactOptional(),
        detail: z.string().exactOptional(),
        requestId: z.string().exactOptional(),
      })
      .exactOptional(),
  });

type ShownFailure = z.output<ReturnType<typeof failureSchema>>;

export type FailureOutcome = ShownFailure["outcome"];
export type Retry = ShownFailure["retry"];
export type FieldProblem = NonNullable<ShownFailure["fields"]>[number];
export type Difference = NonNullable<ShownFailure["differences"]>[number];
export type AtlasQuote = NonNullable<ShownFailure["atlas"]>;

/** One failure. `outcome` is filled in by the answer where the failure does not decide it. */
export type Failure = Omit<ShownFailure, "outcome"> & {
  outcome?: FailureOutcome;
  suggestions: Suggestion[];
};

/** The one thing that is thrown on purpose; whatever else is thrown is a fault of ours (`internal`). */
export class AtlasToolError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "AtlasToolError";
    this.failure = failure;
  }
}

type FailureParts = Partial<Omit<Failure, "code" | "message">>;

/** Builds a failure; `retry` is `after_fix` and there are no suggestions unless `parts` says otherwise. */
export const failure = (code: ErrorCode, message: string, parts: FailureParts = {}): Failure => ({
  retry: "after_fix",
  suggestions: [],
  ...parts,
  code,
  message,
});

/** Throws a failure. */
export const raise = (failed: Failure): never => {
  throw new AtlasToolError(failed);
};

/** Builds a failure and throws it. */
export const fail = (code: ErrorCode, message: string, parts: FailureParts = {}): never =>
  raise(failure(code, message, parts));

/** The failure that was thrown. Anything else is thrown on: it is a fault of ours, and no answer to go by. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof AtlasToolError) return error.failure;
  throw error;
};

/** Bad arguments, found before anything was sent: all of them at once. */
export const invalidInput = (fields: FieldProblem[], suggestions: Suggestion[] = []): Failure => {
  const [first] = fields;
  const what =
    fields.length === 1 && first !== undefined
      ? `${first.path || "arguments"} ${first.problem}`
      : `${fields.length} arguments are not valid: ${fields.map((field) => field.path || "arguments").join(", ")}`;
  return failure("invalid_input", `${what}. Nothing was sent to Atlas.`, { fields, suggestions });
};
