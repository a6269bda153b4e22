/** The password of a database user during its create: when it is generated, confirmed, given up or left. */
import type { Sent } from "../atlas/client.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { Secret } from "../common/secret.ts";
import type { Kept, OnFile, PasswordFiles } from "../credential-files/files.ts";
import type { User } from "../credential-files/paths.ts";
import type { CreatedFile, CreateResult, CreateSpec } from "../operations/create-spec.ts";
import { mayHaveActed } from "../operations/failures.ts";

type Created = CreateResult<DatabaseUser>;

/** The fingerprint for one owner: calls of several do not share a request, because each owner gets a password of its own. */
export const byOwner = (fingerprint: string, { owner }: User): string =>
  JSON.stringify([owner ?? null, fingerprint]);

/** The password of a plan, which only reads. */
export const unsent = (): Promise<never> => Promise.reject(new Error("A plan sends nothing."));

/** Whether Atlas may have created the user with the password of this request, although it did not say so. */
export const isUnclear = (sent: Sent<unknown>): boolean =>
  sent.fate === "unknown" || (sent.fate === "refused" && mayHaveActed(sent.failure));

/** Adds to a failure where the password is, in case the user was created with it. */
const withFile = (failed: Failure, path: string): Failure => {
  const when = failed.outcome === "unknown" ? "the user exists" : "this call created the user";
  return { ...failed, message: `${failed.message} If ${when}, its password is in ${path}.` };
};

/** One create with a password from a file. `address` goes into its connection string. */
export const createWithPassword = (
  files: PasswordFiles,
  user: User,
  address: string | undefined,
) => {
  let kept: Kept | undefined;
  let mayBeInAtlas = false;

  const password = async (): Promise<Secret> => {
    kept ??= await files.keep(user, address);
    return kept.password;
  };

  const confirm = async (used: Kept, isCertain: boolean): Promise<CreatedFile> => {
    // The user is there, whatever becomes of the file: it has had the password since before the request.
    const file = await files
      .confirm(used, address, isCertain)
      .catch((error: unknown) => ({ path: used.path, problem: failureOf(error).message }));
    return { ...file, reused: !used.made, renewed: used.made && used.before !== undefined };
  };

  const afterFailure = async (failed: Failure, used: Kept): Promise<never> => {
    if (!mayBeInAtlas) await files.discard(used);
    if (failed.outcome === "unknown") return raise(withFile(failed, used.path));
    if (failed.outcome !== "exists" || !mayBeInAtlas) return raise(failed);
    // The file now says that the user is there, so that no later create uses this password.
    await files.find(user, address).catch(failureOf);
    return raise(withFile(failed, used.path));
  };

  const complete = async (creating: Promise<Created>): Promise<Created> => {
    const created = await creating.catch((error: unknown) =>
      kept === undefined ? Promise.reject(error) : afterFailure(failureOf(error), kept),
    );
    if (kept === undefined) return created;
    if (created.outcome === "created")
      return { ...created, file: await confirm(kept, created.reconciled !== true) };
    if (!mayBeInAtlas) await files.discard(kept);
    return created;
  };

  /** The create, which notes what became of each request and of the password. */
  const completing = (spec: CreateSpec<DatabaseUser>): CreateSpec<DatabaseUser> => ({
    ...spec,
    fingerprint: byOwner(spec.fingerprint, user),
    post: async (deadline) => {
      const sent = await spec.post(deadline);
      mayBeInAtlas ||= isUnclear(sent);
      return sent;
    },
    complete,
  });

  return { password, completing };
};

/** The file of a user that exists, or why nobody knows. Any failure but that the folder does not answer is thrown. */
export const findFile = (
  files: PasswordFiles,
  user: User,
  address: string | undefined,
): Promise<OnFile | { problem: string } | undefined> =>
  files.find(user, address).catch((error: unknown) => {
    const failed = failureOf(error);
    return failed.code === "unavailable" ? { problem: failed.message } : raise(failed);
  });
