/** Stores passwords of database users: one file for each user, on disk before the user is created. */
import { isAbsolute, join } from "node:path";
import { crypto } from "../common/crypto.ts";
import { errnoOf, messageOf } from "../common/errno.ts";
import type { Secret } from "../common/secret.ts";
import { generatePassword } from "./generate.ts";
import {
  isOwnFolder,
  openFolder,
  publish,
  readPrivate,
  refusePath,
  removeIf,
  replace,
} from "./private-file.ts";
import {
  completedText,
  confirmedText,
  credentialText,
  hasUri,
  isPending,
  passwordIn,
} from "./text.ts";

type User = { groupId: string; username: string };

/** A password on file. `made` means that this call created the file. */
export type Kept = User & { path: string; password: Secret; made: boolean };

/** The file of a user, and whether it has a connection string. */
export type OnFile = { path: string; hasUri: boolean };

export type PasswordFiles = {
  /** The password to create a user with: the one on file, or a new one. It is on disk when the promise resolves. */
  keep(user: User, standardSrv?: string): Promise<Kept>;
  /** After Atlas accepted the password: makes sure that the file has it, and the connection string if that is known. */
  confirm(kept: Kept, standardSrv?: string): Promise<OnFile>;
  /** After Atlas refused the user: removes the file, unless another call created it or had it accepted. Never throws. */
  discard(kept: Kept): Promise<void>;
  /** The file of a user, if there is one. Adds the connection string if that is known. */
  find(user: User, standardSrv?: string): Promise<OnFile | undefined>;
};

/** The default folder (XDG Base Directory Specification). */
export const passwordsFolder = (env: Record<string, string | undefined>, home: string): string => {
  const configured = env.XDG_DATA_HOME ?? "";
  const data = isAbsolute(configured) ? configured : join(home, ".local", "share");
  return join(data, "atlas-provision-mcp", "credentials");
};

const longestName = 120;

/** The file name for a user. Different users get different names, even on a file system that ignores case. */
const fileName = (username: string): string => {
  const safe = [...Buffer.from(username, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
  if (safe.length <= longestName) return `${safe}.env`;
  const digest = crypto().createHash("sha256").update(username).digest("hex").slice(0, 32);
  return `${safe.slice(0, 80)}~${digest}.env`;
};

/** Another path, for a file whose own path is taken. */
const alternativeTo = (path: string): string =>
  path.replace(/\.env$/, `~${crypto().randomUUID()}.env`);

const groupIdForm = /^[a-f0-9]{24}$/;

/** Stores credential files below a folder. The first password creates the folder. */
export const createPasswordFiles = (folder: string): PasswordFiles => {
  const pathOf = ({ groupId, username }: User): string => {
    if (!groupIdForm.test(groupId)) throw new Error("The id of the project is not valid.");
    return join(folder, groupId, fileName(username));
  };

  /** Turns an error of the file system into a failure that names the path. */
  const withPath = async <T>(user: User, work: () => Promise<T>): Promise<T> => {
    const path = pathOf(user);
    return work().catch((error: unknown) => {
      if (errnoOf(error) === undefined) throw error;
      return refusePath(path, `cannot be used for a password: ${messageOf(error)}`);
    });
  };

  const foldersOf = ({ groupId }: User) => [folder, join(folder, groupId)] as const;

  const openFolders = async (user: User) => {
    for (const one of foldersOf(user)) await openFolder(one);
  };

  const read = async (user: User): Promise<{ text: string; password: Secret } | undefined> => {
    const path = pathOf(user);
    for (const one of foldersOf(user)) if (!(await isOwnFolder(one))) return undefined;
    const text = await readPrivate(path);
    if (text === undefined) return undefined;
    const password = passwordIn(text, user.username);
    if (password === undefined)
      return refusePath(path, "has no MONGODB_PASSWORD of this user, and is not overwritten");
    return { text, password };
  };

  const update = async (user: User, oldText: string, newText: string): Promise<OnFile> => {
    const path = pathOf(user);
    if (newText !== oldText) await replace(path, newText);
    return { path, hasUri: hasUri(newText) };
  };

  const complete = (user: User, text: string, password: Secret, standardSrv?: string) =>
    update(user, text, completedText(text, { ...user, password }, standardSrv));

  const keep = async (user: User, standardSrv?: string): Promise<Kept> => {
    const path = pathOf(user);
    await openFolders(user);
    for (;;) {
      const onFile = await read(user);
      if (onFile !== undefined) {
        await complete(user, onFile.text, onFile.password, standardSrv);
        return { ...user, path, password: onFile.password, made: false };
      }
      const password = generatePassword();
      const text = credentialText(user.groupId, { ...user, password }, standardSrv);
      if (await publish(path, text)) return { ...user, path, password, made: true };
    }
  };

  const confirm = async (kept: Kept, standardSrv?: string): Promise<OnFile> => {
    const onFile = await read(kept);
    if (onFile?.password.reveal() === kept.password.reveal()) {
      const newText = completedText(confirmedText(onFile.text), kept, standardSrv);
      return update(kept, onFile.text, newText);
    }
    await openFolders(kept);
    // Another call removed the file, or replaced it. This is the only copy of the password that Atlas accepted.
    const text = confirmedText(credentialText(kept.groupId, kept, standardSrv));
    const written = { path: kept.path, hasUri: hasUri(text) };
    if (onFile === undefined && (await publish(kept.path, text))) return written;
    const path = alternativeTo(kept.path);
    await publish(path, text);
    return { ...written, path };
  };

  const discard = async (kept: Kept) => {
    const isUnused = (text: string) =>
      isPending(text) && passwordIn(text, kept.username)?.reveal() === kept.password.reveal();
    const onFile = kept.made ? await read(kept) : undefined;
    if (onFile !== undefined && isUnused(onFile.text))
      await removeIf(kept.path, alternativeTo(kept.path), isUnused);
  };

  return {
    keep: (user, standardSrv) => withPath(user, () => keep(user, standardSrv)),
    confirm: (kept, standardSrv) => withPath(kept, () => confirm(kept, standardSrv)),
    discard: (kept) => discard(kept).catch(() => {}),
    find: (user, standardSrv) =>
      withPath(user, async () => {
        const onFile = await read(user);
        if (onFile === undefined) return undefined;
        return complete(user, onFile.text, onFile.password, standardSrv);
      }),
  };
};
