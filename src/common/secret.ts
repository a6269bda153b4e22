import { inspect } from "node:util";

/** A value that does not print: not in a template, not as JSON, not in a console, not in an error. */
export type Secret = { reveal(): string };

const mask = "[secret]";

/** Wraps a secret; only `reveal()` gives it out. */
export const secret = (value: string): Secret =>
  Object.freeze({
    reveal: () => value,
    toString: () => mask,
    toJSON: () => mask,
    [inspect.custom]: () => mask,
  });
