/** Failures as data. The schema that results have declares them; the types follow from it. */
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

/** Kinds of calls that could help next. Each tool declares which of them it serves. */
export type SuggestionKind =
  | "see_account"
  | "find_project"
  | "look_up_project"
  | "look_up_cluster"
  | "look_up_ephemeral"
  | "allow_address"
  | "check_connection"
  | "create_ephemeral"
  | "show_project"
  | "delete_cluster"
  | "update_project"
  | "update_cluster"
  | "update_user"
  | "create_user"
  | "other_region"
  | "repeat";

/** A call that could help next. The result turns it into a next action: a call of the tool that serves it, or a repeat. */
export type Suggestion = { suggest: SuggestionKind; with?: Record<string, unknown>; why?: string };

/** One value in which a request and what exists in Atlas differ. */
export const differenceSchema = z.strictObject({
  field: z.string(),
  yours: z.unknown().exactOptional(),
  existing: z.unknown().exactOptional(),
});

const own = () => z.strictObject({ id: z.string() });

/** The members of a failure in a result. A function, so that a start does not build the schema. */
export const failureSchema = () =>
  z.strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    outcome: z
      .enum(["not_created", "not_updated", "not_deleted", "exists", "unknown", "no_change"])
      .meta({ description: "What is true in Atlas afterwards." }),
    retry: z.enum(["never", "same_arguments", "after_delay", "after_fix"]).meta({
      description:
        "Whether a repeat helps: never, with the same arguments, after a wait, or after a fix.",
    }),
    retryAfterSeconds: z.number().exactOptional(),
    fields: z
      .array(
        z.strictObject({
          path: z.string(),
          problem: z.string(),
          example: z.unknown().exactOptional(),
        }),
      )
      .exactOptional()
      .meta({ description: "Invalid arguments: the path, the problem, and a valid value." }),
    existing: z
      .unknown()
      .exactOptional()
      .meta({ description: "The resource that has the name, as Atlas returns it." }),
    differences: z
      .array(differenceSchema)
      .exactOptional()
      .meta({ description: "Arguments that differ from what exists in Atlas." }),
    identical: z
      .boolean()
      .exactOptional()
      .meta({ description: "Whether what exists has all that was asked for." }),
    undone: own().exactOptional().meta({
      description: "What this call created and took back, because another has the name.",
    }),
    leftOver: own().exactOptional().meta({
      description: "What this call created and could not take back, though another has the name.",
    }),
    atlas: z
      .strictObject({
        status: z.int(),
        errorCode: z.string().exactOptional(),
        reason: z.string().exactOptional(),
        detail: z.string().exactOptional(),
        requestId: z.string().exactOptional(),
      })
      .exactOptional()
      .meta({
        description: "Atlas's own words: data, shortened and without control characters.",
      }),
  });

type ShownFailure = z.output<ReturnType<typeof failureSchema>>;

export type FailureOutcome = ShownFailure["outcome"];
export type Retry = ShownFailure["retry"];
export type FieldProblem = NonNullable<ShownFailure["fields"]>[number];
export type Difference = NonNullable<ShownFailure["differences"]>[number];
export type AtlasQuote = NonNullable<ShownFailure["atlas"]>;

/** One failure. If it has no `outcome`, the result fills it in. */
export type Failure = Omit<ShownFailure, "outcome"> & {
  outcome?: FailureOutcome;
  suggestions: Suggestion[];
};

/** The only error that is thrown on purpose; any other one is a bug (`internal`). */
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

/** The failure in an `AtlasToolError`. Rethrows any other error: it is a bug. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof AtlasToolError) return error.failure;
  throw error;
};

/** Throws on whatever is not a failure: it is a fault of ours. */
export const rethrowFault = (error: unknown): void => {
  failureOf(error);
};

// A host shows a result to its model, and a call can have a problem in every member of a long list.
const mostFields = 50;

/** The failure for invalid arguments, all of them at once (at most 50 are shown); nothing was sent. */
export const invalidInput = (fields: FieldProblem[], suggestions: Suggestion[] = []): Failure => {
  const shown = fields.slice(0, mostFields);
  const names = shown.map(({ path }) => path || "arguments").join(", ");
  const more = fields.length > mostFields ? ` and ${fields.length - mostFields} more` : "";
  const what =
    fields.length === 1
      ? `${names} ${shown[0]?.problem ?? ""}`
      : `${fields.length} arguments are not valid: ${names}${more}`;
  const stop = what.endsWith("?") ? "" : ".";
  return failure("invalid_input", `${what}${stop} Nothing was sent to Atlas.`, {
    fields: shown,
    suggestions,
  });
};
