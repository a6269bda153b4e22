/** What is told of a create or a delete that did not go as asked: the sentences and the data of each ending. */
import { rowOf } from "../atlas/classify.ts";
import type { Clock } from "../common/deadline.ts";
import { type Failure, failure, type Suggestion } from "../common/failure.ts";
import type { CreateSpec } from "./create-spec.ts";
import type { DeleteSpec } from "./delete-spec.ts";

/** What all of these sentences say of a change. */
export type Effect = "create" | "delete";

/** What a failure of this change says where nothing was changed. */
export const notDone = { create: "not_created", delete: "not_deleted" } as const;

const words = {
  create: {
    noun: "creation",
    doing: "creating",
    repeat: {
      suggest: "repeat",
      with: { ifExists: "return" },
      why: "Safe to repeat: it looks first, and answers what is there.",
    },
  },
  delete: {
    noun: "deletion",
    doing: "deleting",
    repeat: {
      suggest: "repeat",
      why: "Safe to repeat: it looks first, and deletes this very one only.",
    },
  },
} as const satisfies Record<Effect, { noun: string; doing: string; repeat: Suggestion }>;

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Atlas has acted on requests that it answered with a 400 (terraform#4124); only some codes say for sure that it did not. */
export const isUnexplained = ({ atlas }: Failure): boolean =>
  atlas?.status === 400 && rowOf(atlas.errorCode)?.plain !== true;

export const cancelled = (effect: Effect): Failure =>
  failure("unavailable", "The call was cancelled before anything was sent.", {
    outcome: notDone[effect],
    retry: "same_arguments",
  });

/** This call's time is over while another call about the same thing is still under way. */
export const waitedTooLong = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  joined: boolean,
): Failure => {
  const { doing, repeat } = words[effect];
  return failure(
    joined ? "outcome_unknown" : "unavailable",
    joined
      ? `An equal call is ${doing} ${noun} at this moment and has not heard from Atlas yet.`
      : `Another call that must end first is still under way. Nothing was sent to ${effect} ${noun}.`,
    {
      outcome: joined ? "unknown" : notDone[effect],
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    },
  );
};

const lost = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  seen: string,
  cause: Failure,
): Failure =>
  failure(
    "outcome_unknown",
    `The answer to the ${words[effect].noun} of ${noun} was lost or unclear${seen} ${cause.message}`,
    {
      outcome: "unknown",
      retry: "same_arguments",
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      suggestions: [lookUp, words[effect].repeat],
    },
  );

/** The answer to a create was lost and nothing was found: says how to find out, and which repeat is safe. */
export const unknownCreate = <T>(spec: CreateSpec<T>, cause: Failure): Failure => {
  if (cause.atlas?.status !== 400)
    return lost(
      "create",
      spec,
      ", and it could not be found afterwards in the time of this call. It may exist now or appear soon.",
      cause,
    );
  // Tags are what Atlas most often minds (terraform#4124).
  const blamesTags = spec.hasTags && cause.fields === undefined && isUnexplained(cause);
  const fields = blamesTags
    ? [{ path: "tags", problem: "were probably refused; atlas.detail says why" }]
    : cause.fields;
  return failure(
    "outcome_unknown",
    `Atlas refused ${spec.noun}, but a refused request with tags has made the resource before. It was looked for and not found, so most likely nothing exists: mend the tags, and repeat with ifExists: "return".`,
    {
      outcome: "unknown",
      retry: "after_fix",
      ...(fields === undefined ? {} : { fields }),
      atlas: cause.atlas,
      // What was refused once would be refused again as it stands.
      suggestions: [spec.lookUp],
    },
  );
};

/** The answer to a delete was lost, and looking did not show that it is gone or going. */
export const unknownDelete = <T>(spec: DeleteSpec<T>, cause: Failure, isThere: boolean): Failure =>
  lost(
    "delete",
    spec,
    isThere
      ? ". It was still there afterwards, and may be deleted yet."
      : ". It could not be looked up afterwards in the time of this call.",
    cause,
  );

/** Atlas has accepted a delete, and what it deletes is still there. */
export const stillDeleting = (
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  stateName: string | undefined,
  last: unknown,
): Failure =>
  failure(
    "outcome_unknown",
    `Atlas has accepted the deletion of ${noun} and was not done in the time of this call.${stateName === undefined ? "" : ` It is ${stateName}.`} Repeat the call later: it answers absent once it is gone.`,
    {
      outcome: "unknown",
      retry: "after_delay",
      retryAfterSeconds: 30,
      ...(last === undefined ? {} : { existing: last }),
      suggestions: [lookUp, { suggest: "repeat", why: "Waits again, and tells when it is gone." }],
    },
  );

/** Another one has the name by now. */
export const otherHasName = <T>({ noun, lookUp }: DeleteSpec<T>): Failure =>
  failure(
    "conflict",
    `The ${noun} that is there now is not the one that was to be deleted: it has another id. Nothing was sent.`,
    { outcome: "not_deleted", suggestions: [lookUp] },
  );

/** Atlas lets go of a cluster only in some states: a refusal that no row explains may pass when the state does. */
export const mayPassLater = (refused: Failure, stateName: string | undefined): Failure => {
  const { status, errorCode } = refused.atlas ?? {};
  const unexplained = (status === 400 || status === 409) && rowOf(errorCode) === undefined;
  if (!unexplained || stateName === undefined || stateName === "IDLE") return refused;
  return {
    ...refused,
    message: `${refused.message} It is ${stateName}; once that is over, Atlas may take it.`,
    retry: "after_delay",
    retryAfterSeconds: refused.retryAfterSeconds ?? 30,
  };
};

const ageOf = (createdAt: string | undefined, clock: Clock): string => {
  const seconds =
    createdAt === undefined ? Number.NaN : Math.round((clock.now() - Date.parse(createdAt)) / 1000);
  return seconds >= 0 && seconds < 3600 ? `, made ${seconds} s ago` : "";
};

const takenByOne = <T>(spec: CreateSpec<T>, existing: T, clock: Clock): Failure => {
  const differences = spec.differences(existing);
  const identical = differences.length === 0;
  const age = ageOf(spec.createdAt(existing), clock);
  const repeat: Suggestion = {
    suggest: "repeat",
    with: { ifExists: "return" },
    why: "Answers the existing one as a success.",
  };
  return failure(
    "name_conflict",
    identical
      ? `${capital(spec.noun)} exists already${age} and is as requested. It may well be the one that an earlier, lost call made. Go on with it, or repeat with ifExists: "return".`
      : `${capital(spec.noun)} exists already${age} and differs from the request in ${differences.map((one) => one.field).join(", ")}. Go on with it as it is, or ${spec.alternative}.`,
    {
      outcome: "exists",
      existing,
      identical,
      differences,
      suggestions: [...spec.nextSteps(existing), ...(identical ? [repeat] : [])],
    },
  );
};

/** The name is taken: says by what, how it differs, and how to go on with it. */
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
      `Atlas says that ${spec.noun} exists already, but a look-up does not show it (yet).`,
      { outcome: "exists", suggestions },
    );
  if (others.length > 0)
    return failure(
      "name_conflict",
      `There are ${found.length} of ${spec.noun}. Atlas allows that only by accident, and this server does not choose between them: a person has to.`,
      { outcome: "exists", existing: found, identical: false, suggestions },
    );
  if (!spec.isDeleting(first)) return takenByOne(spec, first, clock);
  return failure(
    "name_conflict",
    `${capital(spec.noun)} is being deleted. Its name is free when that is done.`,
    {
      outcome: "exists",
      retry: "after_delay",
      retryAfterSeconds: 60,
      existing: first,
      suggestions,
    },
  );
};

/** Made, but not as requested: Atlas's own error where it gave one. */
export const madeDifferently = <T>(spec: CreateSpec<T>, existing: T, cause: Failure): Failure => {
  const refused = cause.atlas !== undefined && cause.atlas.status < 500;
  const differences = spec.differences(existing);
  return failure(
    refused ? cause.code : "name_conflict",
    `${capital(spec.noun)} exists now, but differs from the request in ${differences.map((one) => one.field).join(", ")}. ${cause.message}`,
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
