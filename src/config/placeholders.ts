/**
 * Placeholders that a host passes on instead of their value: `${...}`, `{{...}}`, `{env:...}`, `$NAME` and `%NAME%` with
 * NAME in capitals.
 */

const whole = /^(\$\{.*\}|\{\{.*\}\}|\{env:.*\}|\$_*[A-Z][A-Z0-9_]*|%_*[A-Z][A-Z0-9_]*%)$/;

const inside =
  /\$\{[^}]*\}|\{\{.*?\}\}|\{env:[^}]*\}|\$_*[A-Z][A-Z0-9_]*(?![A-Za-z0-9_])|%_*[A-Z][A-Z0-9_]*%/g;

/** Whether it is a field of a form (of a .mcpb bundle), which hosts pass like this if the user left it empty. */
export const isEmptyField = (placeholder: string): boolean =>
  /^\$\{user_config\.[^{}]*\}$/.test(placeholder);

/**
 * The placeholder that a text is, or that a path has anywhere; undefined if there is none. A value may be a secret, and
 * a secret may have a `$` in it.
 */
export const placeholderIn = (text: string, isPath: boolean): string | undefined => {
  if (!isPath) return whole.test(text) ? text : undefined;
  const all = text.match(inside) ?? [];
  return all.find((one) => !isEmptyField(one)) ?? all[0];
};

/** What to say about a placeholder. Its default value is left out, because it may be a secret. */
export const unfilled = (from: string, placeholder: string): string => {
  const shown = placeholder
    .replace(/^(\$\{\w+:[-=?+]).+\}$/, "$1...}")
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 100);
  return `${from} has the placeholder ${shown}, which the host left unfilled; set the value itself, or remove the setting`;
};
