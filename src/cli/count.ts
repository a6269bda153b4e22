/** A number with its noun, such as `1 line` and `2 lines`. */
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? "" : "s"}`;
