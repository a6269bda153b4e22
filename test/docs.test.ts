import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { toolTypes } from "../bundle/tool-types.ts";
import { knownFaults } from "../sandbox/src/faults/parse.ts";
import { errorRows } from "../src/atlas/codes.ts";
import { helpOf, type NamedSetting, settings } from "../src/config/settings.ts";
import { policySchema } from "../src/policy/file.ts";
import { tools } from "../src/tools/index.ts";
import { inputSchemaOf } from "../src/tools/schema/normalize.ts";
import { expectWritten } from "./support/written.ts";

const pageOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

const firstSentence = (text: string): string => /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;

const shortTable = (): string =>
  [
    "| tool | access | what it does |",
    "|---|---|---|",
    ...tools.map(
      ({ name, access, description }) =>
        `| \`${name}\` | ${access} | ${firstSentence(description)} |`,
    ),
  ].join("\n");

const table = (): string => {
  const rows = tools.map((tool) => {
    const { properties = {}, required = [] } = inputSchemaOf(tool);
    const names = Object.keys(properties).map(
      (name) => `\`${name}${required.includes(name) ? "" : "?"}\``,
    );
    return `| \`${tool.name}\` | ${tool.access} | ${tool.description} | ${names.join(", ") || "none"} |`;
  });
  return ["| tool | access | what it does | arguments |", "|---|---|---|---|", ...rows].join("\n");
};

const rowOf = (setting: NamedSetting): string => {
  const [variable, ...aliases] = setting.env.map((name) => `\`${name}\``);
  const also = [...aliases, ...(setting.file ? [`\`${setting.env[0]}_FILE\``] : [])];
  const names = also.length === 0 ? variable : `${variable} (or ${also.join(", ")})`;
  const flag = setting.flag === undefined ? "" : `\`--${setting.flag}\``;
  const more = setting.more === undefined ? "" : `; ${setting.more}`;
  return `| ${names} | ${flag} | ${helpOf(setting).replace(/^http: /, "")}${more} |`;
};

const settingsTable = (isShown: (setting: NamedSetting) => boolean) => (): string =>
  [
    "| variable | flag | meaning (default) |",
    "|---|---|---|",
    ...settings.filter(isShown).map(rowOf),
  ].join("\n");

type Schema = {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  [keyword: string]: unknown;
};

/** The rules of a schema by their paths; the tools of `consent` are told in one row. */
const rulesOf = (schema: Schema, path: string[] = []): [name: string, Schema][] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, rule]) => {
    const own: [string, Schema] = [[...path, name].join("."), rule];
    return rule.properties === undefined || name === "consent"
      ? [own]
      : rulesOf(rule, [...path, name]).map(([inner, one]): [string, Schema] => [
          inner,
          { ...one, description: one.description ?? String(rule.description) },
        ]);
  });

const rulesTable = (): string => {
  const rows = rulesOf(policySchema() as Schema).filter(([name]) => name !== "$schema");
  return [
    "| rule | meaning |",
    "|---|---|",
    ...rows.map(([name, { description = "", examples = [] }]) => {
      const [example] = examples;
      const such = example === undefined ? "" : ` Example: \`${JSON.stringify(example)}\`.`;
      return `| \`${name}\` | ${description}${such} |`;
    }),
  ].join("\n");
};

it.each([
  ["README.md", "tools", shortTable],
  ["docs/tools.md", "tools", table],
  ["docs/configuration.md", "settings", settingsTable(({ http }) => http !== true)],
  ["docs/http.md", "http settings", settingsTable(({ http }) => http === true)],
  ["docs/policy.md", "rules", rulesTable],
] as const)(
  "shows in %s the %s as they are declared (npm run docs writes it)",
  (page, name, rows) => expectWritten(pageOf(page), { [name]: rows() }),
);

it("publishes the schema of the policy file (npm run docs writes it)", () => {
  const file = fileURLToPath(new URL("../policy.schema.json", import.meta.url));
  const text = `${JSON.stringify(policySchema(), null, 2)}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(text));
});

const errorsPage = (): string => {
  const rows = Object.entries(errorRows).map(([errorCode, row]) => {
    const message = typeof row.message === "string" ? row.message : row.message([]);
    const wait = row.retryAfterSeconds === undefined ? "" : ` (${row.retryAfterSeconds} s)`;
    return `| \`${errorCode}\` | \`${row.code}\` | \`${row.retry}\`${wait} | ${message.replaceAll("|", "\\|")} |`;
  });
  return [
    "# Errors",
    "",
    "What an `errorCode` of the Atlas Admin API becomes here: the `code` and `retry` of the error, and its message.",
    "Generated from `src/atlas/codes.ts` by `npm run docs`.",
    "",
    "| Atlas's errorCode | code | retry | message |",
    "|---|---|---|---|",
    ...rows,
    "",
    "A code that is not in the table goes by its HTTP status:",
    "",
    "| status | code |",
    "|---|---|",
    "| 400 | `invalid_input` |",
    "| 401, empty or with a Digest challenge | `unauthenticated` |",
    "| 401 with any other errorCode, 403 | `forbidden` |",
    "| 402 | `payment_required` |",
    "| 404 | `not_found` |",
    "| 409 | `conflict` |",
    "| 429 | `rate_limited` |",
    "| other 4xx | `internal` |",
    "| 5xx | `unavailable` for a read; for a change, what a look-up finds afterwards |",
    "",
    "A request that gets no answer, or one that does not have the form of Atlas, is `unavailable`, and the message says who failed and what the operator does about it (`src/atlas/network-failures.ts`, `src/atlas/not-atlas.ts`). A change of which nothing has left is `not_created` or `not_deleted`; of any other, a look-up finds out what became of it:",
    "",
    "| what failed | retry | what has left |",
    "|---|---|---|",
    "| the proxy (`HTTPS_PROXY`): nobody listens there, its name is not known, it is no HTTP proxy, or its TLS fails | `after_fix` | nothing |",
    "| the proxy wants a password (407), or refuses to connect (403 and others) | `after_fix` | nothing |",
    "| the proxy cannot connect (408, 429, 5xx), breaks off the connection, or is silent | `same_arguments` | nothing |",
    "| TLS: the certificate is not trusted (a proxy that inspects TLS: `NODE_EXTRA_CA_CERTS`), not valid today or for another host, or there is no TLS | `after_fix` | nothing |",
    "| Atlas's address: its name is not known, or it cannot be reached | `same_arguments` | nothing |",
    "| the connection breaks, or no answer comes in time, with or without a proxy | `same_arguments` | the request |",
    "| a 407 in place of Atlas's answer | `after_fix` | the request |",
    "| a 5xx without the form of Atlas, which may be Atlas's or that of something before it | `after_delay` | the request |",
    "| any other answer without the form of Atlas: a page, a redirect, a gateway's error, a 511 | `same_arguments`, or `after_delay` if it has a Retry-After | the request |",
    "",
    "What may pass (`same_arguments`, `after_delay`) has the safe repeat among its `nextActions`, unless a person has not agreed. No other failure has the very call that failed among them, and `unauthenticated` has none, since Atlas refuses every call then.",
    "",
    "A service account's request for an access token goes by the form of the answer (`src/atlas/auth/token-response.ts`). Nothing was sent to the Admin API then:",
    "",
    "| answer of the token endpoint | code |",
    "|---|---|",
    "| OAuth error `invalid_client`, or an empty 401 without the challenge of a proxy | `unauthenticated` |",
    "| OAuth error `access_denied` whose description speaks of the limit of tokens | `quota_exceeded` |",
    "| any other OAuth error | `unauthenticated` with 401, else `forbidden` |",
    "| an error of the Admin API about access | as above, by its code or status |",
    "| 429 | `rate_limited` |",
    "| anything else: a page, a redirect, a 5xx, a 200 without a token | `unavailable`, as above |",
    "",
  ].join("\n");
};

it("has a page of errors that is the table (npm run docs writes it)", () => {
  const page = fileURLToPath(new URL("../docs/errors.md", import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(page, errorsPage());
  expect(readFileSync(page, "utf8")).toBe(errorsPage());
});

it.each(knownFaults)("tells of the fault %s in the page of the sandbox", (fault) => {
  const page = fileURLToPath(new URL("../docs/sandbox.md", import.meta.url));
  expect(readFileSync(page, "utf8")).toContain(`\`${fault}\``);
});

it("gives evidence for every cell of the tables of others, and uses every link", () => {
  const file = fileURLToPath(new URL("../docs/comparison.md", import.meta.url));
  const page = readFileSync(file, "utf8");
  const rows = page
    .split(/^\|(?:---\|)+$/m)
    .slice(1)
    .flatMap((table) => (table.split("\n\n")[0] ?? "").split("\n"))
    .filter((line) => line.startsWith("|"));
  const cells = rows.flatMap((row) => row.replace(/ \|$/, "").split(" | ").slice(1));
  expect(cells).toHaveLength(12 * 5 + 11 * 2);
  const bare = cells.filter((cell) => !cell.includes("["));
  expect(bare.filter((cell) => cell !== "none" && cell !== "not known")).toEqual([]);
  expect(bare).toHaveLength(10);
  const used = [...page.matchAll(/\]\[([\w-]+)\]/g)].map(([, name]) => name);
  const defined = [...page.matchAll(/^\[([\w-]+)\]: https:/gm)].map(([, name]) => name);
  expect(new Set(used)).toEqual(new Set(defined));
  expect(page.match(/\/(blob|tree)\/(main|master)\//g), "a source that changes").toBeNull();
});

it("has the types of the tools as they are declared (npm run docs writes them)", () => {
  const file = fileURLToPath(new URL("../src/library/tool-types.ts", import.meta.url));
  const biome = fileURLToPath(import.meta.resolve("@biomejs/biome/bin/biome"));
  const text = execFileSync(process.execPath, [biome, "format", `--stdin-file-path=${file}`], {
    input: toolTypes(),
    encoding: "utf8",
  });
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});
