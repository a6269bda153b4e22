/** How one setting is declared. */
import * as z from "zod/v4";

/** What a flag is about: `--help` shows those of one topic together. */
export type Topic =
  | "Atlas"
  | "What is allowed"
  | "Files"
  | "Limits and log"
  | "Callers"
  | "Address";

/** The variables and the flag of a setting, and its text in `--help` and the documentation. */
export type Setting = {
  /** Environment variables. The first that is set wins. */
  env: readonly [string, ...string[]];
  flag?: string;
  /** Of the flag. */
  topic?: Topic;
  /** What stands for the value in `--help`. */
  value?: string;
  boolean?: true;
  /** Also read from the file that `<variable>_FILE` names. */
  file?: true;
  /** It names a file or a folder: a leading `~/` is the user's home. */
  path?: true;
  /** White space around it belongs to it. */
  verbatim?: true;
  /** Only `http` uses it, so no other command takes its flag. */
  http?: true;
  help: string;
  /** More text for the table in the documentation, in Markdown. */
  more?: string;
};

/** What is known of each declared schema. */
export const registry = z.registry<Setting>();

/** Declares a setting. */
export const setting = <T extends z.ZodType>(type: T, about: Setting): T => {
  registry.add<z.ZodType>(type, about);
  return type;
};
