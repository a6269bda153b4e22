import { inspect } from "node:util";

/** A value that does not show itself as text, in JSON or on the console. */
export type Secret = { reveal(): string };

const mask = "[secret]";

/** Wraps a secret. Only `reveal()` returns it. */
export const secret = (value: string): Secret =>
  Object.freeze({
    reveal: () => value,
    toString: () => mask,
    toJSON: () => mask,
    [inspect.custom]: () => mask,
  });
