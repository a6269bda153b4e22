/**
 * Placeholders that a host passes on instead of their value: `${...}`, `{{...}}`, `{env:...}`, `$NAME` and `%NAME%` with
 * NAME in capitals.
 */

const whole = /^(\$\{.*\}|\{\{.*\}\}|\{env:.*\}|\$_*[A-Z][A-Z0-9_]*|%_*[A-Z][A-Z0-9_]*%)$/;

const inside =
  /\$\{[^}]*\}|\{\{.*?\}\}|\{env:[^}]*\}|\$_*[A-Z][A-Z0-9_]*(?![A-Za-z0-9_])|%_*[A-Z][A-Z0-9_]*%/g;

/**
 * Whether a text is a field of a form (of a .mcpb bundle) as a whole, which hosts pass like this if the user left it
 * empty. A path with such a field in it was meant to be set.
 */
export const isEmptyField = (text: string): boolean => /^\$\{user_config\.[^{}]*\}$/.test(text);

/**
 * The placeholder that a text is, or that a path has anywhere; undefined if there is none. A value may be a secret, and
 * a secret may have a `$` in it.
 */
export const placeholderIn = (text: string, isPath: boolean): string | undefined => {
  if (!isPath) return whole.test(text) ? text : undefined;
  return text.match(inside)?.[0];
};

/** The beginning of a path that stands for the reader's own in an example. */
const ofExample = /^(?:[A-Za-z]:)?[\\/]path[\\/]to[\\/]/i;

/** Whether a path is one of an example, as it is written there. */
export const isPathOfExample = (text: string): boolean => ofExample.test(text);

/** Whether a text has the quotes around it that a shell would have removed. A host or a file of variables may not. */
export const isQuoted = (text: string): boolean =>
  /^(?:(["'`]).*\1|\u201c.*\u201d|\u2018.*\u2019)$/s.test(text);

/** What to say about a placeholder. Its default value is left out, because it may be a secret. */
export const unfilled = (from: string, placeholder: string): string => {
  const shown = placeholder
    .replace(/^(\$\{\w+:[-=?+]).+\}$/, "$1...}")
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 100);
  return `${from} has the placeholder ${shown}, which the host left unfilled; set the value itself, or remove the setting`;
};
