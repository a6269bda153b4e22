/** What the tools that delete have in common. */
import { raise, type Suggestion } from "../common/failure.ts";
import { nearest } from "../common/spelling.ts";
import { stillDeleting } from "../operations/delete-failures.ts";
import type { DeleteResult, DeleteSpec } from "../operations/delete-spec.ts";
import type { Risk } from "./define.ts";
import type { Body } from "./result.ts";

/** What the deletion of a project or a cluster means. */
export const dataLost: Risk = { says: "This cannot be undone: its data is lost." };

/** The body where nothing has the name. One whose name is nearly the same may have been meant, and is still there. */
export const absentBody = (
  what: string,
  name: string,
  names: readonly (string | undefined)[],
  lookUp: (like: string, note: string) => Suggestion,
): Body => {
  const like = nearest(
    name,
    names.map((one) => one ?? ""),
  );
  if (like === undefined) return { outcome: "absent" };
  const note = `No ${what} has exactly this name, but the project has ${JSON.stringify(like)}.`;
  return { outcome: "absent", note, suggestions: [lookUp(like, note)] };
};

/** The body of a finished delete. Throws if Atlas has accepted it but the resource still exists. */
export const deletedBody = <T>(deleted: DeleteResult<T>, spec: DeleteSpec<T>): Body => {
  if (deleted.outcome === "absent") return { outcome: "absent" };
  if (deleted.outcome === "accepted")
    return raise(stillDeleting(spec, deleted.stateName, deleted.last));
  return { outcome: "deleted", ...(deleted.reconciled ? { reconciled: true } : {}) };
};
