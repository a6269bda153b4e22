/** Bodies with a status of success that are not Atlas's answer: what a portal, a proxy or a gateway may put in its place. */

/** What Atlas answers to one request, and how it is told from another answer. */
export type Likeness = {
  /** The resource that is asked for, or one of a list. */
  one: Record<string, unknown>;
  /** The member that says which resource it is, and the one that is hexadecimal. */
  key: string;
  hex: string;
  /** What another resource, or one of another project or organization, has in their place. */
  wrong: Record<string, unknown>;
  isList: boolean;
};

const apiErrorOf = (error: number, errorCode: string) => ({
  detail: "It is not so.",
  error,
  errorCode,
  parameters: [],
  reason: "Not so",
});

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

const wrap = ({ isList }: Likeness, one: unknown): unknown =>
  isList ? { links: [], results: [one], totalCount: 1 } : one;

/** The answer with other members in its resource. */
const having = (like: Likeness, members: Record<string, unknown>): unknown =>
  wrap(like, { ...like.one, ...members });

const right = (like: Likeness): string => JSON.stringify(wrap(like, like.one));

const without = (like: Likeness): unknown => {
  const { [like.key]: _, ...rest } = like.one;
  return wrap(like, rest);
};

const textOf = (value: unknown): string => String(value);

const constants: readonly [string, string][] = [
  ["a login message", '{"message":"login required"}'],
  ["a word of success", '{"status":"ok"}'],
  ["an empty object", "{}"],
  ["nothing", ""],
  ["null", "null"],
  ["an empty string", '""'],
  ["a string", '"ok"'],
  ["zero", "0"],
  ["a number", "42"],
  ["true", "true"],
  ["false", "false"],
  ["an empty array", "[]"],
  ["an array with an empty object", "[{}]"],
  ["an array with null", "[null]"],
  ["a page of HTML", "<!doctype html><html><body>Please log in.</body></html>"],
  ["plain text", "Please log in."],
  ["XML", '<?xml version="1.0"?><login required="true"/>'],
  ["an error of OAuth", '{"error":"invalid_token","error_description":"Log in again."}'],
  ["an ApiError of 401", JSON.stringify(apiErrorOf(401, "USER_UNAUTHORIZED"))],
  ["an ApiError of 404", JSON.stringify(apiErrorOf(404, "GROUP_NOT_FOUND"))],
  ["an ApiError of 409", JSON.stringify(apiErrorOf(409, "GROUP_ALREADY_EXISTS"))],
  ["a page without results", '{"links":[],"totalCount":1}'],
  ["results that are null", '{"results":null,"totalCount":0}'],
  ["results that are an object", '{"results":{},"totalCount":0}'],
  ["results that are a string", '{"results":"none","totalCount":0}'],
  ["a list of an empty object", '{"results":[{}],"totalCount":1}'],
  ["a list of null", '{"results":[null],"totalCount":1}'],
  ["two hundred levels", nested(200)],
];

const made: readonly [string, (like: Likeness) => unknown][] = [
  ["the answer in an array", (like) => [wrap(like, like.one)]],
  ["the answer below data", (like) => ({ data: wrap(like, like.one) })],
  ["the answer below content", (like) => ({ status: 200, content: wrap(like, like.one) })],
  ["the answer below envelope", (like) => ({ envelope: wrap(like, like.one) })],
  ["the answer as a string", right],
  ["another resource, or that of another parent", (like) => having(like, like.wrong)],
  ["the resource without its key", without],
  ["the resource with null for its key", (like) => having(like, { [like.key]: null })],
  ["the resource with a number for its key", (like) => having(like, { [like.key]: 7 })],
  [
    "the resource with its key in an array",
    (like) => having(like, { [like.key]: [like.one[like.key]] }),
  ],
  [
    "the id in upper case",
    (like) => having(like, { [like.hex]: textOf(like.one[like.hex]).toUpperCase() }),
  ],
  [
    "the id without its last digit",
    (like) => having(like, { [like.hex]: textOf(like.one[like.hex]).slice(0, 23) }),
  ],
  ["a number for the id", (like) => having(like, { [like.hex]: 24 })],
  [
    "a list for one, or one for a list",
    (like) => (like.isList ? like.one : { results: [like.one], totalCount: 1 }),
  ],
  [
    "a list that has another one too",
    (like) => ({ results: [like.one, { ...like.one, ...like.wrong }], totalCount: 2 }),
  ],
];

const cut: readonly [string, (like: Likeness) => string][] = [
  ["the answer cut short", (like) => right(like).slice(0, -2)],
  ["the answer and more text", (like) => `${right(like)} <!-- portal -->`],
  ["the answer twice", (like) => `${right(like)}${right(like)}`],
  ["the answer in a call of JavaScript", (like) => `callback(${right(like)})`],
];

/** Each with its name, and the text for a request. */
export const bodies: readonly { title: string; textFor(like: Likeness): string }[] = [
  ...constants.map(([title, text]) => ({ title, textFor: () => text })),
  ...made.map(([title, make]) => ({
    title,
    textFor: (like: Likeness) => JSON.stringify(make(like)),
  })),
  ...cut.map(([title, textFor]) => ({ title, textFor })),
];
