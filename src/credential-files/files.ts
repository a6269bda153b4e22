/** Stores passwords of database users: one file for each user, on disk before the user is created. */
import { basename } from "node:path";
import type { Secret } from "../common/secret.ts";
import { noteAcceptance, noteRefusal, putBeforeBack, removeBefore } from "./chain.ts";
import { generatePassword } from "./generate.ts";
import { removeLeftoversBelow } from "./leftovers.ts";
import { replaceIf } from "./moves.ts";
import { namedBeside, pathBeside, pathIn, type User } from "./paths.ts";
import { openFolder, publish, readPrivate } from "./private-file.ts";
import {
  beforeIn,
  completedText,
  confirmedText,
  credentialText,
  hasUri,
  isOwnedBy,
  isPending,
  isUnclear,
  passwordIn,
  sharedText,
  unclearText,
} from "./text.ts";
import { foldersOf, onFileOf, readForOwner, readUserFile } from "./user-file.ts";

/** A password on file. `made` means that this call generated it; `before` is the file with the password before it. */
export type Kept = User & {
  path: string;
  password: Secret;
  made: boolean;
  before?: string | undefined;
};

/**
 * The file of a user, and whether it has a connection string. `unclear` means that Atlas has not confirmed its password;
 * `before` is the file with the password before it, if that may be the right one.
 */
export type OnFile = {
  path: string;
  hasUri: boolean;
  unclear?: true;
  before?: string;
};

export type PasswordFiles = {
  /** Where the password of a user is, or will be. */
  pathOf(user: User): string;
  /**
   * The password to create a user with: the one on file while that is pending and its owner's, or else a new one. It is on
   * disk when the promise resolves. A password that Atlas once accepted is not used again, because deleting a user revokes
   * it; its file stays beside the new one until Atlas has accepted that.
   */
  keep(user: User, standardSrv?: string): Promise<Kept>;
  /**
   * A new password for a user that exists, whatever is on file: the file stays beside the new one until Atlas has accepted
   * that. No create uses this password.
   */
  renew(user: User, standardSrv?: string): Promise<Kept>;
  /**
   * After Atlas accepted the password: makes sure that the file has it, and the connection string if that is known. Unless
   * it is certain that the user has this password, the file with the password before it stays.
   */
  confirm(kept: Kept, standardSrv?: string, isCertain?: boolean): Promise<OnFile>;
  /**
   * After Atlas refused every request with the password: removes the file, or puts the one before it back. Not if another
   * call generated the password, uses it too, or had it accepted. Never throws.
   */
  discard(kept: Kept): Promise<void>;
  /** Where nobody knows whether Atlas accepted the password: says which file has it, which is written if it has gone. */
  leave(kept: Kept): Promise<Pick<OnFile, "path" | "before">>;
  /** The file of a user that exists, if there is one. Adds the connection string if that is known. */
  find(user: User, standardSrv?: string): Promise<OnFile | undefined>;
  /** What the owner of the password gets of the file, which it does not change. */
  readFor(user: User & { owner: string }): ReturnType<typeof readForOwner>;
};

/** Stores credential files below a folder. The first password creates the folder. */
export const createPasswordFiles = (folder: string): PasswordFiles => {
  const pathOf = (user: User) => pathIn(folder, user);
  const read = (user: User) => readUserFile(folder, user);

  let cleaning: Promise<void> | undefined;
  const openFolders = async (user: User) => {
    cleaning ??= removeLeftoversBelow(folder);
    await cleaning;
    for (const one of foldersOf(folder, user)) await openFolder(one);
  };

  /** Writes the new text. False if another process has changed the file meanwhile. */
  const update = async (user: User, oldText: string, newText: string): Promise<boolean> =>
    newText === oldText || replaceIf(pathOf(user), oldText, newText);

  /** Generates a password. Undefined if another process has changed the file with the old text meanwhile. */
  const generate = async (
    user: User,
    oldText: string | undefined,
    standardSrv?: string,
    marked = (text: string) => text,
  ): Promise<Kept | undefined> => {
    const path = pathOf(user);
    const password = generatePassword();
    const before = oldText === undefined ? undefined : pathBeside(path);
    const name = before === undefined ? undefined : basename(before);
    const text = marked(credentialText({ ...user, password }, standardSrv, name));
    const isWritten =
      oldText === undefined ? publish(path, text) : replaceIf(path, oldText, text, before);
    return (await isWritten) ? { ...user, path, password, made: true, before } : undefined;
  };

  const share = async (
    user: User,
    { text, password }: { text: string; password: Secret },
    standardSrv?: string,
  ): Promise<Kept | undefined> => {
    const path = pathOf(user);
    const newText = sharedText(completedText(text, { ...user, password }, standardSrv));
    if (!(await update(user, text, newText))) return undefined;
    return { ...user, path, password, made: false, before: namedBeside(path, beforeIn(text)) };
  };

  const keep = async (user: User, standardSrv?: string): Promise<Kept> => {
    await openFolders(user);
    for (;;) {
      const onFile = await read(user);
      const isOurs =
        onFile !== undefined && isPending(onFile.text) && isOwnedBy(onFile.text, user.owner);
      const kept = isOurs
        ? await share(user, onFile, standardSrv)
        : await generate(user, onFile?.text, standardSrv);
      if (kept !== undefined) return kept;
    }
  };

  const renew = async (user: User, standardSrv?: string): Promise<Kept> => {
    await openFolders(user);
    for (;;) {
      const onFile = await read(user);
      // Unclear and not pending: the user exists.
      const kept = await generate(user, onFile?.text, standardSrv, unclearText);
      if (kept !== undefined) return kept;
    }
  };

  const has = (text: string | undefined, { username, password }: Kept): boolean =>
    text !== undefined && passwordIn(text, username)?.reveal() === password.reveal();

  /** Writes the confirmed text, and returns where. Undefined if another process has changed the file meanwhile. */
  const writeConfirmed = async (kept: Kept, standardSrv?: string) => {
    const { path, before } = kept;
    const onFile = await read(kept);
    if (has(onFile?.text, kept)) {
      const old = onFile?.text ?? "";
      const text = completedText(confirmedText(old), kept, standardSrv);
      const written = { path, text, before: before ?? namedBeside(path, beforeIn(old)) };
      return (await update(kept, old, text)) ? written : undefined;
    }
    // Another call removed the file, or replaced it. This may be the only copy of the password that Atlas accepted.
    await openFolders(kept);
    const text = confirmedText(credentialText(kept, standardSrv));
    if (onFile === undefined)
      return (await publish(path, text)) ? { path, text, before } : undefined;
    // Another call, which Atlas refused, has put the file before it back and left this password there.
    if (before !== undefined && has(await readPrivate(before), kept))
      return (await replaceIf(path, onFile.text, text)) ? { path, text, before } : undefined;
    if (!(await noteAcceptance(path, onFile.text, (one) => has(one, kept)))) return undefined;
    const beside = pathBeside(path);
    return (await publish(beside, text)) ? { path: beside, text, before: undefined } : undefined;
  };

  const confirm = async (kept: Kept, standardSrv?: string, isCertain = true): Promise<OnFile> => {
    for (;;) {
      const written = await writeConfirmed(kept, standardSrv);
      if (written === undefined) continue;
      const { path, text, before } = written;
      const onFile = { path, hasUri: hasUri(text) };
      if (before === undefined) return onFile;
      if (!isCertain) return { ...onFile, before };
      // The file is complete, so one that stays is no reason to fail.
      await removeBefore(path, before).catch(() => {});
      return onFile;
    }
  };

  const discard = async (kept: Kept) => {
    const { path, before } = kept;
    const isUnused = (text: string) => (isPending(text) || isUnclear(text)) && has(text, kept);
    // Another call may replace the file at any moment, and put it back. Not for ever: the one before may have gone.
    for (let tries = 0; tries < 10; tries += 1) {
      const text = kept.made ? (await read(kept))?.text : undefined;
      if (text === undefined) continue;
      if (isUnused(text)) await putBeforeBack(path, before, isUnused);
      else if (await noteRefusal(path, text, isUnused)) return;
    }
  };

  const leave = async (kept: Kept): Promise<Pick<OnFile, "path" | "before">> => {
    const { path } = kept;
    const onFile = await read(kept);
    if (onFile !== undefined && has(onFile.text, kept)) {
      const before = namedBeside(path, beforeIn(onFile.text));
      return { path, ...(before === undefined ? {} : { before }) };
    }
    // Another call has replaced it, and may remove the rest once Atlas has accepted its own.
    await openFolders(kept);
    const beside = pathBeside(path);
    await publish(beside, unclearText(credentialText(kept, undefined)));
    return { path: beside, ...(onFile === undefined ? {} : { before: path }) };
  };

  const find = async (user: User, standardSrv?: string): Promise<OnFile | undefined> => {
    const path = pathOf(user);
    for (;;) {
      const onFile = await read(user);
      if (onFile === undefined) return undefined;
      const { text, password } = onFile;
      const newText = completedText(unclearText(text), { ...user, password }, standardSrv);
      if (!(await update(user, text, newText))) continue;
      const before = namedBeside(path, beforeIn(newText));
      return {
        path,
        hasUri: hasUri(newText),
        ...(isUnclear(newText) ? { unclear: true } : {}),
        ...(before === undefined ? {} : { before }),
      };
    }
  };

  const named = <T>(user: User, work: () => Promise<T>) => onFileOf(folder, user, work);

  return {
    pathOf,
    keep: (user, standardSrv) => named(user, () => keep(user, standardSrv)),
    renew: (user, standardSrv) => named(user, () => renew(user, standardSrv)),
    leave: (kept) => named(kept, () => leave(kept)),
    confirm: (kept, standardSrv, isCertain) =>
      named(kept, () => confirm(kept, standardSrv, isCertain)),
    discard: (kept) => discard(kept).catch(() => {}),
    find: (user, standardSrv) => named(user, () => find(user, standardSrv)),
    readFor: (user) => named(user, () => readForOwner(folder, user)),
  };
};
