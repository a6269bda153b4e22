/** Looking for something by its name in a project, and what the refusal of a look-up means. */
import { AtlasToolError, type Failure } from "../common/failure.ts";

/** What a look-up by name has found: the resources, or that looking is not permitted. */
export type Lookup<T> = { seen: T[] } | { hidden: Failure };

/** Codes of Atlas that say that the project itself is not there. */
export const noProject: readonly string[] = ["GROUP_NOT_FOUND", "INVALID_GROUP_ID"];

/** Whether a failure says so. */
export const isWithoutProject = ({ atlas }: Failure): boolean =>
  noProject.includes(atlas?.errorCode ?? "");

/** When to look for what a lost answer has left: milliseconds between one look and the next (design 4.5). */
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
    return { seen: await read() };
  } catch (error) {
    if (!(error instanceof AtlasToolError)) throw error;
    const { failure } = error;
    if (absent.includes(failure.atlas?.errorCode ?? "")) return { seen: [] };
    if (failure.code === "not_found" && !isWithoutProject(failure))
      throw new AtlasToolError({ ...failure, code: "unavailable", retry: "same_arguments" });
    if (failure.code === "forbidden") return { hidden: failure };
    if (failure.code === "name_conflict")
      throw new AtlasToolError({ ...failure, outcome: "exists" });
    throw error;
  }
};
