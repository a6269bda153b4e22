import { describe, expect, it } from "vitest";
import { connect, type ToolResult } from "../support/clients.ts";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

/** The times of production. */
const patient = sharedFixture({ kind: "v1" });
const deadlineMs = 1500;
const env = { ATLAS_MCP_DEADLINE_MS: `${deadlineMs}`, ATLAS_MCP_REQUEST_TIMEOUT_MS: "300" };
const hasty = sharedFixture({ kind: "v2 legacy", env });
// What an answer may take beyond its deadline on a busy machine.
const slackMs = 1500;

const timed = async (work: Promise<ToolResult>): Promise<ToolResult & { ms: number }> => {
  const startedAt = performance.now();
  const result = await work;
  return { ...result, ms: performance.now() - startedAt };
};

const shop = ({ driver, sandbox }: Pick<Fixture, "driver" | "sandbox">) =>
  driver.call("create_project", { name: "shop", orgId: sandbox.orgId });

describe("a rate limit", () => {
  it.each([
    ["a create", "createGroup", "rate_limit"],
    ["the look-up before a create", "getOrgGroups", "rate_limit"],
    ["a create, without the header", "createGroup", "rate_limit_no_header"],
  ])("that asks for 55 s is told at once to %s", (_what, operation, fault) =>
    patient(async (fixture) => {
      await fixture.sandbox.script(operation, fault);
      const { structured, ms } = await timed(shop(fixture));
      expect(structured.error).toMatchObject({
        code: "rate_limited",
        outcome: "not_created",
        retry: "after_delay",
        retryAfterSeconds: 55,
      });
      expect(ms).toBeLessThan(3000);
    }),
  );

  it("that asks for 55 s is told at once to a read", () =>
    patient(async ({ driver, sandbox }) => {
      await sandbox.script("listGroups", "rate_limit");
      const { structured, ms } = await timed(driver.call("list_projects"));
      expect(structured.error).toMatchObject({
        code: "rate_limited",
        outcome: "no_change",
        retryAfterSeconds: 55,
      });
      expect(ms).toBeLessThan(3000);
    }));

  it("that asks for a second is waited for, and the create is made once", () =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroup", "rate_limit:1");
      const { structured, ms } = await timed(shop(fixture));
      expect(structured).toMatchObject({ status: "ok", outcome: "created" });
      expect(ms).toBeGreaterThanOrEqual(990);
      expect((await fixture.sandbox.state()).projects).toHaveLength(2);
    }));

  it("that names no time is told with one all the same", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("createGroup", "error:429:", 9);
      const { structured } = await shop(fixture);
      expect(structured.error).toMatchObject({ code: "rate_limited", retry: "after_delay" });
      expect(structured.error.retryAfterSeconds).toBeGreaterThan(0);
    }));
});

const failures = ["hang", "reset", "html_503", "truncate", "error:500:OOPS"];

describe("a read that fails", () => {
  it.each(failures)("once (%s) is repeated, and nobody notices", (fault) =>
    hasty(async ({ driver, sandbox }) => {
      await sandbox.script("listGroups", fault);
      const { structured } = await driver.call("list_projects");
      expect(structured).toMatchObject({ status: "ok", outcome: "found" });
    }),
  );

  it.each(failures)("for good (%s) is unavailable, and ends within the deadline", (fault) =>
    hasty(async ({ driver, sandbox }) => {
      await sandbox.script("listGroups", fault, 99);
      const { structured, ms } = await timed(driver.call("list_projects"));
      expect(structured.error).toMatchObject({ code: "unavailable", outcome: "no_change" });
      expect(["same_arguments", "after_delay"]).toContain(structured.error.retry);
      expect(ms).toBeLessThan(deadlineMs + slackMs);
    }),
  );

  it("is given up after the time of one attempt, not only at the deadline", () =>
    hasty(async ({ driver, sandbox }) => {
      await sandbox.script("listGroups", "hang");
      const { structured, ms } = await timed(driver.call("list_projects"));
      expect(structured.status).toBe("ok");
      expect(ms).toBeGreaterThanOrEqual(290);
    }));
});

describe("a token endpoint that is silent", () => {
  it("ends a call within the deadline as unavailable", () =>
    patient(async ({ sandbox }) => {
      await sandbox.script("token", "hang", 9);
      const driver = await connect("v2 modern", { env: { ...sandbox.env, ...env } });
      try {
        const { structured, ms } = await timed(shop({ driver, sandbox }));
        expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
        expect(ms).toBeLessThan(deadlineMs + slackMs);
      } finally {
        await driver.close();
      }
    }));
});

describe("a create that Atlas never answers", () => {
  it("is an unknown outcome within the deadline", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("createGroup", "hang");
      const { structured, ms } = await timed(shop(fixture));
      expect(structured.error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(ms).toBeLessThan(deadlineMs + slackMs);
    }));
});

describe("waiting for a cluster that stays CREATING", () => {
  const args = { name: "db", providerSettings: aws };

  it("ends within the deadline with the last state and a call to go on with", () =>
    hasty(async ({ driver, sandbox, groupId }) => {
      await sandbox.script("createGroupFlexCluster", "stuck_creating");
      const all = { ...args, groupId, waitSeconds: 40 };
      const { ms, ...result } = await timed(driver.call("create_flex_cluster", all));
      expect(result.structured).toMatchObject({ outcome: "created", ready: false });
      expect(result.structured.cluster.stateName).toBe("CREATING");
      expect(actionsOf(result)[0]?.tool).toBe("get_flex_cluster");
      expect(ms).toBeLessThan(deadlineMs + slackMs);
    }));

  it("lasts as long as was asked for", () =>
    patient(async ({ driver, sandbox, groupId }) => {
      await sandbox.script("createGroupFlexCluster", "stuck_creating");
      await driver.call("create_flex_cluster", { ...args, groupId });
      const wait = { groupId, name: "db", waitSeconds: 1 };
      const { structured, ms } = await timed(driver.call("get_flex_cluster", wait));
      expect(structured).toMatchObject({ outcome: "found", ready: false });
      expect(ms).toBeGreaterThanOrEqual(950);
      expect(ms).toBeLessThan(1000 + slackMs);
    }));

  it("is not done where no time is given: Atlas is not even asked again", () =>
    patient(async ({ driver, sandbox, groupId }) => {
      await sandbox.script("createGroupFlexCluster", "stuck_creating");
      const { structured } = await driver.call("create_flex_cluster", { ...args, groupId });
      expect(structured).toMatchObject({ outcome: "created", ready: false });
      const { requests } = await sandbox.state();
      expect(requests.at(-1)?.operation).toBe("createGroupFlexCluster");
    }));
});
