/** Checks the options of a sandbox, whose callers may not use TypeScript. */
import { isObjectId } from "./api/fields.ts";
import { SandboxError, shown } from "./error.ts";
import { isObject } from "./json.ts";
import type { SandboxOptions } from "./options.ts";

/** What a value must be, in words and as a test. A secret value is not shown. */
type Check = { wanted: string; holds: (value: unknown) => boolean; isSecret?: true };

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isId = (value: unknown): boolean => typeof value === "string" && isObjectId(value);

const whole = (max: number, unit = ""): Check => ({
  wanted: `a whole number${unit} from 0 to ${max}`,
  holds: (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max,
});

const functionThat = (does: string): Check => ({
  wanted: `a function that ${does}`,
  holds: (value) => typeof value === "function",
});

const text = (wanted: string): Check => ({ wanted, holds: isText });

/** Texts with these names, all of them or only some. */
const texts = (names: readonly string[], isWhole: boolean): Check => ({
  wanted: `an object with ${isWhole ? "" : "some of "}the texts ${names.join(", ")}`,
  holds: (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => names.includes(name)) &&
    names.every((name) => isText(value[name]) || (!isWhole && value[name] === undefined)),
  isSecret: true,
});

const isOrganization = (value: unknown): boolean =>
  isObject(value) && isId(value.id) && isText(value.name);

const isEachOnce = (organizations: readonly unknown[]): boolean =>
  new Set(organizations.map((one) => isObject(one) && one.id)).size === organizations.length;

const hexDigits = "24 hexadecimal digits in lower case";
const longestMs = Number.MAX_SAFE_INTEGER;

const checks: Record<keyof SandboxOptions, Check> = {
  host: text("a host name or an address"),
  port: whole(65_535),
  provisionMs: whole(longestMs, " of milliseconds"),
  nonceLifetimeMs: whole(longestMs, " of milliseconds"),
  credentials: texts(["clientId", "clientSecret", "publicKey", "privateKey"], false),
  orgId: { wanted: hexDigits, holds: isId },
  organizations: {
    wanted: `a list of at least one organization, each with a name and an id of its own (${hexDigits})`,
    holds: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isOrganization) && isEachOnce(value),
  },
  statePath: text("the path of a file"),
  rateLimits: { wanted: "true or false", holds: (value) => typeof value === "boolean" },
  warn: functionThat("takes a text"),
  tls: texts(["key", "cert"], true),
  clock: functionThat("returns milliseconds since 1970"),
  random: functionThat("returns a number of at least 0 and less than 1"),
};

/** What is wrong with the options, as a sentence; undefined if they can be used. */
const problemIn = (options: unknown): string | undefined => {
  if (!isObject(options)) return `The options must be an object, not ${shown(options)}.`;
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) {
    const names = Object.keys(checks).join(", ");
    return `There is no option ${shown(unknown)}; the options are ${names}.`;
  }
  for (const [name, { wanted, holds, isSecret }] of Object.entries(checks)) {
    const value: unknown = options[name];
    if (value === undefined || holds(value)) continue;
    return `The option "${name}" must be ${wanted}${isSecret ? "" : `, not ${shown(value)}`}.`;
  }
  return undefined;
};

/** Throws a SandboxError if an option is unknown or has a value that it cannot have. */
export const checkOptions = (options: unknown): void => {
  const problem = problemIn(options);
  if (problem !== undefined) throw new SandboxError("invalid_option", problem);
};
