/**
 * What was asked for against what exists. Each body has one comparison with an entry for each of its fields, so that a
 * field that is added does not compile until it is compared. What Atlas does not return is not compared.
 */
import type { Difference } from "../common/failure.ts";

/** Compares one field of a request; `field` is its path in the arguments. */
export type CompareField<Yours, Existing> = (
  field: string,
  yours: Yours,
  existing: Existing,
) => Difference[];

/** How each field of a body is compared, but for those that identify the resource. */
export type Comparison<Body, Existing, Identity extends keyof Body = never> = {
  [Field in Exclude<keyof Body, Identity>]-?: CompareField<Body[Field], Existing>;
};

/** All differences of a request from what exists. `prefix` is the path of the body in the arguments. */
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

/** Values that are equal or not: a difference where both are known and not the same. */
export const value =
  <E>(read: (existing: E) => unknown): CompareField<unknown, E> =>
  (field, yours, existing) => {
    const theirs = read(existing);
    if (yours === undefined || theirs === undefined || yours === theirs) return [];
    return [{ field, yours, existing: theirs }];
  };

/** The members that make two entries of a list equal: all that a request may carry. */
export type EntryMembers<Entry> = { [Member in keyof Entry]-?: true };

/** Lists without order. Entries are equal where these members are; one that is left out counts as empty. */
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

/** Dates, as instants of whole seconds, as Atlas keeps them. What has no date stays for ever. */
export const date =
  <E>(read: (existing: E) => string | undefined): CompareField<string | undefined, E> =>
  (field, yours, existing) => {
    if (yours === undefined) return [];
    const theirs = read(existing);
    if (theirs !== undefined && secondOf(yours) === secondOf(theirs)) return [];
    return [{ field, yours, existing: theirs ?? null }];
  };

/** An object within the body, each of its fields in its own way. */
export const object =
  <Yours, E>(comparison: Comparison<Yours, E>): CompareField<Yours, E> =>
  (field, yours, existing) =>
    differencesBy(comparison, yours, existing, `${field}.`);
