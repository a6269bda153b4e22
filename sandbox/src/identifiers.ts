/** The identifiers that Atlas generates. */
/** Generators of Atlas's identifiers, all from one source of randomness. */
export type Identifiers = {
  objectId(now: number): string;
  text(alphabet: string, length: number): string;
  hex(length: number): string;
  uuid(): string;
};

const hexDigits = "0123456789abcdef";

/** How many application servers of Atlas create ids. */
const machineCount = 4;

/** The characters in the generated parts of Atlas's host names. */
export const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Creates the generators of one sandbox. */
export const createIdentifiers = (random: () => number): Identifiers => {
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");
  const hex = (length: number): string => text(hexDigits, length);
  // The last digit keeps the machines apart, and the counters the ids of one machine, even if `random` is constant.
  const machines = Array.from({ length: machineCount }, (_, index) => ({
    bytes: `${hex(9)}${index}`,
    counter: Math.floor(random() * 0x1000000),
  }));

  return {
    text,
    hex,
    // BSON's layout: seconds, five bytes of the machine, its counter. So ids of one second are in no order.
    objectId: (now) => {
      const machine = machines[Math.floor(random() * machineCount)];
      if (machine === undefined)
        throw new Error("Random numbers must be at least 0 and less than 1.");
      machine.counter = (machine.counter + 1) % 0x1000000;
      const seconds = (Math.floor(now / 1000) % 0x100000000).toString(16).padStart(8, "0");
      return `${seconds}${machine.bytes}${machine.counter.toString(16).padStart(6, "0")}`;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${text("89ab", 1)}${hex(3)}-${hex(12)}`,
  };
};
