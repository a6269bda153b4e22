/** How a command is declared. */
import type { Flags } from "../config/config.ts";
import type { Topic } from "../config/setting.ts";
import type { NamedSetting } from "../config/settings.ts";

export type Flag = {
  type: "string" | "boolean";
  /** What stands for the value in `--help`. */
  value?: string;
  /** The value if none is given; without this, a text needs one. */
  bare?: string;
  help: string;
  /** The variable that sets the same. */
  variable?: string;
  topic?: Topic | undefined;
};

/** `run` resolves to the exit code. */
export type Command = {
  /** The words after the program's name. */
  usage: string;
  help: string;
  /** More sentences for the page of the command. */
  more?: string;
  flags: Readonly<Record<string, Flag>>;
  /** Settings that have no flag. */
  variables: readonly NamedSetting[];
  /** How many words it takes after its name. */
  words: number;
  /** It starts another program: what stands after `--` belongs to that. */
  starts?: true;
  /** What the exit codes other than 2 mean. */
  exits: string;
  examples: readonly [string, string, ...string[]];
  run(flags: Flags, words: readonly string[], rest?: readonly string[]): Promise<number>;
};
