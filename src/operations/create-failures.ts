/** The failures of creates: the message and the data of each. */
import { sanitize } from "../atlas/classify.ts";
import { type Difference, type Failure, failure, type Suggestion } from "../common/failure.ts";
import { isRecord } from "../common/json.ts";
import type { CreateSpec } from "./create-spec.ts";
import { capital, lost, words } from "./failures.ts";

/** The response to a create was lost and no look-up found the resource: says how to find out, and which repeat is safe. */
export const unknownCreate = <T>(spec: CreateSpec<T>, cause: Failure): Failure =>
  lost(
    "create",
    spec,
    ", and this call did not find the resource afterwards. It may exist now or appear soon.",
    cause,
  );

/** Atlas refused a create with tags, and no look-up found the resource: it has created some all the same (terraform#4124). */
export const refusedTags = <T>(spec: CreateSpec<T>, cause: Failure): Failure =>
  failure(
    "invalid_input",
    `Atlas refused ${spec.noun}, but has created resources before although it refused their tags. This call looked for it and did not find it, so most likely nothing exists: fix the tags, and repeat with ifExists: "return".`,
    {
      outcome: "unknown",
      fields: cause.fields ?? [
        { path: "tags", problem: "were probably refused; atlas.detail says why" },
      ],
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      suggestions: [
        spec.lookUp,
        { ...words.create.repeat, why: "Safe once the tags are fixed: it looks first." },
      ],
    },
  );

/** Several servers have created the name at the same time, and the resource of this call could not be taken back. */
export const twoLeft = <T>(
  { noun, lookUp }: CreateSpec<T>,
  made: T,
  { leftOver, others, failed }: { leftOver: string; others: readonly T[]; failed: Failure },
): Failure =>
  failure(
    "name_conflict",
    `Another server created ${noun} at the same time, so it exists more than once. The one that this call created (${leftOver}) could not be taken back: ${failed.message} A person must delete one of them.`,
    {
      outcome: "exists",
      retry: "never",
      existing: [made, ...others],
      identical: false,
      leftOver: { id: leftOver },
      ...(failed.atlas === undefined ? {} : { atlas: failed.atlas }),
      suggestions: [lookUp],
    },
  );

/** The others have taken theirs back, and whether Atlas deletes the resource of this call is not known. */
export const unfinished = <T>(
  { noun, lookUp }: CreateSpec<T>,
  { leftOver, failed }: { leftOver: string; failed: Failure },
): Failure =>
  failure(
    "outcome_unknown",
    `Several servers created ${noun} at the same time. The others took theirs back, and this call tried to take back its own (${leftOver}) too: ${failed.message} Look it up before you repeat the call.`,
    {
      outcome: "unknown",
      retry: "after_delay",
      retryAfterSeconds: 30,
      leftOver: { id: leftOver },
      ...(failed.atlas === undefined ? {} : { atlas: failed.atlas }),
      suggestions: [lookUp, words.create.repeat],
    },
  );

/** Several servers have created the name at the same time, and each has taken its own back. */
export const noneLeft = <T>({ noun }: CreateSpec<T>): Failure =>
  failure(
    "conflict",
    `Several servers created ${noun} at the same time, and each took its own back. Repeat the call.`,
    {
      outcome: "not_created",
      retry: "same_arguments",
      suggestions: [{ ...words.create.repeat, why: "The name is free now." }],
    },
  );

/** Another server has made it a moment ago, and no look-up shows it. */
export const notShown = <T>({ noun, lookUp }: CreateSpec<T>): Failure =>
  failure(
    "unavailable",
    `A server that shares the store has created ${noun} a moment ago, and Atlas does not show it: not yet, or not any more. Nothing was sent.`,
    {
      outcome: "not_created",
      retry: "after_delay",
      retryAfterSeconds: 5,
      suggestions: [lookUp, words.create.repeat],
    },
  );

const hourSeconds = 3600;

/** Whether an earlier call may have created this. */
const isRecent = (createdAt: string | undefined, now: number): boolean =>
  createdAt === undefined || Math.abs(now - Date.parse(createdAt)) < hourSeconds * 1000;

/** When a resource was created, in brackets: in seconds if that is less than an hour ago, else as a date. */
const whenCreated = (createdAt: string | undefined, now: number): string => {
  const at = sanitize(createdAt, 40);
  if (at === undefined || createdAt === undefined || Number.isNaN(Date.parse(createdAt))) return "";
  const seconds = Math.round((now - Date.parse(createdAt)) / 1000);
  return seconds >= 0 && seconds < hourSeconds ? ` (created ${seconds} s ago)` : ` (created ${at})`;
};

const keysOf = (tags: unknown): string[] =>
  Array.isArray(tags) ? tags.flatMap((tag) => (isRecord(tag) ? [String(tag.key)] : [])) : [];

/** What the change does; a list of tags is replaced, so some may go. */
const whyChange = (differences: readonly Difference[]): string => {
  const tags = differences.find(({ field }) => field === "tags");
  const asked = keysOf(tags?.yours);
  const lost = keysOf(tags?.existing).filter((key) => !asked.includes(key));
  const loses =
    lost.length === 0 ? "" : ` It removes the tags ${lost.join(", ")}: add those that should stay.`;
  return `Changes it to what was requested.${loses}`;
};

/** The call that makes the existing resource as requested, if it differs only in what can be changed. */
const updateOf = <T>(
  { update }: CreateSpec<T>,
  existing: T,
  differences: readonly Difference[],
): Suggestion[] => {
  const isChangeable = differences.every(({ field }) => update?.fields(existing).includes(field));
  if (update === undefined || differences.length === 0 || !isChangeable) return [];
  const call = update.call(existing);
  const asked = Object.fromEntries(differences.map(({ field, yours }) => [field, yours]));
  return [{ ...call, with: { ...call.with, ...asked }, why: whyChange(differences) }];
};

const takenByOne = <T>(spec: CreateSpec<T>, existing: T, undone: string | undefined): Failure => {
  const differences = spec.differences(existing);
  const identical = differences.length === 0;
  const createdAt = spec.createdAt(existing);
  const now = spec.now();
  const when = whenCreated(createdAt, now);
  const mayBeOurs = isRecent(createdAt, now)
    ? " An earlier call whose response was lost may have created it."
    : "";
  const origin =
    undone === undefined
      ? mayBeOurs
      : ` Another server or program created it at the same time as this call, whose own (${undone}) was taken back.`;
  const repeat: Suggestion = {
    suggest: "repeat",
    with: { ifExists: "return" },
    why: "Returns the existing one as a success.",
  };
  return failure(
    "name_conflict",
    identical
      ? `${capital(spec.noun)} already exists${when} and is as requested.${origin} Use it, or repeat with ifExists: "return".`
      : `${capital(spec.noun)} already exists${when} and differs from the request in ${differences.map(({ field }) => field).join(", ")}.${undone === undefined ? "" : origin} Use it as it is, or ${spec.alternative}.`,
    {
      outcome: "exists",
      existing,
      identical,
      differences,
      suggestions: [
        ...spec.nextSteps(existing),
        ...(identical ? [repeat] : updateOf(spec, existing, differences)),
      ],
    },
  );
};

/** The name is taken: says by what, how it differs, and how to continue with it. `undone` is the id of what this call took back. */
export const nameConflict = <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  undone?: string,
): Failure => {
  const [first, ...others] = found;
  const suggestions = [spec.lookUp];
  if (first === undefined)
    return failure(
      "name_conflict",
      `Atlas says that ${spec.noun} already exists, but a look-up does not show it yet. Repeat the call in a few seconds.`,
      {
        outcome: "exists",
        retry: "after_delay",
        retryAfterSeconds: 5,
        suggestions: [...suggestions, words.create.repeat],
      },
    );
  if (others.length > 0)
    return failure(
      "name_conflict",
      `${capital(spec.noun)} exists ${found.length} times, which Atlas normally prevents. This server does not choose between them: a person must delete the one that nobody uses.`,
      { outcome: "exists", existing: found, identical: false, suggestions },
    );
  if (!spec.isDeleting(first)) return takenByOne(spec, first, undone);
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

/** A lost POST may have created it: a second one was refused because the name is taken, and no look-up shows it. */
export const mayBeOurs = <T>(spec: CreateSpec<T>): Failure => {
  const conflict = nameConflict(spec, []);
  return {
    ...conflict,
    message: `${conflict.message} The request of this call whose response was lost may have created it.`,
  };
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
      suggestions: [...spec.nextSteps(existing), ...updateOf(spec, existing, differences)],
    },
  );
};
