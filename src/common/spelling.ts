/** Finds the name that was probably meant, for "did you mean". */
import { closestMatch } from "leven";

/**
 * The known name that differs from `word` in at most `most` letters, whatever their case; undefined if there is none, or
 * if `word` is shorter than two letters for each that may differ, so that short words do not mean each other.
 */
export const nearest = (word: string, names: readonly string[], most = 2): string | undefined => {
  const maxDistance = Math.min(most, Math.floor(word.length / 2));
  const lower = names.map((name) => name.toLowerCase());
  const found = closestMatch(word.toLowerCase(), lower, { maxDistance });
  return found === undefined ? undefined : names[lower.indexOf(found)];
};
