/** Output of the commands. */
import { errnoOf } from "../common/errno.ts";
import { sayProblem } from "./problem.ts";

const writeTo = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream.write(text, (error) => {
      // A reader such as `head` has what it wanted and is gone.
      if (errnoOf(error) === "EPIPE") process.exit(0);
      if (error) {
        sayProblem(`the output cannot be written (${errnoOf(error) ?? error.message})`);
        process.exit(1);
      }
      resolve();
    });
  });

/** Writes to stdout and waits for it, because the text in a pipe is lost when the process exits. */
export const writeStdout = (text: string): Promise<void> => writeTo(process.stdout, text);

/** Writes to stderr what belongs to the output of a command, and waits for it. */
export const writeStderr = (text: string): Promise<void> => writeTo(process.stderr, text);
