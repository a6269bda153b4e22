/** The failures of creates, and those that creates and deletes share: the message and the data of each. */
import { rowFor } from "../atlas/classify.ts";
import type { Clock } from "../common/deadline.ts";
import { type Failure, failure, type Suggestion } from "../common/failure.ts";
import type { CreateSpec } from "./create-spec.ts";

/** What a change does. */
export type Effect = "create" | "delete";

/** The outcome of a failed change that changed nothing. */
export const notDone = { create: "not_created", delete: "not_deleted" } as const;

const words = {
  create: {
    noun: "creation",
    doing: "creating",
    repeat: {
      suggest: "repeat",
      with: { ifExists: "return" },
      why: "Safe to repeat: it looks first, and returns what exists.",
    },
  },
  delete: {
    noun: "deletion",
    doing: "deleting",
    repeat: {
      suggest: "repeat",
      why: "Safe to repeat: it looks first, and deletes only this one.",
    },
  },
} as const satisfies Record<Effect, { noun: string; doing: string; repeat: Suggestion }>;

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Whether a 400 may have had an effect all the same (terraform#4124): only some codes rule that out. */
export const mayHaveActed = ({ atlas }: Failure): boolean =>
  atlas?.status === 400 && rowFor(atlas)?.plain !== true;

export const cancelled = (effect: Effect): Failure =>
  failure("unavailable", "The call was cancelled before anything was sent.", {
    outcome: notDone[effect],
    retry: "same_arguments",
  });

/** The time of this call is up while another call about the same resource is still running. */
export const waitedTooLong = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  joined: boolean,
): Failure => {
  const { doing, repeat } = words[effect];
  return failure(
    joined ? "outcome_unknown" : "unavailable",
    joined
      ? `An identical call is ${doing} ${noun} at this moment and has no response from Atlas yet.`
      : `Another call that must finish first is still running. Nothing was sent to ${effect} ${noun}.`,
    {
      outcome: joined ? "unknown" : notDone[effect],
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    },
  );
};

/** The response to a change was lost, and what it did is not known. */
export const lost = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  afterwards: string,
  cause: Failure,
): Failure =>
  failure(
    "outcome_unknown",
    `The response to the ${words[effect].noun} of ${noun} was lost or unclear${afterwards} ${cause.message}`,
    {
      outcome: "unknown",
      retry: "same_arguments",
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      suggestions: [lookUp, words[effect].repeat],
    },
  );

/** The response to a create was lost and no look-up found the resource: says how to find out, and which repeat is safe. */
export const unknownCreate = <T>(spec: CreateSpec<T>, cause: Failure): Failure => {
  if (cause.atlas?.status !== 400)
    return lost(
      "create",
      spec,
      ", and this call did not find the resource afterwards. It may exist now or appear soon.",
      cause,
    );
  // Tags are the most likely reason (terraform#4124).
  const blamesTags = spec.hasTags && cause.fields === undefined && mayHaveActed(cause);
  const fields = blamesTags
    ? [{ path: "tags", problem: "were probably refused; atlas.detail says why" }]
    : cause.fields;
  return failure(
    "outcome_unknown",
    `Atlas refused ${spec.noun}, but has created resources before although it refused their tags. This call looked for it and did not find it, so most likely nothing exists: fix the tags, and repeat with ifExists: "return".`,
    {
      outcome: "unknown",
      retry: "after_fix",
      ...(fields === undefined ? {} : { fields }),
      atlas: cause.atlas,
      // No repeat: Atlas would refuse the same request again.
      suggestions: [spec.lookUp],
    },
  );
};

const ageOf = (createdAt: string | undefined, clock: Clock): string => {
  const seconds =
    createdAt === undefined ? Number.NaN : Math.round((clock.now() - Date.parse(createdAt)) / 1000);
  return seconds >= 0 && seconds < 3600 ? ` (created ${seconds} s ago)` : "";
};

const takenByOne = <T>(spec: CreateSpec<T>, existing: T, clock: Clock): Failure => {
  const differences = spec.differences(existing);
  const identical = differences.length === 0;
  const age = ageOf(spec.createdAt(existing), clock);
  const repeat: Suggestion = {
    suggest: "repeat",
    with: { ifExists: "return" },
    why: "Returns the existing one as a success.",
  };
  return failure(
    "name_conflict",
    identical
      ? `${capital(spec.noun)} already exists${age} and is as requested. An earlier call whose response was lost may have created it. Use it, or repeat with ifExists: "return".`
      : `${capital(spec.noun)} already exists${age} and differs from the request in ${differences.map(({ field }) => field).join(", ")}. Use it as it is, or ${spec.alternative}.`,
    {
      outcome: "exists",
      existing,
      identical,
      differences,
      suggestions: [...spec.nextSteps(existing), ...(identical ? [repeat] : [])],
    },
  );
};

/** The name is taken: says by what, how it differs, and how to continue with it. */
export const nameConflict = <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  clock: Clock,
): Failure => {
  const [first, ...others] = found;
  const suggestions = [spec.lookUp];
  if (first === undefined)
    return failure(
      "name_conflict",
      `Atlas says that ${spec.noun} already exists, but a look-up does not show it yet.`,
      { outcome: "exists", suggestions },
    );
  if (others.length > 0)
    return failure(
      "name_conflict",
      `${capital(spec.noun)} exists ${found.length} times, which Atlas normally prevents. This server does not choose between them: a person must.`,
      { outcome: "exists", existing: found, identical: false, suggestions },
    );
  if (!spec.isDeleting(first)) return takenByOne(spec, first, clock);
  return failure(
    "name_conflict",
    `${capital(spec.noun)} is being deleted. Its name is free once that is done.`,
    {
      outcome: "exists",
      retry: "after_delay",
      retryAfterSeconds: 60,
      existing: first,
      suggestions,
    },
  );
};

/** The resource was created, but not as requested; carries Atlas's own error, if there is one. */
export const madeDifferently = <T>(spec: CreateSpec<T>, existing: T, cause: Failure): Failure => {
  const refused = cause.atlas !== undefined && cause.atlas.status < 500;
  const differences = spec.differences(existing);
  return failure(
    refused ? cause.code : "name_conflict",
    `${capital(spec.noun)} exists now, but differs from the request in ${differences.map(({ field }) => field).join(", ")}. ${cause.message}`,
    {
      outcome: "exists",
      retry: "never",
      existing,
      identical: false,
      differences,
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      suggestions: spec.nextSteps(existing),
    },
  );
};
