/** Words for a shell: a command that a person copies has to mean the same there. */

const safe = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The characters that cmd.exe and PowerShell take as they are as well. */
const safeOnWindows = /^[A-Za-z0-9_+=:./\\-]+$/;

/** A word as it is written in a shell: in quotes, if it has anything that a shell reads as its own. */
export const quoteForShell = (word: string, platform = process.platform): string => {
  if (platform === "win32") return safeOnWindows.test(word) ? word : `"${word}"`;
  return safe.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
};
