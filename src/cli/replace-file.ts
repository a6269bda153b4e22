/** Replaces files that are not only this program's. */
import { promises, renameSync, statSync } from "node:fs";
import { syncFolder, writeTemporary } from "../credential-files/private-file.ts";

/**
 * Replaces a file, completely or not at all. It keeps its mode and owner, so that others can still read it. A new one is
 * its owner's alone, unless `mode` says otherwise. `check` throws if the file must not be replaced after all.
 */
export const replaceFile = async (
  path: string,
  text: string,
  mode?: number,
  check?: () => void,
): Promise<void> => {
  const before = statSync(path, { throwIfNoEntry: false });
  const temporary = await writeTemporary(path, text);
  try {
    if (before !== undefined) {
      await promises.chmod(temporary, before.mode & 0o777);
      const now = statSync(temporary);
      if (now.uid !== before.uid || now.gid !== before.gid)
        await promises.chown(temporary, before.uid, before.gid);
    }
    if (before === undefined && mode !== undefined) await promises.chmod(temporary, mode);
    // Without a wait between them, so that next to nothing can happen meanwhile.
    check?.();
    renameSync(temporary, path);
  } catch (error) {
    await promises.unlink(temporary);
    throw error;
  }
  await syncFolder(path);
};
