import { describe, expect, it } from "vitest";
import type { ConfirmMode } from "../../src/config/config.ts";
import { decide, limitsFor, overLimits, type Policy } from "../../src/policy/decide.ts";
import type { Rules } from "../../src/policy/rules.ts";
import type { Change } from "../../src/tools/define.ts";

const cluster: Change = {
  tool: "create_flex_cluster",
  effect: "create",
  kind: "flexCluster",
  name: "dev-orders",
  groupId: "a".repeat(24),
  details: {
    provider: "AWS",
    region: "US_EAST_1",
    tags: [{ key: "owner", value: "ann" }],
  },
};
const project: Change = {
  tool: "create_project",
  effect: "create",
  kind: "project",
  name: "team-a",
  details: {},
};
const user: Change = {
  tool: "create_database_user",
  effect: "create",
  kind: "databaseUser",
  name: "app",
  details: { roles: [{ roleName: "readWrite", databaseName: "shop" }] },
};
const removal: Change = {
  tool: "delete_project",
  effect: "delete",
  kind: "project",
  name: "team-a",
  details: {},
};
const fixture: Change = {
  tool: "create_access_list_entry",
  effect: "create",
  kind: "accessListEntry",
  name: "0.0.0.0/0",
  details: {},
  risks: [{ says: "It opens everything.", inSandbox: true }],
};

const policy = (operator: Rules = {}, more: Partial<Policy> = {}): Policy => ({
  backend: "atlas",
  confirm: "auto",
  operator,
  caller: {},
  ...more,
});

describe("a rule", () => {
  it.each<[string, Change, Rules, Rules]>([
    ["providers", cluster, { providers: ["AWS", "GCP"] }, { providers: ["GCP"] }],
    ["providers", cluster, { providers: ["AWS"] }, { providers: [] }],
    ["regions", cluster, { regions: ["US_EAST_1"] }, { regions: ["US_EAST_2"] }],
    [
      "names.flexCluster",
      cluster,
      { names: { flexCluster: "dev-.+" } },
      { names: { flexCluster: "dev" } },
    ],
    [
      "names.flexCluster",
      cluster,
      { names: { flexCluster: "dev-orders|x" } },
      { names: { flexCluster: "d|s" } },
    ],
    [
      "names.project",
      project,
      { names: { project: "team-[a-z]" } },
      { names: { project: "[A-Z]+" } },
    ],
    [
      "names.databaseUser",
      user,
      { names: { databaseUser: "app" } },
      { names: { databaseUser: "ap" } },
    ],
    [
      "requiredTags",
      cluster,
      { requiredTags: [{ key: "owner" }] },
      { requiredTags: [{ key: "cost" }] },
    ],
    [
      "requiredTags",
      cluster,
      { requiredTags: [{ key: "owner", value: "a.." }] },
      { requiredTags: [{ key: "owner", value: "a" }] },
    ],
    ["requiredTags", project, {}, { requiredTags: [{ key: "owner" }] }],
  ])("%s allows what it says and denies all else", (rule, change, allowing, denying) => {
    expect(decide(change, policy(allowing)).decision).not.toBe("deny");
    const refusal = { decision: "deny", message: expect.stringContaining(`(rule ${rule})`) };
    expect(decide(change, policy(denying))).toMatchObject(refusal);
    // A principal's own rules hold as well as the operator's.
    expect(decide(change, policy(allowing, { caller: denying }))).toMatchObject(refusal);
  });

  it("says what would pass", () => {
    const decision = decide(cluster, policy({ regions: ["EU_WEST_1", "EU_WEST_3"] }));
    expect(decision).toMatchObject({
      message: expect.stringContaining("EU_WEST_1, EU_WEST_3"),
    });
    expect(decision).not.toHaveProperty("fields.0.example");
  });

  it("of regions comes with Atlas's name for an allowed one, where another was given", () => {
    const regional = { ...cluster, details: { ...cluster.details, region: "us-east-1" } };
    const decision = decide(regional, policy({ regions: ["EU_WEST_1", "US_EAST_1"] }));
    expect(decision).toMatchObject({ fields: [{ example: "US_EAST_1" }] });
  });

  it("is told together with all others that are broken", () => {
    const decision = decide(
      cluster,
      policy({ providers: [], regions: [], names: { flexCluster: "x" } }),
    );
    expect(decision).toMatchObject({
      message: expect.stringContaining("(rule providers, rule regions, rule names.flexCluster)"),
    });
  });

  it("about names and tags does not keep what exists from being deleted", () => {
    const rules: Rules = { names: { project: "x" }, requiredTags: [{ key: "owner" }] };
    expect(decide(removal, policy(rules)).decision).toBe("confirm");
  });
});

describe("consent", () => {
  const verdict = (change: Change, more: Partial<Policy> = {}, operator: Rules = {}) =>
    decide(change, policy(operator, more)).decision;

  it.each<[ConfirmMode, "atlas" | "sandbox", string[]]>([
    ["auto", "atlas", ["confirm", "allow", "confirm", "confirm"]],
    ["auto", "sandbox", ["allow", "allow", "allow", "confirm"]],
    ["human", "atlas", ["confirm", "allow", "confirm", "confirm"]],
    ["token", "atlas", ["confirm", "allow", "confirm", "confirm"]],
    ["always", "sandbox", ["confirm", "allow", "confirm", "confirm"]],
    ["never", "atlas", ["allow", "allow", "allow", "allow"]],
  ])("with %s on %s is needed for what costs, destroys or opens", (confirm, backend, verdicts) => {
    const all = [cluster, project, removal, fixture];
    expect(all.map((change) => verdict(change, { confirm, backend }))).toEqual(verdicts);
  });

  it("is needed wherever the operator says so", () => {
    expect(verdict(project, {}, { consent: { create_project: "ask" } })).toBe("confirm");
    expect(verdict(project, { backend: "sandbox" }, { consent: { create_project: "ask" } })).toBe(
      "confirm",
    );
    expect(verdict(project, { confirm: "never" }, { consent: { create_project: "ask" } })).toBe(
      "confirm",
    );
  });

  it("is waived by the operator, and by nobody for themselves", () => {
    const allow: Rules = { consent: { create_flex_cluster: "allow" } };
    expect(verdict(cluster, {}, allow)).toBe("allow");
    expect(verdict(cluster, { caller: allow })).toBe("confirm");
    expect(verdict(cluster, { caller: { consent: { create_flex_cluster: "ask" } } }, allow)).toBe(
      "confirm",
    );
  });

  it("to open a project to the internet is not waived", () => {
    const allow: Rules = { consent: { create_access_list_entry: "allow" } };
    expect(verdict(fixture, { backend: "sandbox" }, allow)).toBe("confirm");
  });
});

describe("a limit", () => {
  it("is the lowest of all that are set", () => {
    const [five, two] = [
      { limits: { flexClustersPerProject: 5 } },
      { limits: { flexClustersPerProject: 2 } },
    ];
    expect(limitsFor(cluster, policy(five))).toEqual([{ name: "flexClustersPerProject", most: 5 }]);
    expect(limitsFor(cluster, policy(five, { caller: two }))[0]?.most).toBe(2);
    expect(limitsFor(project, policy(five))).toEqual([]);
    expect(limitsFor(removal, policy({ limits: { projectsPerOrganization: 0 } }))).toEqual([]);
  });

  it("is one of several that hold for a change", () => {
    const both = policy(
      { limits: { monthlyUsd: 90, projectsPerOrganization: 1 } },
      { caller: { limits: { monthlyUsd: 60, flexClustersPerProject: 3 } } },
    );
    expect(limitsFor(cluster, both)).toEqual([
      { name: "flexClustersPerProject", most: 3 },
      { name: "monthlyUsd", most: 60 },
    ]);
    expect(limitsFor(user, both)).toEqual([]);
  });

  it("that is reached says how many there are", () => {
    const told = overLimits(project, [{ name: "projectsPerOrganization", most: 3, has: 3 }]);
    expect(told?.message).toMatch(/rule limits\.projectsPerOrganization.*already has 3.*at most 3/);
    expect(overLimits(project, [{ name: "projectsPerOrganization", most: 3, has: 2 }])).toBe(
      undefined,
    );
  });

  it.each([
    [59, 1, true],
    [60, 1, false],
    [89, 2, true],
    [0, 0, true],
    [30, 0, false],
  ])("of %d USD a month with %i other clusters is broken: %s", (most, has, isBroken) => {
    expect(overLimits(cluster, [{ name: "monthlyUsd", most, has }]) !== undefined).toBe(isBroken);
  });

  it("on cost says what it would come to, together with any other that is broken", () => {
    const told = overLimits(cluster, [
      { name: "flexClustersPerProject", most: 1, has: 1 },
      { name: "monthlyUsd", most: 100, has: 3 },
    ]);
    expect(told?.message).toBe(
      "The operator's policy does not allow this (rule limits.flexClustersPerProject, rule limits.monthlyUsd): groupId already has 1, and at most 1 may exist; name would make 4 flex clusters, which may cost 120 USD a month, and at most 100 USD is allowed.",
    );
    expect(told?.fields.map(({ path }) => path)).toEqual(["groupId", "name"]);
  });
});

describe("an update of a database user", () => {
  const update: Change = { ...user, tool: "update_database_user", effect: "update" };

  it("is bound by the rule roles, and not by the rule names: it gives no name", () => {
    expect(decide(update, policy({ roles: ["read"] }))).toMatchObject({
      decision: "deny",
      fields: [{ path: "roles[0].roleName" }],
    });
    const rules = { roles: ["readWrite"], names: { databaseUser: "svc-.+" } };
    expect(decide(update, policy(rules)).decision).toBe("allow");
    expect(decide(user, policy(rules)).decision).toBe("deny");
  });

  it("that has a risk needs consent on live Atlas", () => {
    const risks = [{ says: "It replaces the password.", takesAway: true as const }];
    expect(decide({ ...update, risks }, policy()).decision).toBe("confirm");
    expect(decide({ ...update, risks }, policy({}, { backend: "sandbox" })).decision).toBe("allow");
  });
});
