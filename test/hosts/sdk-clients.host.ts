import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolNames } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { connectOld, type OldClient } from "./stdio.ts";
import { installed, readJson } from "./tools.ts";

describe.each([
  ["sdk-1-12", "1.12.3"],
  ["sdk-1-20", "1.20.2"],
  ["sdk-1-25", "1.25.3"],
])("the client of %s", (name, version) => {
  let client: OldClient;
  beforeAll(async () => {
    client = await connectOld(name);
  });
  afterAll(() => client?.close());

  it(`is that of release ${version}`, () => {
    expect(readJson(installed(`${name}/package.json`)).version).toBe(version);
  });

  it("lists the tools in order", async () => {
    expect(await client.tools()).toEqual(toolNames);
  });

  it("goes from nothing to a flex cluster that is ready", async () => {
    const { organizations } = await client.call("get_account", {});
    const { project } = await client.call("create_project", {
      name: "shop",
      orgId: organizations[0].id,
    });
    const made = await client.call("create_flex_cluster", {
      groupId: project.id,
      name: "db",
      providerSettings: aws,
      waitSeconds: 20,
    });
    expect(made).toMatchObject({ status: "ok", outcome: "created", ready: true });
    expect(made.cluster.connectionStrings.standardSrv).toMatch(/^mongodb\+srv:\/\/db\./);
  });

  it("gets a failure as a result, after the tools were listed, not as an exception", async () => {
    await client.tools();
    const failed = await client.call("create_project", { name: "my shop" });
    expect(failed).toMatchObject({ status: "error", error: { code: "invalid_input" } });
  });
});
