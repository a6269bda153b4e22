/** Three releases of the Atlas Go SDK go through their life cycles on the sandbox, with both kinds of credentials. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type GoSdk, type Outcome, openGoSdk } from "./go-sdk/program.ts";
import { differences, steps } from "./go-sdk/steps.ts";
import { operationOf, partOf, peerSection } from "./peer-pages.ts";
import { repository } from "./tools.ts";

const page = peerSection("The Atlas Go SDK");
const module = readFileSync(join(repository, "test/hosts/go-sdk/go.mod"), "utf8");

/** An answer in short, as the tables of the steps have it. */
const inShort = ({ status, errorCode = "" }: Outcome): string =>
  status === 405 || errorCode === "RESOURCE_NOT_FOUND"
    ? "missing"
    : `${status} ${errorCode}`.trim();

let sdk: GoSdk;
beforeAll(async () => {
  sdk = await openGoSdk();
});
afterAll(() => sdk?.remove());

it("the page has the releases that are built here", () => {
  const built = [...module.matchAll(/atlas-sdk\/v\d+ (v\S+)/g)].map(([, version]) => version);
  expect(built).toHaveLength(Object.keys(steps).length);
  for (const version of built) expect(page.text).toContain(`\`${version}\``);
});

it("the page says of nothing that it is missing which no step asks for", () => {
  const asked = Object.values(steps).flatMap((one) => Object.keys(one));
  const names = asked.flatMap((step) => [operationOf(step), partOf(step)]);
  expect(page.missing.filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(
  Object.keys(steps).flatMap((release) =>
    ["service-account", "api-key"].map((credentials) => [release, credentials] as const),
  ),
)("release %s with %s", (release, credentials) => {
  const wanted = Object.entries(steps[release] ?? {});
  let sandbox: LiveSandbox;
  let outcomes: Map<string, Outcome>;
  beforeAll(async () => {
    sandbox = await startSandbox({ provisionMs: 300 });
    const all = await sdk.run(release, credentials, sandbox);
    outcomes = new Map(all.map((outcome) => [outcome.step, outcome]));
  });
  afterAll(() => sandbox?.close());

  it("goes through listed steps only, and leaves nothing", async () => {
    const listed = wanted.map(([step]) => step);
    expect([...outcomes.keys()].filter((step) => !listed.includes(step))).toEqual([]);
    const { projects, clusters, users, accessList } = await sandbox.state();
    expect([projects, clusters, users, accessList]).toEqual([[], [], [], []]);
  });

  it.each(wanted)("%s", (step, answer) => {
    const outcome = outcomes.get(step);
    if (outcome === undefined) expect(page.mayBeLeftOut(step)).toBe(true);
    else expect(inShort(outcome)).toBe(page.isMissing(step) ? "missing" : answer);
  });

  it.each([...new Set(wanted.map(([step]) => partOf(step)))])(
    "%s decodes every answer into its types",
    (api) => {
      const answers = [...outcomes.values()].filter(({ step }) => partOf(step) === api);
      const unlike = answers.flatMap((answer) => answer.unlike ?? []);
      const seen = [...new Set(unlike.map((one) => one.replace(/^.*\./, "")))];
      const listed = differences[release]?.[api] ?? [];
      expect(seen.filter((one) => !listed.includes(one))).toEqual([]);
      if (!page.mayBeLeftOut(api)) expect(seen.toSorted()).toEqual(listed.toSorted());
    },
  );

  it("authenticates as it says", async () => {
    const { requests } = await sandbox.state();
    const tokens = requests.filter(({ path }) => path === "/api/oauth/token");
    if (credentials === "api-key") expect(tokens).toEqual([]);
    else expect(tokens).toHaveLength(1);
  });
});
