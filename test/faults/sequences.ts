/** Random sequences of faults and calls, for `property.test.ts`. */
import fc from "fast-check";
import { type Kind, kinds } from "./model.ts";

export type Target = "create" | "lookUp" | "token" | "delete" | "lookUpToDelete";

export type Call = {
  process: 0 | 1;
  name: string;
  /** Deletes what has the name; of a project the one that had it last, or first. */
  remove: false | "last" | "first";
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

export const operations: Record<Kind, Partial<Record<Target, string>>> = {
  project: {
    create: "createGroup",
    lookUp: "getOrgGroups",
    token: "token",
    delete: "deleteGroup",
    lookUpToDelete: "getGroup",
  },
  cluster: {
    create: "createGroupFlexCluster",
    lookUp: "getGroupFlexCluster",
    token: "token",
    delete: "deleteGroupFlexCluster",
    lookUpToDelete: "getGroupFlexCluster",
  },
  databaseUser: {
    create: "createGroupDatabaseUser",
    lookUp: "getGroupDatabaseUser",
    token: "token",
  },
  accessListEntry: {
    create: "createGroupAccessListEntry",
    lookUp: "listGroupAccessListEntries",
    token: "token",
  },
};

const losses = [
  "reset",
  "truncate",
  "html_503",
  "error:500:UNEXPECTED_ERROR",
  "json_portal",
  "json_portal:302",
  "html:404",
  "foreign",
];
// A token is nobody's resource.
const tokenLosses = losses.filter((loss) => loss !== "foreign");
const delays = ["delay:3", "delay:12"];
const limits = ["rate_limit:1", "rate_limit:5", "rate_limit:900"];
const committed = [
  "commit_then_reset",
  "commit_then_truncate",
  "commit_then_500",
  "commit_then_json_portal",
  "commit_then_json_portal:499",
  "commit_then_foreign",
];
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

const deleteFaults = fc.oneof(
  {
    weight: 6,
    arbitrary: fault("delete", [...losses, ...committed, "ignored_delete", "ignored_delete"]),
  },
  {
    weight: 3,
    arbitrary: fault("delete", [
      ...limits,
      ...delays,
      refusals[1] ?? "",
      "error:409:",
      "empty_401",
    ]),
  },
  { weight: 1, arbitrary: fault("delete", ["hang", "commit_then_hang"], 1) },
  { weight: 3, arbitrary: fault("lookUpToDelete", [...losses, ...delays, ...limits, "empty_401"]) },
);

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
    { weight: 8, arbitrary: deleteFaults },
    { weight: 2, arbitrary: fault("token", [...tokenLosses, ...delays, ...limits, "empty_401"]) },
  );

const call: fc.Arbitrary<Call> = fc.record({
  process: fc.constantFrom(0, 1),
  name: fc.constantFrom("shop", "shop", "shop", "till"),
  remove: fc.constantFrom<Call["remove"]>(...Array(6).fill(false), "last", "last", "first"),
  variant: fc.constantFrom(0, 0, 0, 1, 2),
  ifExists: fc.constantFrom(undefined, undefined, "return", "error"),
  dryRun: fc.constantFrom(false, false, false, false, false, true),
  cancelAfter: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }) },
  ),
});

const oneCall = call.map((one): Step => ({ calls: [one] }));

const plainCall: Call = {
  process: 0,
  name: "shop",
  remove: false,
  variant: 0,
  ifExists: undefined,
  dryRun: false,
  cancelAfter: undefined,
};

/** What is there meets a delete that goes wrong: left to chance, most deletes would be of nothing. */
const distortedDelete = fc
  .tuple(deleteFaults, fc.constantFrom<0 | 1>(0, 1))
  .map(([distorted, process]): Step[] => [
    { calls: [{ ...plainCall, ifExists: "return" }] },
    distorted,
    { calls: [{ ...plainCall, process, remove: "last" }] },
  ]);

/** Two servers create one project at the same moment; of other kinds Atlas keeps the names unique. */
const race = fc
  .tuple(call, call, fc.constantFrom<0 | 1>(0, 1))
  .map(([one, other, variant]): Step[] => {
    const raced = { ...plainCall, name: "fair", variant };
    return [
      { fault: "racy:60000", on: "create", times: 2 },
      {
        calls: [
          { ...raced, ifExists: one.ifExists },
          { ...raced, process: 1, ifExists: other.ifExists, variant: other.variant },
        ],
      },
    ];
  });

const anyStep = (tagged: boolean): fc.Arbitrary<Step | Step[]> =>
  fc.oneof(
    { weight: 5, arbitrary: faults(tagged) },
    { weight: 3, arbitrary: oneCall },
    { weight: 1, arbitrary: distortedDelete },
    { weight: 1, arbitrary: race },
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
    // Only projects and clusters have tags.
    kind: fc.constantFrom<Kind>(...(tagged ? kinds.slice(0, 2) : kinds)),
    tagged: fc.constant(tagged),
    steps: fc
      .tuple(fc.array(anyStep(tagged), { minLength: 1, maxLength: 6 }), oneCall)
      .map(([steps, last]): Step[] => [...steps.flat(), last]),
  }),
);
