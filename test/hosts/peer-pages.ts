/** What docs/peers.md says about a program. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./tools.ts";

export type PeerSection = {
  text: string;
  /** What the sandbox does not have, as the page lists it: an operation, or the part of the program before its dot. */
  missing: readonly string[];
  /** Tells whether the page says that a step fails. A step is an operation, and after a comma what it is about. */
  isMissing(step: string): boolean;
  /** Tells whether a step may be left out, because something else of the same part is missing. */
  mayBeLeftOut(step: string): boolean;
};

/** The operation of a step, without what the step is about. */
export const operationOf = (step: string): string => step.replace(/,.*/, "");

/** What stands before the operation's dot: an API of the SDK, or an object of the client. */
export const partOf = (step: string): string => step.replace(/\..*/, "");

/** The section below a heading. Each of its paragraphs that starts with "Missing" is a list. */
export const peerSection = (heading: string): PeerSection => {
  const page = readFileSync(join(repository, "docs/peers.md"), "utf8");
  const text = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (text === undefined) throw new Error(`docs/peers.md has no section "${heading}".`);
  const lists = text.split("\n").filter((line) => line.startsWith("Missing"));
  const missing = lists.flatMap((line) =>
    [...line.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => name),
  );
  return {
    text,
    missing,
    isMissing: (step) =>
      missing.some((name) => name === operationOf(step) || name === partOf(step)),
    mayBeLeftOut: (step) => missing.some((name) => partOf(name) === partOf(step)),
  };
};
