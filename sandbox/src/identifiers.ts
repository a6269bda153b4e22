/** The identifiers that Atlas generates. */
/** Generators of Atlas's identifiers, all from one source of randomness. */
export type Identifiers = {
  objectId(now: number): string;
  text(alphabet: string, length: number): string;
  hex(length: number): string;
  uuid(): string;
};

const hexDigits = "0123456789abcdef";

/** The characters in the generated parts of Atlas's host names. */
export const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Creates the generators of one sandbox. */
export const createIdentifiers = (random: () => number): Identifiers => {
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");
  const hex = (length: number): string => text(hexDigits, length);
  const machine = hex(10);
  let counter = Math.floor(random() * 0x1000000);

  return {
    text,
    hex,
    // BSON's layout: seconds, five bytes of the process, a counter. The counter makes ids unique even if
    // `random` is constant in a test.
    objectId: (now) => {
      counter = (counter + 1) % 0x1000000;
      const seconds = (Math.floor(now / 1000) % 0x100000000).toString(16).padStart(8, "0");
      return `${seconds}${machine}${counter.toString(16).padStart(6, "0")}`;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${text("89ab", 1)}${hex(3)}-${hex(12)}`,
  };
};
