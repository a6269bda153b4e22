/** What a create that did not go as asked is told: the sentences and the data of each ending. */

import { rowOf } from "../atlas/classify.ts";
import type { Clock } from "../common/deadline.ts";
import { type Failure, failure, type Hint } from "../common/failure.ts";
import type { CreateSpec } from "./create-spec.ts";

const ageOf = (madeAt: string | undefined, clock: Clock): string => {
  const seconds =
    madeAt === undefined ? Number.NaN : Math.round((clock.now() - Date.parse(madeAt)) / 1000);
  return seconds >= 0 && seconds < 3600 ? `, made ${seconds} s ago` : "";
};

/** The name is taken: says by what, how it differs, and how to go on with it. */
export const nameConflict = <T>(creation: CreateSpec<T>, seen: T[], clock: Clock): Failure => {
  const [first] = seen;
  if (first === undefined)
    return failure(
      "name_conflict",
      `Atlas says that ${creation.noun} exists already, but a look-up does not show it (yet).`,
      { outcome: "exists", hints: [creation.lookUp] },
    );
  if (seen.length > 1)
    return failure(
      "name_conflict",
      `There are ${seen.length} of ${creation.noun}. Atlas allows that only by accident, and this server does not choose between them: a person has to.`,
      {
        outcome: "exists",
        existing: seen,
        identical: false,
        hints: [creation.lookUp],
      },
    );
  if (creation.leaving(first))
    return failure(
      "name_conflict",
      `${capital(creation.noun)} is being deleted. Its name is free when that is done.`,
      {
        outcome: "exists",
        retry: "after_delay",
        retryAfterSeconds: 60,
        existing: first,
        hints: [creation.lookUp],
      },
    );
  const differences = creation.differences(first);
  const identical = differences.length === 0;
  const age = ageOf(creation.madeAt(first), clock);
  return failure(
    "name_conflict",
    identical
      ? `${capital(creation.noun)} exists already${age} and is as requested. It may well be the one that an earlier, lost call made. Go on with it, or repeat with ifExists: "return".`
      : `${capital(creation.noun)} exists already${age} and differs from the request in ${differences.map((one) => one.field).join(", ")}. Go on with it as it is, or ${creation.instead}.`,
    {
      outcome: "exists",
      existing: first,
      identical,
      differences,
      hints: [
        ...creation.goOn(first),
        ...(identical
          ? [
              {
                advice: "repeat" as const,
                with: { ifExists: "return" },
                why: "Answers the existing one as a success.",
              },
            ]
          : []),
      ],
    },
  );
};

/** Atlas has acted on requests that it answered with a 400 (facts 1.4); only some codes say for sure that it did not. */
export const isUnexplained = ({ atlas }: Failure): boolean =>
  atlas?.status === 400 && rowOf(atlas.errorCode)?.plain !== true;

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** A refusal that no row explains, of a request with tags: they are what Atlas most often minds (facts 1.4). */
const blameTags = <T>(creation: CreateSpec<T>, refused: Failure): Failure => {
  if (!creation.tagged || refused.fields !== undefined || !isUnexplained(refused)) return refused;
  return {
    ...refused,
    fields: [{ path: "tags", problem: "were probably refused; atlas.detail says why" }],
  };
};

const repeat: Hint = {
  advice: "repeat",
  with: { ifExists: "return" },
  why: "Safe to repeat: it looks first, and answers what is there.",
};

/** The answer was lost and nothing was found: says how to find out, and which repeat is safe. */
export const unknownOutcome = <T>(creation: CreateSpec<T>, cause: Failure): Failure => {
  const { atlas, fields } = blameTags(creation, cause);
  const refused = atlas?.status === 400;
  const what = refused
    ? `Atlas refused ${creation.noun}, but a refused request with tags has made the resource before. It was looked for and not found, so most likely nothing exists: mend the tags, and repeat with ifExists: "return".`
    : `The answer to the creation of ${creation.noun} was lost or unclear, and it could not be found afterwards in the time of this call. It may exist now or appear soon. ${cause.message}`;
  return failure("outcome_unknown", what, {
    outcome: "unknown",
    retry: refused ? "after_fix" : "same_arguments",
    ...(fields === undefined ? {} : { fields }),
    ...(atlas === undefined ? {} : { atlas }),
    // What was refused once would be refused again as it stands.
    hints: refused ? [creation.lookUp] : [creation.lookUp, repeat],
  });
};

/** This call's time is over while another call about the same name is still under way. */
export const waitedTooLong = <T>(creation: CreateSpec<T>, joined: boolean): Failure =>
  failure(
    joined ? "outcome_unknown" : "unavailable",
    joined
      ? `An equal call is creating ${creation.noun} at this moment and has not heard from Atlas yet.`
      : `Another call that must end first is still under way. Nothing was sent to create ${creation.noun}.`,
    {
      outcome: joined ? "unknown" : "not_created",
      retry: "same_arguments",
      hints: [creation.lookUp, repeat],
    },
  );

/** Made, but not as requested: Atlas's own error where it gave one. */
export const madeDifferently = <T>(
  creation: CreateSpec<T>,
  existing: T,
  cause: Failure,
): Failure => {
  const refused = cause.atlas !== undefined && cause.atlas.status < 500;
  const differences = creation.differences(existing);
  return failure(
    refused ? cause.code : "name_conflict",
    `${capital(creation.noun)} exists now, but differs from the request in ${differences.map((one) => one.field).join(", ")}. ${cause.message}`,
    {
      outcome: "exists",
      retry: "never",
      existing,
      identical: false,
      differences,
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      hints: creation.goOn(existing),
    },
  );
};
