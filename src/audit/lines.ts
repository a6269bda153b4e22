/** Reads a file line by line, however long its lines are. */
import { createReadStream } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** In characters: more than the longest line that a call can cause, since stdio takes messages of 10 MiB. */
const mostCharacters = 32 * 1024 * 1024;

/**
 * The lines of a file without their ends (LF, or CR and LF); undefined for one that is longer than `longest`, of which
 * nothing is kept.
 */
export const linesOf = async function* (
  path: string,
  longest = mostCharacters,
): AsyncGenerator<string | undefined> {
  const decoder = new StringDecoder("utf8");
  let line = "";
  let isTooLong = false;
  const add = (text: string): void => {
    isTooLong ||= line.length + text.length > longest;
    line = isTooLong ? "" : line + text;
  };
  const take = (): string | undefined => {
    const taken = isTooLong ? undefined : line.replace(/\r$/, "");
    line = "";
    isTooLong = false;
    return taken;
  };
  for await (const chunk of createReadStream(path)) {
    const [first = "", ...rest] = decoder.write(chunk).split("\n");
    add(first);
    for (const text of rest) {
      yield take();
      add(text);
    }
  }
  add(decoder.end());
  if (line !== "" || isTooLong) yield take();
};
