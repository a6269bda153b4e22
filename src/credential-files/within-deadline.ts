/** Bounds the work on credential files by the deadline of a call: a folder on another machine may not answer. */
import { type Deadline, resultMs, settleWithin } from "../common/deadline.ts";
import { AtlasToolError, failure } from "../common/failure.ts";
import type { Kept, PasswordFiles } from "./files.ts";

// Of a short deadline, only this part is left for the result.
const resultPart = 0.25;

const late = (path: string, afterwards: string) => () =>
  new AtlasToolError(
    failure("unavailable", `${path}: the folder did not answer in time. ${afterwards}`, {
      retry: "same_arguments",
    }),
  );

const unsent = "Nothing was sent to Atlas. The operator of this server has to check the folder.";
const unfinished = "The operator of this server has to check it.";

/** The same files, whose work ends with the failure `unavailable` before the deadline does. */
export const withinDeadline = (files: PasswordFiles, deadline: Deadline): PasswordFiles => {
  const bound = <T>(work: Promise<T>, path: string, afterwards: string): Promise<T> => {
    const left = deadline.remaining();
    const part = left === 0 ? 0 : 1 - Math.min(resultMs / left, resultPart);
    return settleWithin(work, deadline.fraction(part), late(path, afterwards));
  };
  /** A password that comes too late is discarded: nobody uses it. */
  const boundNew = (making: Promise<Kept>, path: string): Promise<Kept> => {
    let isLate = false;
    const discardLate = async (kept: Kept) => {
      if (isLate) await files.discard(kept);
    };
    making.then(discardLate).catch(() => {});
    return bound(making, path, unsent).catch((error: unknown) => {
      isLate = true;
      throw error;
    });
  };
  return {
    ...files,
    keep: (user, standardSrv) => boundNew(files.keep(user, standardSrv), files.pathOf(user)),
    renew: (user, standardSrv) => boundNew(files.renew(user, standardSrv), files.pathOf(user)),
    confirm: (kept, ...more) => bound(files.confirm(kept, ...more), kept.path, unfinished),
    discard: (kept) => bound(files.discard(kept), kept.path, unfinished).catch(() => {}),
    leave: (kept) => bound(files.leave(kept), kept.path, unfinished),
    find: (user, standardSrv) =>
      bound(files.find(user, standardSrv), files.pathOf(user), unfinished),
  };
};
