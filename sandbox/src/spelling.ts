/** What to say of a name that there is not. */
import { closestMatch } from "leven";

/** The name that differs from `word` in at most two letters; undefined if there is none, or if `word` is too short to tell. */
export const nearest = (word: unknown, names: readonly string[]): string | undefined =>
  typeof word === "string"
    ? closestMatch(word, names, { maxDistance: Math.min(2, Math.floor(word.length / 2)) })
    : undefined;

/** Ends a sentence about an unknown name with those there are, and first with the one that was probably meant. */
export const knownNames = (what: string, names: readonly string[], meant?: string): string =>
  `; ${meant === undefined ? "the" : `did you mean "${meant}"? The`} ${what} are ${names.join(", ")}`;
