/** Files with earlier passwords of a user: each names the one before it. */
import { overwrite, removeIf, replaceIf, restoreIf } from "./moves.ts";
import { namedBeside } from "./paths.ts";
import { readPrivate, removeFile } from "./private-file.ts";
import {
  beforeIn,
  confirmedText,
  isRefused,
  isShared,
  refusedText,
  withoutBefore,
} from "./text.ts";

/** Removes a file, and those with the passwords before. */
const removeChain = async (path: string, before: string): Promise<void> => {
  const text = await readPrivate(before);
  if (text === undefined) return;
  await removeFile(before);
  const next = namedBeside(path, beforeIn(text));
  if (next !== undefined) await removeChain(path, next);
};

/** Removes the files with earlier passwords, and the remark about them. */
export const removeBefore = async (path: string, before: string): Promise<void> => {
  const text = await readPrivate(path);
  if (text !== undefined) await replaceIf(path, text, withoutBefore(text));
  await removeChain(path, before);
};

type Check = (text: string) => boolean;

/** Removes an unwanted file, or puts the one before it back: the first whose password Atlas has not refused. */
export const putBeforeBack = async (
  path: string,
  before: string | undefined,
  isUnwanted: Check,
): Promise<void> => {
  if (before !== undefined) await restoreIf(path, before, isUnwanted, isShared);
  else await removeIf(path, (text) => isUnwanted(text) && !isShared(text));
  const text = await readPrivate(path);
  if (text === undefined || !isRefused(text)) return;
  await putBeforeBack(path, namedBeside(path, beforeIn(text)), isRefused);
};

/** The files with the passwords before that of a text, the newest first. */
const filesBefore = async (path: string, text: string): Promise<{ at: string; text: string }[]> => {
  const at = namedBeside(path, beforeIn(text));
  const old = at === undefined ? undefined : await readPrivate(at);
  if (at === undefined || old === undefined) return [];
  return [{ at, text: old }, ...(await filesBefore(path, old))];
};

/** Removes a file that was written when it had been put back, or had gone: no file leads to it, so it has no use. */
const removeUnlisted = async (
  path: string,
  now: string | undefined,
  written: string,
  isWritten: Check,
): Promise<void> => {
  if (now === undefined) return;
  const listed = await filesBefore(path, now);
  if (!listed.some(({ at }) => at === written)) await removeIf(written, isWritten);
};

/**
 * Notes that Atlas has refused a password whose file another call has replaced, so that it is not put back. False if the
 * file at the path has become another one meanwhile.
 */
export const noteRefusal = async (
  path: string,
  text: string,
  isUnwanted: Check,
): Promise<boolean> => {
  const old = (await filesBefore(path, text)).find((one) => isUnwanted(one.text));
  if (old !== undefined && !isShared(old.text)) await overwrite(old.at, refusedText(old.text));
  const now = await readPrivate(path);
  if (now === text) return true;
  if (old !== undefined) await removeUnlisted(path, now, old.at, isRefused);
  return false;
};

/**
 * Notes that Atlas has accepted a password whose file another call has replaced, so that it counts as confirmed if that call
 * puts it back. False if the file at the path has become another one meanwhile.
 */
export const noteAcceptance = async (
  path: string,
  text: string,
  isAccepted: Check,
): Promise<boolean> => {
  const old = (await filesBefore(path, text)).find((one) => isAccepted(one.text));
  if (old !== undefined) await overwrite(old.at, confirmedText(old.text));
  const now = await readPrivate(path);
  // Without an old one too: it may have been put back meanwhile.
  if (now === text) return true;
  if (old !== undefined) await removeUnlisted(path, now, old.at, isAccepted);
  return false;
};
