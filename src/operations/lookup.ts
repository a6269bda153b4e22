/** Looks for something by its name in a project, and says what the refusal of a look-up means. */
import { type Failure, failureOf, raise } from "../common/failure.ts";

/** What a look-up by name has found: the resources, or that looking is not permitted. */
export type Lookup<T> = { found: T[] } | { notPermitted: Failure };

/** Codes of Atlas that say that the project itself is not there. */
export const noProject: readonly string[] = ["GROUP_NOT_FOUND", "INVALID_GROUP_ID"];

/** Atlas's own code for a failure; empty where Atlas gave none. */
export const atlasCodeOf = ({ atlas }: Failure): string => atlas?.errorCode ?? "";

/** When to look for what a lost answer has left: milliseconds between one look and the next (docs/architecture.md#lost-answers). */
export const lookUpDelays: readonly number[] = [500, 1000, 2000, 4000, 8000];

/**
 * Looks by `read`. Atlas's codes in `absent` say that nothing has the name; a missing project ends the call, and so does
 * something of another kind that has the name.
 */
export const lookUpBy = async <T>(
  absent: readonly string[],
  read: () => Promise<T[]>,
): Promise<Lookup<T>> => {
  try {
    return { found: await read() };
  } catch (error) {
    const failed = failureOf(error);
    const code = atlasCodeOf(failed);
    if (absent.includes(code)) return { found: [] };
    if (failed.code === "not_found" && !noProject.includes(code))
      return raise({ ...failed, code: "unavailable", retry: "same_arguments" });
    if (failed.code === "forbidden") return { notPermitted: failed };
    if (failed.code === "name_conflict") return raise({ ...failed, outcome: "exists" });
    throw error;
  }
};
