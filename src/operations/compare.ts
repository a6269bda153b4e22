/**
 * Compares a request with an existing resource. Each comparison has an entry for every field of its body, so a new field
 * does not compile until it is compared. Fields that Atlas does not return are not compared.
 */
import type { Difference } from "../common/failure.ts";

/** Compares one field of a request; `field` is its path in the arguments. */
export type CompareField<Yours, Existing> = (
  field: string,
  yours: Yours,
  existing: Existing,
) => Difference[];

/** How each field of a body is compared, except those that identify the resource. */
export type Comparison<Body, Existing, Identity extends keyof Body = never> = {
  [Field in Exclude<keyof Body, Identity>]-?: CompareField<Body[Field], Existing>;
};

/** All differences between a request and an existing resource. `prefix` is the path of the body in the arguments. */
export const differencesBy = <Body, Existing, Identity extends keyof Body>(
  comparison: Comparison<Body, Existing, Identity>,
  body: Body,
  existing: Existing,
  prefix = "",
): Difference[] =>
  Object.keys(comparison).flatMap((name) => {
    const field = name as Exclude<keyof Body, Identity>;
    return comparison[field](`${prefix}${name}`, body[field], existing);
  });

/** Compares single values; a value that either side lacks is no difference. */
export const value =
  <E>(read: (existing: E) => unknown): CompareField<unknown, E> =>
  (field, yours, existing) => {
    const theirs = read(existing);
    if (yours === undefined || theirs === undefined || yours === theirs) return [];
    return [{ field, yours, existing: theirs }];
  };

/** The members by which list entries are compared: all that a request may have. */
export type EntryMembers<Entry> = { [Member in keyof Entry]-?: true };

/** Compares lists in any order. Entries are equal if these members are; a missing member counts as empty. */
export const set =
  <Entry, E>(
    members: NoInfer<EntryMembers<Entry>>,
    read: (existing: E) => readonly object[] | undefined,
  ): CompareField<readonly Entry[] | undefined, E> =>
  (field, yours, existing) => {
    const theirs = read(existing);
    if (yours === undefined || theirs === undefined) return [];
    const textOf = (entry: object) =>
      JSON.stringify(Object.keys(members).map((member) => Reflect.get(entry, member) ?? ""));
    const sorted = (list: readonly object[]) =>
      JSON.stringify([...new Set(list.map(textOf))].sort());
    if (sorted(yours as readonly object[]) === sorted(theirs)) return [];
    return [{ field, yours, existing: theirs }];
  };

const secondOf = (date: string): number => Math.floor(Date.parse(date) / 1000);

/** Compares dates by the second, as Atlas stores them. A resource without a date never expires, which is a difference. */
export const date =
  <E>(read: (existing: E) => string | undefined): CompareField<string | undefined, E> =>
  (field, yours, existing) => {
    if (yours === undefined) return [];
    const theirs = read(existing);
    if (theirs !== undefined && secondOf(yours) === secondOf(theirs)) return [];
    return [{ field, yours, existing: theirs ?? null }];
  };

/** Compares an object field by field. */
export const object =
  <Yours, E>(comparison: Comparison<Yours, E>): CompareField<Yours, E> =>
  (field, yours, existing) =>
    differencesBy(comparison, yours, existing, `${field}.`);
