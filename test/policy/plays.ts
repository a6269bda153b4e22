/** What callers try, as fast-check draws it: honest calls and repeats, and every kind of cheating in between. */
import fc from "fast-check";

/** One request: `more` goes beside the arguments, `shows` is whether the host declares that it can ask. */
export type Sent = {
  who: number;
  tool: string;
  args: Record<string, any>;
  shows: boolean;
  more: { inputResponses?: any; requestState?: unknown };
};

const tools = ["create_project", "create_flex_cluster", "delete_flex_cluster", "delete_project"];

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });

const consent = fc.constantFrom("ask", "allow");

/** Rules of the policy file or of a token; organizations and projects are told by their index. */
const rules = fc
  .record({
    organizations: seldom(fc.constantFrom([0], [1], [0, 1])),
    projects: seldom(fc.constantFrom([0], [1], [0, 1])),
    providers: seldom(some("AWS", "GCP")),
    regions: seldom(some("US_EAST_1", "CENTRAL_US")),
    names: seldom(
      fc.record({ project: fc.constant("team-.+"), flexCluster: fc.constant("dev-.*") }),
    ),
    requiredTags: seldom(fc.constantFrom([{ key: "owner" }], [{ key: "owner", value: "a+" }])),
    limits: seldom(
      fc.record({
        projectsPerOrganization: fc.integer({ min: 1, max: 3 }),
        flexClustersPerProject: fc.integer({ min: 0, max: 2 }),
        monthlyUsd: fc.constantFrom(50, 60, 90, 1000),
      }),
    ),
    consent: seldom(fc.record(Object.fromEntries(tools.map((tool) => [tool, consent])))),
  })
  // JSON of rules has no undefined members.
  .map((one): Record<string, any> => JSON.parse(JSON.stringify(one)));

const caller = fc.record({
  rules,
  readOnly: fc.nat(9).map((one) => one === 0),
  noDelete: fc.nat(9).map((one) => one === 0),
});

/** What is done with the answer to the first request. */
const ways = [
  "agree",
  "agree",
  "agree",
  "decline",
  "agree twice",
  "agree blindly",
  "forge",
  "swap",
  "agree to another name",
  "agree as another caller",
  "agree with another host",
  "agree with members in another order",
  "agree to another tool",
] as const;

const call = fc.record({
  who: fc.nat(1),
  tool: fc.constantFrom("create_flex_cluster", "delete_flex_cluster", ...tools),
  name: fc.constantFrom("dev-old", "dev-b", "dev-c", "dev-d", "team-x", "q"),
  at: fc.constantFrom(0, 0, 0, 1),
  place: fc.constantFrom(["AWS", "US_EAST_1"], ["AWS", "US_EAST_1"], ["GCP", "CENTRAL_US"]),
  tags: seldom(fc.constantFrom([{ key: "owner", value: "aaa" }], [{ key: "owner", value: "b" }])),
  dryRun: seldom(fc.constant(true)),
  shows: fc.boolean(),
  way: fc.constantFrom(...ways),
});

export type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

export const plays = fc.record({
  mode: fc.constantFrom("auto", "human", "token", "never", "always"),
  operator: rules,
  callers: fc.tuple(caller, caller),
  calls: fc.array(call, { minLength: 8, maxLength: 14 }),
});

type Play = typeof plays extends fc.Arbitrary<infer T> ? T : never;

const honest: Call = {
  who: 0,
  tool: "create_flex_cluster",
  name: "dev-b",
  at: 0,
  place: ["AWS", "US_EAST_1"],
  tags: undefined,
  dryRun: undefined,
  shows: true,
  way: "agree",
};

const free = { rules: {}, readOnly: false, noDelete: false };

/** What always has to be among it: everything that may happen, happening, and one denial. */
export const sample: Play = {
  mode: "auto",
  operator: { providers: ["AWS"] },
  callers: [free, free],
  calls: [
    honest,
    { ...honest, name: "q", shows: false },
    { ...honest, name: "team-x", way: "decline" },
    { ...honest, name: "team-x", place: ["GCP", "CENTRAL_US"] },
    { ...honest, tool: "delete_flex_cluster" },
    { ...honest, tool: "create_project" },
  ],
};

type Stand = { orgs: string[]; projects: string[]; send(sent: Sent): Promise<any> };

const argsOf = ({ tool, name, at, place, tags, dryRun }: Call, { orgs, projects }: Stand) => ({
  ...(tool === "create_project" ? { orgId: orgs[at] } : { groupId: projects[at] }),
  name: tool === "delete_project" ? ["team-home", "far"][at] : name,
  ...(tool === "create_flex_cluster"
    ? { providerSettings: { backingProviderName: place[0], regionName: place[1] } }
    : {}),
  ...(tags && tool.startsWith("create") ? { tags } : {}),
  ...(dryRun ? { dryRun } : {}),
});

const answered = (action: string) => ({
  consent: { action, ...(action === "accept" ? { content: { agree: true } } : {}) },
});

/** The request again, with what its answer has given: the state of a question, or a confirmation. */
const followed = (first: Sent, result: any, action: string): Sent => {
  const confirmation: unknown = result.structuredContent?.confirmation;
  return {
    ...first,
    args: { ...first.args, ...(confirmation === undefined ? {} : { confirmation }) },
    more: { inputResponses: answered(action), requestState: result.requestState },
  };
};

const otherTool = (tool: string) => tools[(tools.indexOf(tool) + 1) % tools.length] ?? tool;

/** Makes a call and goes on from its answer, honestly or not. */
export const play = async (one: Call, stand: Stand): Promise<void> => {
  const { send } = stand;
  const first: Sent = {
    who: one.who,
    tool: one.tool,
    args: argsOf(one, stand),
    shows: one.shows,
    more: {},
  };
  if (one.way === "agree blindly")
    return send({ ...first, shows: true, more: { inputResponses: answered("accept") } });
  const result = await send(first);
  const next = followed(first, result, one.way === "decline" ? "decline" : "accept");
  const { args, more } = next;
  const confirmation = args.confirmation ?? "x";
  const forged = (text: unknown) =>
    String(text).replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const cheats: Partial<Record<Call["way"], Sent>> = {
    forge: {
      ...next,
      args: { ...args, confirmation: forged(confirmation) },
      more: { ...more, requestState: forged(more.requestState) },
    },
    swap: {
      ...next,
      shows: !next.shows,
      args: { ...args, confirmation: more.requestState ?? "x" },
      more: { ...more, requestState: confirmation },
    },
    "agree to another name": { ...next, args: { ...args, name: `${args.name}2` } },
    "agree as another caller": { ...next, who: 1 - next.who },
    "agree with another host": { ...next, shows: !next.shows },
    "agree with members in another order": {
      ...next,
      args: Object.fromEntries(Object.entries(args).reverse()),
    },
    "agree to another tool": { ...next, tool: otherTool(next.tool) },
  };
  await send(cheats[one.way] ?? next);
  if (one.way === "agree twice") await send(next);
};
