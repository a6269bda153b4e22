/** Credentials of a database user from this server's own files on this machine. */
import { fail } from "../../common/failure.ts";
import { nearest } from "../../common/spelling.ts";
import { visible } from "../../common/visible.ts";
import type { User } from "../../credential-files/paths.ts";
import { readStored, type Stored, storedNames } from "../../credential-files/stored.ts";
import type { Credentials } from "./credentials.ts";

const doubts: Record<NonNullable<Stored["doubt"]>, string> = {
  pending:
    "Atlas has not confirmed this user yet, so its password may not work: repeat create_database_user, or look for the user in Atlas.",
  unclear:
    "Atlas has this user, but has not confirmed this password: if the login fails, update_database_user with rotatePassword sets a new one.",
  refused:
    "Atlas has refused this password: update_database_user with rotatePassword sets a new one.",
};

const notesOn = ({ doubt, before }: Stored): string[] => [
  ...(doubt === undefined ? [] : [doubts[doubt]]),
  ...(before === undefined ? [] : [`The password before it is in ${before}.`]),
];

/** Fails because no file has a password of the user, and says what to do. */
const refuseUnknown = async ({ groupId, username }: User, folder: string): Promise<never> => {
  const names = await storedNames(folder, groupId);
  const meant = nearest(username, names);
  const hint = meant === undefined ? "" : ` Did you mean "${visible(meant)}"?`;
  const known =
    names.length === 0
      ? `${folder} has no password of any user of the project ${groupId}.`
      : `${folder} has no password of the user "${visible(username)}" of the project ${groupId}.${hint}`;
  return fail(
    "not_found",
    `${known} If the server has another folder (ATLAS_MCP_CREDENTIALS_DIR), name it with --credentials-dir. Else create_database_user makes the user with a password, and update_database_user with rotatePassword gives one that exists a new password; users of $external have none.`,
  );
};

/** Reads the credentials from the folder of credential files. Fails if it has none of this user. */
export const readLocal = async (user: User, folder: string): Promise<Credentials> => {
  const stored = await readStored(folder, user);
  if (stored === undefined) return refuseUnknown(user, folder);
  return { ...user, password: stored.password, uri: stored.uri, notes: notesOn(stored) };
};
