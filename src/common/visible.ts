/** Makes text from elsewhere visible: what is invisible could carry instructions to a model, or change what a person reads. */

/**
 * Control, format, private and line-separating characters, and all that Unicode says to ignore by default: zero-width and
 * bidirectional marks, tag characters, variation selectors, fillers. U+2800 is a blank that Unicode calls a symbol. The
 * source of a regular expression with the flag u.
 */
export const hidden =
  "[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]";

const isHidden = new RegExp(hidden, "u");
const each = new RegExp(hidden, "gu");
const runs = new RegExp(`${hidden}+`, "gu");

/** The text with each hidden character written as its number, such as `\u{200b}`. */
export const visible = (text: string): string =>
  isHidden.test(text)
    ? text.replace(each, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    : text;

/** The text with a space for each run of hidden characters, for sentences of others that are only read. */
export const withoutHidden = (text: string): string => text.replace(runs, " ");

/** The same plain data with every text in it visible, also the names of members. */
export const allVisible = <T>(value: T): T => visibleIn(value) as T;

const visibleIn = (value: unknown): unknown => {
  if (typeof value === "string") return visible(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(visibleIn);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [visible(name), visibleIn(member)]),
  );
};
