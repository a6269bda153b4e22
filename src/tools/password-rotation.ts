/** The new password of a database user during an update: when it is generated, confirmed, given up or left. */
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { Kept, PasswordFiles } from "../credential-files/files.ts";
import type { User } from "../credential-files/paths.ts";
import type { NewPassword } from "../operations/database-user-update.ts";
import type { UpdateResult, UpdateSpec } from "../operations/update-spec.ts";
import { byOwner, isUnclear } from "./user-password.ts";

type Updated = UpdateResult<DatabaseUser>;
type Place = { path: string; before?: string | undefined };

/** Says where the passwords are of which nobody knows which one is right. */
const withBoth = (failed: Failure, { path, before }: Place): Failure => {
  const old =
    before === undefined ? "this server has no other one" : `the one before is in ${before}`;
  return {
    ...failed,
    message: `${failed.message} The new password is in ${path}, and ${old}. Which of them is right is not known.`,
    suggestions: failed.suggestions.map((suggestion) =>
      suggestion.suggest === "repeat"
        ? { ...suggestion, why: "Safe to repeat: it sets another new password." }
        : suggestion,
    ),
  };
};

/** One rotation: all requests of it have the same password, until Atlas has accepted one. */
export const rotateWith = (files: PasswordFiles, user: User, address: string | undefined) => {
  let kept: Kept | undefined;
  let isAccepted = false;
  let mayBeInAtlas = false;

  const newPassword: NewPassword = async () => {
    // Sent again, it would take the place of one that another server has set since.
    if (isAccepted) return undefined;
    kept ??= await files.renew(user, address);
    return kept.password;
  };

  const confirm = (used: Kept): Promise<NonNullable<Updated["file"]>> =>
    files
      .confirm(used, address)
      .catch((error: unknown) => ({ path: used.path, problem: failureOf(error).message }));

  const afterFailure = async (failed: Failure, used: Kept): Promise<never> => {
    if (isAccepted) {
      const { path } = await confirm(used);
      const message = `${failed.message} Atlas has accepted the new password, which is in ${path}.`;
      return raise({ ...failed, message });
    }
    if (mayBeInAtlas) {
      const { path, before } = used;
      return raise(withBoth(failed, await files.leave(used).catch(() => ({ path, before }))));
    }
    await files.discard(used);
    return raise(failed);
  };

  const complete = async (updating: Promise<Updated>): Promise<Updated> => {
    const updated = await updating.catch((error: unknown) =>
      kept === undefined ? Promise.reject(error) : afterFailure(failureOf(error), kept),
    );
    return kept === undefined ? updated : { ...updated, file: await confirm(kept) };
  };

  /** The update, which notes what became of each request and of the password. */
  const rotating = (spec: UpdateSpec<DatabaseUser>): UpdateSpec<DatabaseUser> => ({
    ...spec,
    fingerprint: byOwner(spec.fingerprint, user),
    send: async (resource, deadline) => {
      const sent = await spec.send(resource, deadline);
      isAccepted ||= sent.fate === "accepted";
      mayBeInAtlas ||= isUnclear(sent);
      return sent;
    },
    complete,
  });

  return { newPassword, rotating };
};
