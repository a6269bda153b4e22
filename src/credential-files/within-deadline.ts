/** Bounds the work on credential files by the deadline of a call: a folder on another machine may not answer. */
import { type Deadline, resultMs, settleWithin } from "../common/deadline.ts";
import { AtlasToolError, failure } from "../common/failure.ts";
import type { EphemeralFiles, Reservation } from "./ephemeral.ts";
import type { PasswordFiles } from "./files.ts";

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

/** Settles as the work at a path does, or rejects with the failure `unavailable` before the deadline ends. */
export const boundBy =
  (deadline: Deadline) =>
  <T>(work: Promise<T>, path: string, afterwards: string): Promise<T> => {
    const left = deadline.remaining();
    const part = left === 0 ? 0 : 1 - Math.min(resultMs / left, resultPart);
    return settleWithin(work, deadline.fraction(part), late(path, afterwards));
  };

/** Makes something new in time. What comes too late is undone: nobody uses it. */
const makeBy =
  (deadline: Deadline) =>
  <T>(making: Promise<T>, path: string, undo: (made: T) => Promise<void>): Promise<T> => {
    let isLate = false;
    making.then((made) => (isLate ? undo(made) : undefined)).catch(() => {});
    return boundBy(deadline)(making, path, unsent).catch((error: unknown) => {
      isLate = true;
      throw error;
    });
  };

/** The same files of database users, whose work ends with the failure `unavailable` before the deadline does. */
export const withinDeadline = (files: PasswordFiles, deadline: Deadline): PasswordFiles => {
  const [bound, make] = [boundBy(deadline), makeBy(deadline)];
  const { discard } = files;
  return {
    ...files,
    keep: (user, standardSrv) => make(files.keep(user, standardSrv), files.pathOf(user), discard),
    renew: (user, standardSrv) => make(files.renew(user, standardSrv), files.pathOf(user), discard),
    confirm: (kept, ...more) => bound(files.confirm(kept, ...more), kept.path, unfinished),
    discard: (kept) => bound(discard(kept), kept.path, unfinished).catch(() => {}),
    leave: (kept) => bound(files.leave(kept), kept.path, unfinished),
    find: (user, standardSrv) =>
      bound(files.find(user, standardSrv), files.pathOf(user), unfinished),
    readFor: (user) => bound(files.readFor(user), files.pathOf(user), unfinished),
  };
};

/** The same files of ephemeral clusters, whose work ends with the failure `unavailable` before the deadline does. */
export const ephemeralWithinDeadline = (
  files: EphemeralFiles,
  deadline: Deadline,
): EphemeralFiles => {
  const [bound, make] = [boundBy(deadline), makeBy(deadline)];
  const { pathOf, release } = files;
  const undo = async (reservation: Reservation | undefined) => {
    if (reservation !== undefined) await release(reservation);
  };
  return {
    ...files,
    holder: (ephemeral, now) => bound(files.holder(ephemeral, now), pathOf(ephemeral), unsent),
    find: (ephemeral) => bound(files.find(ephemeral), pathOf(ephemeral), unsent),
    reserve: (ephemeral, now) => make(files.reserve(ephemeral, now), pathOf(ephemeral), undo),
    keep: (reservation, made) => bound(files.keep(reservation, made), reservation.path, unfinished),
    release: (reservation) =>
      bound(release(reservation), reservation.path, unfinished).catch(() => {}),
    freeName: (ephemeral, now) => bound(files.freeName(ephemeral, now), pathOf(ephemeral), unsent),
  };
};
