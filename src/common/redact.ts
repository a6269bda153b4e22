/** Removes the credentials and tokens in use from errors and log lines, in case one gets there. */

export type Redactor = {
  /** Registers a secret. Short values are ignored, because ordinary words could contain them. */
  add(value: string): void;
  /** Returns the same plain data with every secret masked, and masks what is nested too deep to be searched. */
  clean<T>(value: T): T;
};

const mask = "[redacted]";

const shortest = 6;

// Far below what the stack allows: a log field can be nested deeper than any function can follow.
const deepest = 100;

export const createRedactor = (): Redactor => {
  const secrets = new Set<string>();

  const cleanText = (text: string): string => {
    let cleaned = text;
    for (const one of secrets) if (cleaned.includes(one)) cleaned = cleaned.replaceAll(one, mask);
    return cleaned;
  };

  const cleanValue = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return cleanText(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth === deepest) return mask;
    if (Array.isArray(value)) return value.map((one) => cleanValue(one, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [cleanText(name), cleanValue(one, depth + 1)]),
    );
  };

  return {
    add: (value) => {
      if (value.length >= shortest) secrets.add(value);
    },
    clean: (value) => cleanValue(value, 0) as typeof value,
  };
};
