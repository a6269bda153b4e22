import { expect, test } from "vitest";
import { failureOf, projectNames, start } from "../harness.ts";

test("ignored_delete says yes to the end of a project too, and does nothing", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("deleteGroup", "ignored_delete");
  expect((await harness.api("DELETE", `/groups/${id}`)).status).toBe(202);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test.each(["commit_then_reset", "commit_then_truncate"])(
  "%s deletes a project whose end nobody hears of",
  async (fault) => {
    const harness = await start();
    const id = await harness.createProject("shop");
    await harness.script("deleteGroup", fault);
    expect(await failureOf(harness.api("DELETE", `/groups/${id}`))).not.toBe("none");
    expect(await projectNames(harness)).toEqual([]);
    expect((await harness.api("DELETE", `/groups/${id}`)).at("errorCode")).toBe("GROUP_NOT_FOUND");
  },
);

test("commit_then_500 deletes a cluster and denies it", async () => {
  const { api, createCluster, createProject, script } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  await script("deleteGroupFlexCluster", "commit_then_500");
  expect((await api("DELETE", `/groups/${id}/flexClusters/one`)).status).toBe(500);
  const response = await api("GET", `/groups/${id}/flexClusters/one`);
  expect(response.at("stateName")).toBe("DELETING");
});
