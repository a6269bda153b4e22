import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Judge, type Refusal, startJudge } from "./judge.ts";
import { referencePath, reportMissing } from "./reference-files.ts";
import { runSuite, type Suite } from "./suites.ts";
import { node24 } from "./tools.ts";

const name = "openapi.observed.json";
const document = referencePath(name);

const all = ({ violations }: Refusal, pattern: RegExp) =>
  violations.length > 0 && violations.every((one) => pattern.test(one));

const nameWithSpace = /"name" ?: ?"[^"]* [^"]*"/;

/** What Prism refuses and Atlas does not: each with the reason why it stays so. Everything else is a fault of the sandbox. */
const expected: [reason: string, is: (one: Refusal) => boolean][] = [
  [
    "the request is wrong on purpose, and the sandbox refuses it too",
    ({ type, status }) => type !== "VIOLATIONS" && status >= 400 && status < 500,
  ],
  [
    "names with spaces: the document's pattern has none, real names do (docs/atlas.md#names)",
    (one) =>
      all(one, /^(response )?body (results \d+ )?name pattern$/) &&
      nameWithSpace.test(one.sent + one.got),
  ],
  [
    "envelope=true wraps a single resource, which the document does not describe (docs/atlas.md#requests)",
    (one) => /[?&]envelope=true/.test(one.request) && all(one, /^response body required$/),
  ],
  [
    "an unknown or expired token is a 401 without a body, seen live (docs/atlas.md#service-accounts)",
    ({ type, status, got }) => type === "VIOLATIONS" && status === 401 && got === "",
  ],
  [
    "an error that a test scripted without an errorCode (docs/atlas.md#errors)",
    (one) =>
      all(one, /^response body required$/) && one.status >= 400 && !one.got.includes("errorCode"),
  ],
  [
    "null for an optional member, which the sandbox takes as absent",
    (one) => one.status === 201 && /:null/.test(one.sent) && all(one, /^body \w+ (type|enum)$/),
  ],
  [
    "a database user whose project stands in the path alone, as in Atlas's own examples for curl",
    (one) =>
      all(one, /^(request )?body required$/) &&
      /POST .*\/databaseUsers$/.test(one.request) &&
      one.status === 201 &&
      !one.sent.includes("groupId"),
  ],
  [
    "a fault answers as a portal or with somebody else's resource",
    ({ request, status, got }) =>
      /login required|Log in to use this network/.test(got) ||
      (/^GET .*\/orgs$/.test(request) && status === 204) ||
      (/^DELETE .*\/flexClusters\/\w+$/.test(request) && status === 200),
  ],
  [
    "NONE for regionUsageRestrictions, which is taken (docs/atlas.md#projects)",
    (one) => one.status === 201 && all(one, /^body regionUsageRestrictions enum$/),
  ],
  [
    'a project called "limits", looked up by name: Prism takes the path for that of its limits',
    ({ request, status }) => /\/groups\/byName\/limits$/.test(request) && status === 200,
  ],
];

// What the document has no path for: Prism would answer instead of the sandbox.
const unknown = [
  "!test/sandbox/alert-configs/**",
  "!test/sandbox/api/deprecation.test.ts",
  "!test/sandbox/clusters/**",
  "!test/sandbox/console/**",
  "!test/sandbox/cloud-users/**",
  "!test/sandbox/custom-roles/**",
  "!test/sandbox/invitations/**",
  "!test/sandbox/life-cycles/**",
  "!test/sandbox/api-keys/**",
  "!test/sandbox/plain-reads/**",
  "!test/sandbox/rate-limits/several-names.test.ts",
  "!test/sandbox/sample-data/**",
  "!test/sandbox/service-accounts/**",
  "!test/sandbox/settings/**",
  "!test/sandbox/state/administration.test.ts",
  "!test/sandbox/teams/**",
  "!test/sandbox/ephemeral-clusters/**",
  "!test/sandbox/flex-clusters/one-snapshot.test.ts",
  "!test/sandbox/flex-clusters/restore-jobs.test.ts",
  "!test/sandbox/organizations/rename.test.ts",
];

const reasonOf = (refusal: Refusal) => expected.find(([, is]) => is(refusal))?.[0];

if (document === undefined) {
  reportMissing(name, "the sandbox is NOT held against the official contract");
} else
  describe("the sandbox suite, through prism proxy --errors", () => {
    let judge: Judge;
    let suite: Suite;
    beforeAll(async () => {
      judge = await startJudge(node24(), document, reasonOf);
      const via = { ATLAS_SANDBOX_VIA: judge.via };
      suite = await runSuite(
        process.execPath,
        ["test/sandbox/", ...unknown],
        via,
        "vitest.config.ts",
      );
      const { counts, refusals } = judge;
      const reasons = refusals.map((one) => reasonOf(one) ?? "NOT EXPECTED");
      const tally = [...new Set(reasons)].map(
        (reason) => `  ${reasons.filter((one) => one === reason).length} ${reason}`,
      );
      console.log(
        `Prism saw ${counts.requests} requests and refused ${refusals.length}, ${reasons.filter((one) => one === "NOT EXPECTED").length} of them unexpectedly; ${counts.unanswered} had no whole answer to judge.\n${tally.join("\n")}`,
      );
    });
    afterAll(() => judge?.close());

    it("passes as a whole", () => {
      expect(suite).toMatchObject({ code: 0, failed: [], skipped: 0 });
      expect(suite.passed).toBeGreaterThan(250);
    });

    it("goes through Prism with its requests", () => {
      expect(judge.counts.requests).toBeGreaterThan(suite.passed);
    });

    it("gives Prism nothing to refuse, but for what is listed", () => {
      const unexpected = judge.refusals.filter((one) => reasonOf(one) === undefined);
      expect(unexpected).toEqual([]);
    });

    it.each(expected)("still needs the exception: %s", (_reason, is) => {
      expect(judge.refusals.filter(is).length).toBeGreaterThan(0);
    });
  });
