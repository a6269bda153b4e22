/** Writes to stdout and waits until it is out: a pipe would be cut off by the end of the process. */
export const writeStdout = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(text, () => resolve()));
