/** Random sequences of faults and calls, for `property.test.ts`. */
import fc from "fast-check";
import type { Kind } from "./model.ts";

export type Target = "create" | "lookUp" | "token";

export type Call = {
  process: 0 | 1;
  name: string;
  variant: number;
  ifExists: "error" | "return" | undefined;
  dryRun: boolean;
  cancelAfter: number | undefined;
};

type Step =
  | { fault: string; on: Target; times: number }
  | { calls: Call[] }
  | { repeat: number; ifExists: boolean };

export type Run = { kind: Kind; tagged: boolean; steps: Step[] };

export const operations: Record<Target, Record<Kind, string>> = {
  create: { project: "createGroup", cluster: "createGroupFlexCluster" },
  lookUp: { project: "getOrgGroups", cluster: "getGroupFlexCluster" },
  token: { project: "token", cluster: "token" },
};

const losses = ["reset", "truncate", "html_503", "error:500:UNEXPECTED_ERROR"];
const delays = ["delay:3", "delay:12"];
const limits = ["rate_limit:1", "rate_limit:5", "rate_limit:900"];
const committed = ["commit_then_reset", "commit_then_truncate", "commit_then_500"];
const refusals = ["error:402:NO_PAYMENT_INFORMATION_FOUND", "error:403:ACCESS_FORBIDDEN"];
const commitments = [
  ...committed,
  ...[1, 3, 7].flatMap((n) => committed.map((fault) => `stale_reads:${n}+${fault}`)),
  "stale_reads:2",
];
// What Atlas is known to do to creates with tags; without them a 400 is believed.
const toTags = ["", "stale_reads:2+"].map(
  (stale) => `${stale}commit_then_error:400:VALIDATION_ERROR`,
);

const fault = (on: Target, list: string[], most = 3) =>
  fc.record({
    fault: fc.constantFrom(...list),
    on: fc.constant(on),
    times: fc.integer({ min: 1, max: most }),
  });

const faults = (tagged: boolean) =>
  fc.oneof(
    { weight: 6, arbitrary: fault("create", [...losses, ...losses, ...refusals, ...limits]) },
    {
      weight: 8,
      arbitrary: fault("create", [...commitments, ...(tagged ? [...toTags, ...toTags] : [])]),
    },
    {
      weight: 4,
      arbitrary: fault("create", ["error:400:VALIDATION_ERROR", "empty_401", ...delays]),
    },
    // Rare: each takes all the time that one attempt has.
    { weight: 1, arbitrary: fault("create", ["hang", "commit_then_hang"], 1) },
    { weight: 1, arbitrary: fault("lookUp", ["hang"], 1) },
    {
      weight: 5,
      arbitrary: fault("lookUp", [...losses, ...delays, ...limits, "empty_401", refusals[1] ?? ""]),
    },
    { weight: 2, arbitrary: fault("token", [...losses, ...delays, ...limits, "empty_401"]) },
  );

const call: fc.Arbitrary<Call> = fc.record({
  process: fc.constantFrom(0, 1),
  name: fc.constantFrom("shop", "shop", "shop", "till"),
  variant: fc.constantFrom(0, 0, 0, 1, 2),
  ifExists: fc.constantFrom(undefined, undefined, "return", "error"),
  dryRun: fc.constantFrom(false, false, false, false, false, true),
  cancelAfter: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }) },
  ),
});

const oneCall = call.map((one): Step => ({ calls: [one] }));

const anyStep = (tagged: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 5, arbitrary: faults(tagged) },
    { weight: 3, arbitrary: oneCall },
    {
      weight: 1,
      arbitrary: fc.array(call, { minLength: 2, maxLength: 4 }).map((calls) => ({ calls })),
    },
    {
      weight: 2,
      arbitrary: fc.record({ repeat: fc.integer({ min: 1, max: 3 }), ifExists: fc.boolean() }),
    },
  );

/** Ends with a call, so that none is without one. */
export const run: fc.Arbitrary<Run> = fc.boolean().chain((tagged) =>
  fc.record({
    kind: fc.constantFrom<Kind>("project", "cluster"),
    tagged: fc.constant(tagged),
    steps: fc
      .tuple(fc.array(anyStep(tagged), { minLength: 1, maxLength: 6 }), oneCall)
      .map(([steps, last]): Step[] => [...steps, last]),
  }),
);
