// Whether a resource is as a task says that it must be.
const kinds = ["project", "cluster", "user", "entry", "ephemeral"];

/** The kind of resource that a declaration is about, such as "cluster" of `{cluster: "shop/orders"}`. */
export const kindOf = (expected) => kinds.find((kind) => kind in expected);

/** Whether it is the resource that the declaration names, whatever else it is. */
export const isNamed = (expected, fact) => {
  const kind = kindOf(expected);
  return fact.kind === kind && equal(fact.key, expected[kind]);
};

const sorted = (value) => (Array.isArray(value) ? [...value].sort() : value);

const canonical = (value) =>
  JSON.stringify(sorted(value), (_name, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

const isDate = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

/** Whether a value is the one declared, or one of several: `{oneOf: [...]}`. */
const equal = (value, expected) => {
  if (Array.isArray(expected?.oneOf)) return expected.oneOf.some((one) => equal(value, one));
  if (isDate(expected)) return isDate(value) && Date.parse(value) === Date.parse(expected);
  return canonical(value) === canonical(expected);
};

/** What holds where a declaration is silent: an end that nobody asked for is one too many. */
const defaults = { project: {}, cluster: { tier: "FLEX" }, user: {}, entry: {}, ephemeral: {} };

/** The members in which a resource differs from its declaration. */
export const differencesOf = (expected, fact) => {
  const all = { until: undefined, ...defaults[kindOf(expected)], ...expected };
  return Object.keys(all).filter((name) => !kinds.includes(name) && !equal(fact[name], all[name]));
};
