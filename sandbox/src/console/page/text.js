/** How the page writes text, times and spans. */

/**
 * An emoji of Unicode's list, which may be joined of several characters, or a character that is invisible or changes the
 * direction of what follows.
 */
const special =
  /\p{RGI_Emoji}|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gv;

const isHidden = /^[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]$/v;

const numberOf = (character) =>
  `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Text of others, kept apart from the text around it. Each hidden character is shown by its number. */
export const foreign = (text) => {
  const whole = document.createElement("bdi");
  let at = 0;
  for (const { 0: found, index } of text.matchAll(special)) {
    if (!isHidden.test(found)) continue;
    const sign = document.createElement("span");
    sign.className = "hidden-character";
    sign.textContent = numberOf(found);
    whole.append(text.slice(at, index), sign);
    at = index + found.length;
  }
  whole.append(text.slice(at));
  return whole;
};

/** The same text, which may go on in the next line after each part of an address. */
export const breakable = (whole) => {
  for (const node of [...whole.childNodes]) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const parts = node.data.split(/(?<=[/?&])/);
    node.replaceWith(
      ...parts.flatMap((part) => [part, document.createElement("wbr")]).slice(0, -1),
    );
  }
  return whole;
};

/** How long something takes or took. */
export const duration = (ms) => {
  if (ms < 1) return "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return age(ms);
};

/** How old something is, in the largest unit. */
export const age = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
};

// All times are in UTC, as in Atlas's answers.

export const dateOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The time of day, with milliseconds. */
export const timeOfDay = (ms) => new Date(ms).toISOString().slice(11, -1);

/** A date and a time to the minute. */
export const dateAndTime = (ms) => `${dateOf(ms)} ${timeOfDay(ms).slice(0, 5)}`;

/** A number and its noun. */
export const count = (number, noun, nouns = `${noun}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? noun : nouns}`;
