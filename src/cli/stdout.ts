/** Writes to stdout and waits for it, because the text in a pipe is lost when the process exits. */
export const writeStdout = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(text, () => resolve()));
