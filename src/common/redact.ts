/** Removes the credentials and tokens in use from errors and log lines, in case one gets there. */

export type Redactor = {
  /** Registers a secret. Short values are ignored, because ordinary words could contain them. */
  add(value: string): void;
  /** Returns the same plain data with every secret masked. */
  clean<T>(value: T): T;
};

const mask = "[redacted]";

const shortest = 6;

export const createRedactor = (): Redactor => {
  const secrets = new Set<string>();

  const cleanText = (text: string): string => {
    let cleaned = text;
    for (const one of secrets) if (cleaned.includes(one)) cleaned = cleaned.replaceAll(one, mask);
    return cleaned;
  };

  const cleanValue = (value: unknown): unknown => {
    if (typeof value === "string") return cleanText(value);
    if (Array.isArray(value)) return value.map(cleanValue);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [cleanText(name), cleanValue(one)]),
    );
  };

  return {
    add: (value) => {
      if (value.length >= shortest) secrets.add(value);
    },
    clean: (value) => cleanValue(value) as typeof value,
  };
};
