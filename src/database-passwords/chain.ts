/** Files with earlier passwords of a user: each names the one before it. */
import { removeIf, replaceIf, restoreIf } from "./moves.ts";
import { namedBeside } from "./paths.ts";
import { readPrivate, removeFile } from "./private-file.ts";
import { beforeIn, isRefused, isShared, refusedText, withoutBefore } from "./text.ts";

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

/** Notes that Atlas has refused a password whose file another call has replaced, so that it is not put back. */
export const noteRefusal = async (path: string, text: string, isUnwanted: Check): Promise<void> => {
  const before = namedBeside(path, beforeIn(text));
  const old = before === undefined ? undefined : await readPrivate(before);
  if (before === undefined || old === undefined) return;
  if (!isUnwanted(old)) await noteRefusal(path, old, isUnwanted);
  else if (!isShared(old)) await replaceIf(before, old, refusedText(old));
};
