import { describe, expect, it } from "vitest";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

/** The times of production: what Atlas has made is found by the first look-up, after 0.5 s. */
const patient = sharedFixture({ kind: "v2 modern", step: 20 });
/** Time for a look-up after 0.5 s, and for no second one. */
const short = { ATLAS_MCP_DEADLINE_MS: "1400", ATLAS_MCP_REQUEST_TIMEOUT_MS: "300" };
const hasty = sharedFixture({ kind: "v2 legacy", env: short, step: 5 });
/** The time of one attempt is real, so this clock is too. */
const silent = sharedFixture({ kind: "v2 legacy", env: short });

const project = ({ driver, sandbox }: Fixture, more: object = {}) =>
  driver.call("create_project", { name: "shop", orgId: sandbox.orgId, ...more });

const cluster = ({ driver, groupId }: Fixture) =>
  driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws });

const shops = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).projects.filter((one) => one.name === "shop");

const committed = ["commit_then_reset", "commit_then_500", "commit_then_truncate"];

describe("an answer that is lost after Atlas did its work", () => {
  it.each(committed)("of createGroup (%s) ends in one project, reported as created", (fault) =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroup", fault);
      const { structured } = await project(fixture);
      expect(structured).toMatchObject({ status: "ok", outcome: "created", reconciled: true });
      const made = await shops(fixture);
      expect(made.map(({ id }) => id)).toEqual([structured.project.id]);
    }),
  );

  it.each(committed.slice(0, 2))("of createGroupFlexCluster (%s) ends in one cluster", (fault) =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroupFlexCluster", fault);
      const { structured } = await cluster(fixture);
      expect(structured).toMatchObject({ status: "ok", outcome: "created", reconciled: true });
      const { clusters } = await fixture.sandbox.state();
      expect(clusters.map(({ id }) => id)).toEqual([structured.cluster.id]);
    }),
  );

  it("is found as well where Atlas stays silent afterwards", () =>
    silent(async (fixture) => {
      await fixture.sandbox.script("createGroup", "commit_then_hang");
      const { structured } = await project(fixture);
      expect(structured).toMatchObject({ status: "ok", outcome: "created", reconciled: true });
      expect(await shops(fixture)).toHaveLength(1);
    }));

  it("is no refusal where Atlas says 400 to tags and has made the project", () =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroup", "commit_then_error:400:VALIDATION_ERROR");
      const { structured } = await project(fixture, { tags: [{ key: "a", value: "b" }] });
      expect(structured).toMatchObject({ status: "ok", outcome: "created", reconciled: true });
      expect(await shops(fixture)).toHaveLength(1);
    }));
});

const unanswered = ["reset", "html_503", "hang"];

describe("an answer that is lost before Atlas did anything", () => {
  it.each(unanswered)("to createGroup (%s) is an unknown outcome", (fault) =>
    (fault === "hang" ? silent : hasty)(async (fixture) => {
      await fixture.sandbox.script("createGroup", fault);
      const { structured, isError } = await project(fixture);
      expect(isError).toBe(true);
      expect(structured.error).toMatchObject({
        code: "outcome_unknown",
        outcome: "unknown",
        retry: "same_arguments",
      });
    }),
  );

  it("never makes createGroup be sent again in the same call", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("createGroup", "html_503");
      await project(fixture);
      const { requests } = await fixture.sandbox.state();
      const posts = requests.filter((one) => one.operation === "createGroup");
      expect(posts).toHaveLength(2); // the one for home, and the lost one
    }));

  it("names the look-up to make and the repeat that is safe, and both work", () =>
    hasty(async (fixture) => {
      const { driver, sandbox } = fixture;
      await sandbox.script("createGroup", "reset");
      const [lookUp, repeat] = actionsOf(await project(fixture));
      expect([lookUp?.tool, repeat?.tool]).toEqual(["list_projects", "create_project"]);
      expect(repeat?.arguments).toMatchObject({ ifExists: "return" });
      const looked = await driver.call("list_projects", lookUp?.arguments);
      expect(looked.structured).toMatchObject({ status: "ok", projects: [] });
      const made = await driver.call("create_project", repeat?.arguments);
      expect(made.structured).toMatchObject({ status: "ok", outcome: "created" });
      expect(await shops(fixture)).toHaveLength(1);
    }));

  it.each(["reset", "html_503"])(
    "to createGroupFlexCluster (%s) is followed by one more post, since Atlas keeps the name unique",
    (fault) =>
      hasty(async (fixture) => {
        await fixture.sandbox.script("createGroupFlexCluster", fault);
        const { structured } = await cluster(fixture);
        expect(structured).toMatchObject({ status: "ok", outcome: "created" });
        const { clusters, requests } = await fixture.sandbox.state();
        expect(clusters).toHaveLength(1);
        const posts = requests.filter((one) => one.operation === "createGroupFlexCluster");
        expect(posts).toHaveLength(2);
      }),
  );

  it("to the look-up before a create makes nothing, and says so", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("getOrgGroups", "html_503", 9);
      const { structured } = await project(fixture);
      expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
      expect(await shops(fixture)).toHaveLength(0);
    }));
});

describe("an empty 401", () => {
  it("to a create is answered with one renewed token, not with a failure", () =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroup", "empty_401");
      const { structured } = await project(fixture);
      expect(structured).toMatchObject({ status: "ok", outcome: "created" });
      expect(structured).not.toHaveProperty("reconciled");
    }));

  it("that stays is a failure of the credentials, and nothing is made", () =>
    patient(async (fixture) => {
      await fixture.sandbox.script("createGroup", "empty_401", 2);
      const { structured } = await project(fixture);
      expect(structured.error).toMatchObject({ code: "unauthenticated", outcome: "not_created" });
      expect(await shops(fixture)).toHaveLength(0);
    }));
});
