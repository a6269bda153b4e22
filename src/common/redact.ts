/** The net under secrets: what comes back in errors and what goes to the log is searched for the credentials and tokens in use. */

/** Knows the secrets of this process and takes them out of texts. */
export type Redactor = {
  /** From now on this value is taken out. Short values are not: they would stand in ordinary words. */
  add(value: string): void;
  /** The same plain data without any secret in its strings. */
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
