/** The one algorithm of every create: look up, post, find out what became of a lost answer, compare (design 4.5). */

import { rowOf } from "../atlas/classify.ts";
import type { Sent } from "../atlas/send.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure } from "../common/failure.ts";
import {
  isUnexplained,
  madeDifferently,
  nameConflict,
  unknownOutcome,
  waitedTooLong,
} from "./create-failures.ts";
import type { CreateResult, CreateSpec } from "./create-spec.ts";
import { lookUpDelays } from "./lookup.ts";
import type { SingleFlight } from "./single-flight.ts";

export type Survey<T> =
  | { existing: T }
  | { absent: true; at: number }
  | { hidden: Failure; at: number };

type Failed<T> = Exclude<Sent<T>, { fate: "accepted" }>;

type Means = { deadline: Deadline; clock: Clock };

/** The existing one that may be returned as a success: a single one, as requested, and only if asked for. */
const returnable = <T>(
  creation: CreateSpec<T>,
  seen: T[],
  ifExists: "error" | "return",
): T | undefined => {
  const [only, ...others] = seen;
  if (ifExists === "error" || only === undefined || others.length > 0) return undefined;
  return creation.differences(only).length === 0 && !creation.leaving(only) ? only : undefined;
};

/** Looks before anything is sent. Throws where the name is taken, unless an identical one may be returned. */
export const survey = async <T>(
  creation: CreateSpec<T>,
  ifExists: "error" | "return",
  means: Means,
): Promise<Survey<T>> => {
  const at = means.clock.now();
  const sighting = await creation.find(means.deadline);
  if ("hidden" in sighting) return { hidden: sighting.hidden, at };
  if (sighting.seen.length === 0) return { absent: true, at };
  const existing = returnable(creation, sighting.seen, ifExists);
  if (existing !== undefined) return { existing };
  throw new AtlasToolError(nameConflict(creation, sighting.seen, means.clock));
};

/** Whether a failed post may have made the resource all the same. */
const isUnclear = <T>(creation: CreateSpec<T>, sent: Failed<T>): boolean => {
  if (sent.fate !== "refused") return sent.fate === "unknown";
  return creation.tagged && isUnexplained(sent.failure);
};

const isTaken = (refusal: Failure): boolean => rowOf(refusal.atlas?.errorCode)?.taken === true;

/** Looks for the resource of a lost answer, several times. Failed look-ups tell nothing and are passed over. */
const search = async <T>(
  creation: CreateSpec<T>,
  means: Means,
  delays = lookUpDelays,
): Promise<T[]> => {
  for (const delay of delays) {
    if (delay >= means.deadline.remaining()) break;
    if (delay > 0) await means.clock.sleep(delay, means.deadline.readSignal);
    const sighting = await creation.find(means.deadline).catch((error: unknown) => {
      if (error instanceof AtlasToolError) return undefined;
      throw error;
    });
    if (sighting === undefined) continue;
    if ("hidden" in sighting) break;
    if (sighting.seen.length > 0) return sighting.seen;
  }
  return [];
};

/** What was found after an unclear answer: ours if it is one and as requested. */
const settle = <T>(
  creation: CreateSpec<T>,
  seen: T[],
  cause: Failure,
  clock: Clock,
): CreateResult<T> => {
  const [first] = seen;
  if (first === undefined) throw new AtlasToolError(unknownOutcome(creation, cause));
  // Two where there was none: one is ours, and nothing tells which.
  if (seen.length > 1) throw new AtlasToolError(nameConflict(creation, seen, clock));
  if (creation.differences(first).length > 0)
    throw new AtlasToolError(madeDifferently(creation, first, cause));
  return { outcome: "created", resource: first, reconciled: true };
};

/** Atlas accepted; where it does not keep names unique itself, one look tells whether a race has made two. */
const accepted = async <T>(
  creation: CreateSpec<T>,
  resource: T,
  means: Means,
): Promise<CreateResult<T>> => {
  if (creation.uniqueInAtlas) return { outcome: "created", resource };
  const seen = await search(creation, means, [0]);
  if (seen.length > 1) throw new AtlasToolError(nameConflict(creation, seen, means.clock));
  return { outcome: "created", resource };
};

/** Somebody made it between the look-up and the post. */
const taken = async <T>(
  creation: CreateSpec<T>,
  refused: Failure,
  ifExists: "error" | "return",
  means: Means,
): Promise<CreateResult<T>> => {
  // Lists lag behind: Atlas knows the name before it shows it.
  const seen = await search(creation, means, [0, ...lookUpDelays.slice(0, 3)]);
  const existing = returnable(creation, seen, ifExists);
  if (existing !== undefined) return { outcome: "existing", resource: existing };
  const conflict = nameConflict(creation, seen, means.clock);
  throw new AtlasToolError(refused.atlas ? { ...conflict, atlas: refused.atlas } : conflict);
};

/** Posts once more. Whatever becomes of it, what happened to the first is still to be found out. */
const postAgain = async <T>(
  creation: CreateSpec<T>,
  first: Failed<T>,
  means: Means,
): Promise<Sent<T>> =>
  creation.post(means.deadline).catch((error: unknown) => {
    if (error instanceof AtlasToolError) return first;
    throw error;
  });

/** Finds out what became of an unclear post; a name that Atlas keeps unique is posted once more. */
const reconcile = async <T>(
  creation: CreateSpec<T>,
  first: Failed<T>,
  means: Means,
): Promise<CreateResult<T>> => {
  const seen = await search(creation, means);
  const over = means.deadline.callerSignal.aborted || means.deadline.remaining() === 0;
  if (seen.length > 0 || !creation.uniqueInAtlas || over)
    return settle(creation, seen, first.failure, means.clock);
  const second = await postAgain(creation, first, means);
  if (second.fate === "accepted") return { outcome: "created", resource: second.value };
  const again = await search(creation, means);
  if (again.length === 0 && isTaken(second.failure))
    throw new AtlasToolError(nameConflict(creation, [], means.clock));
  return settle(creation, again, first.failure, means.clock);
};

const cancelled = (): AtlasToolError =>
  new AtlasToolError(
    failure("unavailable", "The call was cancelled before anything was sent.", {
      outcome: "not_created",
      retry: "same_arguments",
    }),
  );

const post = async <T>(
  creation: CreateSpec<T>,
  before: Survey<T>,
  ifExists: "error" | "return",
  means: Means,
): Promise<CreateResult<T>> => {
  if (means.deadline.callerSignal.aborted) throw cancelled();
  const sent = await creation.post(means.deadline);
  if (sent.fate === "accepted") return accepted(creation, sent.value, means);
  if (isTaken(sent.failure)) return taken(creation, sent.failure, ifExists, means);
  if (!isUnclear(creation, sent))
    throw new AtlasToolError({ ...sent.failure, outcome: "not_created" });
  // Absent before and present after is the proof that it is ours; where nothing could be seen before, nothing is proven.
  if ("hidden" in before) {
    const seen = await search(creation, means);
    throw new AtlasToolError(
      seen.length > 0
        ? nameConflict(creation, seen, means.clock)
        : unknownOutcome(creation, sent.failure),
    );
  }
  return reconcile(creation, sent, means);
};

/** Sends the request and answers with what is true afterwards. What was seen before is looked at again if it is old. */
export const make = async <T>(
  creation: CreateSpec<T>,
  before: Exclude<Survey<T>, { existing: T }>,
  ifExists: "error" | "return",
  means: Means & { flights: SingleFlight<CreateResult<T>> },
): Promise<CreateResult<T>> => {
  if (means.deadline.cancelled()) throw cancelled();
  const { clock, deadline, flights } = means;
  const late = (joined: boolean) => new AtlasToolError(waitedTooLong(creation, joined));
  // Who did not ask for an existing one must not be handed one by joining somebody who did.
  const request = `${ifExists} ${creation.request}`;
  const work = async (unwanted: AbortSignal): Promise<CreateResult<T>> => {
    const steady = { clock, deadline: deadline.detached(unwanted) };
    const old = flights.endedSince(creation.key, before.at) || clock.now() - before.at > 2000;
    const now = old ? await survey(creation, ifExists, steady) : before;
    if ("existing" in now) return { outcome: "existing", resource: now.existing };
    return post(creation, now, ifExists, steady);
  };
  return flights.run(creation.key, request, deadline, late, (unwanted) => {
    const made = work(unwanted);
    return creation.settle?.(made) ?? made;
  });
};
