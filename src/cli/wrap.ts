/** Breaks lines between words, for help and for terminals. */

/** How wide the terminal is; undefined where stdout is a pipe or a file, because scripts read whole lines. */
export const terminalWidth = (): number | undefined =>
  process.stdout.isTTY ? process.stdout.columns || undefined : undefined;

/** The lines of a text. A word is never cut, so that an address or a path can be copied. */
const linesOf = (text: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

// A text beside its prefix needs some room; with less, it begins below.
const leastRoom = 24;

/** A prefix and a text after it that is wrapped to the width, where there is one. Lines after the first hang below it. */
export const hang = (prefix: string, text: string, width: number | undefined): string => {
  if (width === undefined || prefix.length + text.length <= width) return `${prefix}${text}`;
  const room = width - prefix.length;
  if (room < leastRoom)
    return [prefix.trimEnd(), ...linesOf(text, width - 4).map((line) => `    ${line}`)].join("\n");
  return `${prefix}${linesOf(text, room).join(`\n${" ".repeat(prefix.length)}`)}`;
};

export const wrap = (text: string, width: number): string => hang("", text, width);

/** Rows of two columns: names, and texts that wrap within theirs. */
export const rows = (pairs: readonly (readonly [string, string])[], width: number): string[] => {
  const column = Math.max(...pairs.map(([name]) => name.length)) + 4;
  return pairs.map(([name, text]) => hang(`  ${name}`.padEnd(column), text, width));
};
