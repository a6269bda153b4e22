/** What was asked for against what exists: each kind of value in its own way. What Atlas does not return is not compared. */
import type { Tag } from "../atlas/resources.ts";
import type { Difference } from "../errors.ts";

/** A difference where both are known and not the same. */
export const differing = (field: string, yours: unknown, existing: unknown): Difference[] =>
  yours !== undefined && existing !== undefined && yours !== existing
    ? [{ field, yours, existing }]
    : [];

/** Compares lists as sets, an entry by its text. */
export const differingSets = <T, E>(
  field: string,
  yours: readonly T[] | undefined,
  existing: readonly E[] | undefined,
  textOf: (one: T | E) => string,
): Difference[] => {
  if (yours === undefined || existing === undefined) return [];
  const set = (list: readonly (T | E)[]) => JSON.stringify([...new Set(list.map(textOf))].sort());
  return set(yours) === set(existing) ? [] : [{ field, yours, existing }];
};

/** What makes a tag. */
export const tagText = ({ key, value }: Tag): string => JSON.stringify([key, value]);

const secondOf = (date: string): number => Math.floor(Date.parse(date) / 1000);

/** Compares dates as instants of whole seconds, as Atlas keeps them. One without a date stays for ever. */
export const differingDates = (
  field: string,
  yours: string | undefined,
  existing: string | undefined,
): Difference[] => {
  if (yours === undefined) return [];
  if (existing !== undefined && secondOf(yours) === secondOf(existing)) return [];
  return [{ field, yours, existing: existing ?? null }];
};
