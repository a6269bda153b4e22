/** Names and tags at the edges of what the documentation allows (docs/atlas.md#names, docs/atlas.md#tags, docs/architecture.md#arguments). */

export type Tag = { key: string; value: string };

// An astral letter: one character, two UTF-16 units. The documented pattern has the u flag, so it counts once.
const astral = "\u{1D49C}";

export const goodProjectNames: [what: string, name: string][] = [
  ["one letter", "a"],
  ["64 letters", "x".repeat(64)],
  ["64 letters beyond the basic plane", astral.repeat(64)],
  ["Latin letters with accents", "Ärger-façade-Ωmega"],
  ["Cyrillic letters", "проект"],
  ["Chinese characters", "项目一"],
  ["Japanese kana", "プロジェクト"],
  ["Hangul", "프로젝트"],
  ["Arabic letters", "مشروع"],
  ["Hebrew letters", "פרויקט"],
  ["Arabic digits", "\u0661\u0662\u0663"],
  ["every sign of the pattern", "a-_.(),:&@+'1"],
  ["a sign first and last", "-a-"],
  ["a space within", "Project 0"],
  ["three spaces", "a   b"],
];

/** Names that are sent without the white space around them, in Unicode's form NFC. */
export const mendedNames: [what: string, name: string, sent: string][] = [
  ["a space at the end", "shop ", "shop"],
  ["a line break", "shop\n", "shop"],
  ["a carriage return", "\tshop\r\n", "shop"],
  ["a no-break space around", "\u00a0shop\u00a0", "shop"],
];

export const badProjectNames: [what: string, name: string][] = [
  ["65 letters", "x".repeat(65)],
  ["65 letters beyond the basic plane", astral.repeat(65)],
  ["a no-break space", "my\u00a0shop"],
  ["a line break", "my\nshop"],
  ["an emoji", "shop🛒"],
  ["vowel signs, which are marks and no letters", "परियोजना"],
  ["a slash", "a/b"],
  ["a NUL", "a\u0000b"],
  ["a zero-width space", "a\u200bb"],
  ["a lone surrogate", "a\ud83d"],
];

const x = (length: number) => "x".repeat(length);

export const goodClusterNames: [what: string, name: string][] = [
  ["one character", "a"],
  ["22 characters", x(22)],
  ["23 characters", x(23)],
  ["24 characters", x(24)],
  ["64 characters", x(64)],
  ["digits first", "1-a"],
  ["a hyphen as its 22nd", `${x(21)}-${x(5)}`],
  ["a hyphen as its 24th", `${x(23)}-${x(5)}`],
];

export const badClusterNames: [what: string, name: string][] = [
  ["65 characters", x(65)],
  ["a hyphen first", "-a"],
  ["a hyphen last", "a-"],
  ["23 characters, the last a hyphen", `${x(22)}-`],
  ["24 characters with a hyphen as the 23rd", `${x(22)}-y`],
  ["64 characters, the last a hyphen", `${x(63)}-`],
  ["an underscore", "my_db"],
  ["a dot", "my.db"],
  ["a space", "my db"],
  ["a letter with an accent", "dbé"],
  ["an emoji", "db🛒"],
  ["a line break", "my\ndb"],
  ["a slash", "a/b"],
];

const tagsOf = (count: number): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ key: `key${index}`, value: "v" }));

const tag = (key: string, value: string): Tag[] => [{ key, value }];

export const goodTags: [what: string, tags: Tag[]][] = [
  ["none", []],
  ["50", tagsOf(50)],
  ["a key of 255 characters", tag(x(255), "v")],
  ["a value of 255 characters", tag("k", x(255))],
  ["a value of 255 characters beyond the basic plane", tag("k", astral.repeat(255))],
  ["keys that differ in case alone", [...tag("Team", "a"), ...tag("team", "b")]],
  ["one value twice", [...tag("a", "v"), ...tag("b", "v")]],
  ["characters whose judge is Atlas", tag("k;e@y_-.+ é", "a/b#c")],
];

export const badTags: [what: string, tags: Tag[], path: string][] = [
  ["51", tagsOf(51), "tags"],
  ["a key twice", [...tag("a", "1"), ...tag("b", "2"), ...tag("a", "3")], "tags[2].key"],
  ["a key twice with one value", [...tag("a", "1"), ...tag("a", "1")], "tags[1].key"],
  ["an empty key", tag("", "v"), "tags[0].key"],
  ["an empty value", tag("k", ""), "tags[0].value"],
  ["a key of 256 characters", tag(x(256), "v"), "tags[0].key"],
  ["a value of 256 characters", tag("k", x(256)), "tags[0].value"],
  [
    "a value of 256 characters beyond the basic plane",
    tag("k", astral.repeat(256)),
    "tags[0].value",
  ],
];
