import { expect, test } from "vitest";
import { type Harness, keysOf, start } from "../harness.ts";

/** Starts a sandbox with a flex cluster that is made under this fault. */
const startUnder = async (fault: string): Promise<Harness & { seen(): Promise<unknown> }> => {
  const harness = await start({ provisionMs: 1000 });
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", fault);
  await harness.createCluster(id, "one");
  const seen = async (): Promise<unknown> => {
    const response = await harness.api("GET", `/groups/${id}/flexClusters/one`);
    return [response.at("stateName"), ...keysOf(response.at("connectionStrings"))];
  };
  return { ...harness, seen };
};

test("updating: CREATING, then UPDATING for as long again with both strings, then IDLE", async () => {
  const { pass, seen } = await startUnder("updating");
  expect(await seen()).toEqual(["CREATING", "standardSrv"]);
  pass(1000);
  expect(await seen()).toEqual(["UPDATING", "standard", "standardSrv"]);
  pass(999);
  expect(await seen()).toEqual(["UPDATING", "standard", "standardSrv"]);
  pass(1);
  expect(await seen()).toEqual(["IDLE", "standard", "standardSrv"]);
});

test("late_strings: IDLE without any string, then with that for SRV, then with both", async () => {
  const { pass, seen } = await startUnder("late_strings");
  expect(await seen()).toEqual(["CREATING"]);
  pass(1000);
  expect(await seen()).toEqual(["IDLE"]);
  pass(500);
  expect(await seen()).toEqual(["IDLE", "standardSrv"]);
  pass(499);
  expect(await seen()).toEqual(["IDLE", "standardSrv"]);
  pass(1);
  expect(await seen()).toEqual(["IDLE", "standard", "standardSrv"]);
});

test("both together: the strings are late after UPDATING", async () => {
  const { pass, seen } = await startUnder("updating+late_strings");
  pass(1000);
  expect(await seen()).toEqual(["UPDATING"]);
  pass(1000);
  expect(await seen()).toEqual(["IDLE"]);
  pass(1000);
  expect(await seen()).toEqual(["IDLE", "standard", "standardSrv"]);
});

test("where clusters are made at once, both show for a second", async () => {
  const harness = await start({ provisionMs: 0 });
  const id = await harness.createProject("shop");
  const path = `/groups/${id}/flexClusters`;
  await harness.script("createGroupFlexCluster", "updating");
  await harness.createCluster(id, "one");
  await harness.script("createGroupFlexCluster", "late_strings");
  await harness.createCluster(id, "two");
  const seen = async (): Promise<unknown[]> => [
    (await harness.api("GET", `${path}/one`)).at("stateName"),
    keysOf((await harness.api("GET", `${path}/two`)).at("connectionStrings")).length,
  ];
  expect(await seen()).toEqual(["UPDATING", 0]);
  harness.pass(1000);
  expect(await seen()).toEqual(["IDLE", 2]);
});

test("a cluster that is stuck never gets any of them", async () => {
  const { pass, seen } = await startUnder("late_strings+stuck_creating");
  pass(100_000);
  expect(await seen()).toEqual(["CREATING"]);
});

test.each(["updating", "late_strings"])(
  "%s applies to the creates of clusters only",
  async (fault) => {
    const { script } = await start();
    expect((await script("createGroup", fault)).string("error")).toContain("cannot apply");
    expect((await script("createGroupFlexCluster", fault)).status).toBe(200);
  },
);
