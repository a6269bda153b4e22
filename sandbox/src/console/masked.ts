/** Hides what gives access to something where people may have put it: in names, comments, descriptions and queries. */

/** A character that may be percent-encoded, once or more often. */
const perhapsEncoded = (character: string, code: string): string =>
  `(?:${character}|%(?:25)*${code})`;

const colon = perhapsEncoded(":", "3A");
const slash = perhapsEncoded("/", "2F");
const afterScheme = new RegExp(`${colon}${slash}${slash}`, "i");
const firstColon = new RegExp(colon, "i");
const ats = new RegExp(perhapsEncoded("@", "40"), "gi");

/** Hides passwords of addresses: all from the first colon after a user to the last `@`, as people forget to encode those. */
const withoutPasswords = (text: string): string => {
  const scheme = afterScheme.exec(text);
  if (scheme === null) return text;
  const start = scheme.index + scheme[0].length;
  const rest = text.slice(start);
  const found = firstColon.exec(rest);
  const end = [...rest.matchAll(ats)].at(-1)?.index ?? -1;
  if (found === null || found.index > end) return text;
  return `${text.slice(0, start + found.index)}:…${rest.slice(end)}`;
};

/** A text without passwords of connection strings, access tokens, secrets of service accounts, and assigned secrets. */
export const masked = (text: string): string =>
  withoutPasswords(text)
    .replace(/\bmdb_sa_sk_[\w-]+/g, "mdb_sa_sk_…")
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "…")
    .replace(/(password|pwd|secret|token|claimId)=[^\s&;]+/gi, "$1=…");

/** JSON whose strings are masked. */
export const printMasked = (value: unknown): string =>
  JSON.stringify(value, (_name, member) => (typeof member === "string" ? masked(member) : member));
