/** Finds secrets in text, wherever they stand in it: also amid a word, in a URL, in a header's base64. */

/** So many characters of a secret are enough to look closer; shorter secrets are not looked for. */
const stem = 12;

/** An access token of the sandbox is a JWT, whose beginning anybody can tell. */
const accessToken = /eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{10,}/;

/** The text around each secret that was found, with the secret itself left out. */
export const leaksIn = (text: string, secrets: Iterable<string>): string[] => {
  const byStem = new Map<string, string[]>();
  for (const secret of new Set(secrets)) {
    if (secret.length < stem) continue;
    const begin = secret.slice(0, stem);
    byStem.set(begin, [...(byStem.get(begin) ?? []), secret]);
  }
  const around = (at: number, length: number) =>
    `${text.slice(Math.max(0, at - 120), at)}[secret]${text.slice(at + length, at + length + 40)}`;
  const found: string[] = [];
  for (let at = 0; at + stem <= text.length; at += 1) {
    const secret = byStem.get(text.slice(at, at + stem))?.find((one) => text.startsWith(one, at));
    if (secret !== undefined) found.push(around(at, secret.length));
  }
  const token = accessToken.exec(text);
  if (token !== null) found.push(around(token.index, token[0].length));
  return found;
};
