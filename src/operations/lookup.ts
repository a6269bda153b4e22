/** Looks up resources by name, and decides what a refused look-up means. */
import { type Failure, failureOf, raise } from "../common/failure.ts";

/** What a look-up by name has found: the resources, or that it is not permitted. */
export type Lookup<T> = { found: T[] } | { notPermitted: Failure };

/** Atlas codes that mean that the project itself does not exist. */
export const noProject: readonly string[] = ["GROUP_NOT_FOUND", "INVALID_GROUP_ID"];

/** Atlas's own code for a failure; empty if there is none. */
export const atlasCodeOf = ({ atlas }: Failure): string => atlas?.errorCode ?? "";

/** The waits before the look-ups after a lost response, in milliseconds (docs/architecture.md#lost-answers). */
export const lookUpDelays: readonly number[] = [500, 1000, 2000, 4000, 8000];

/**
 * Looks up with `read`. The Atlas codes in `absent` mean that nothing has the name. Throws if the project is missing or a
 * resource of another kind has the name.
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
