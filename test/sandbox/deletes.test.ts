import { expect, test } from "vitest";
import { failureOf, projectNames, start } from "./harness.ts";

test("a cluster that is still CREATING can be deleted", async () => {
  const { api, createCluster, createProject } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  expect((await api("DELETE", path)).status).toBe(204);
  expect((await api("GET", path)).at("stateName")).toBe("DELETING");
});

test("a deleted project takes its users and its access list along", async () => {
  const { addEntries, api, control, createProject, createUser } = await start();
  const id = await createProject("shop");
  const other = await createProject("other");
  for (const group of [id, other]) {
    await createUser(group, "ann");
    await addEntries(group, { ipAddress: "10.0.0.1" });
  }
  const answer = await api("DELETE", `/groups/${id}`);
  expect([answer.status, answer.text]).toEqual([202, "{}"]);
  for (const list of ["databaseUsers", "accessList", "flexClusters"]) {
    expect((await api("GET", `/groups/${id}/${list}`)).at("errorCode")).toBe("GROUP_NOT_FOUND");
  }
  expect((await control("GET", "/state")).at()).toMatchObject({
    projects: [{ id: other }],
    users: [{ groupId: other }],
    accessList: [{ groupId: other }],
  });
});

test("the number of a project's clusters follows them", async () => {
  const { api, createCluster, createProject, createUser, pass } = await start();
  const id = await createProject("shop");
  await createUser(id, "ann");
  await createCluster(id, "one");
  expect((await api("GET", `/groups/${id}`)).at("clusterCount")).toBe(1);
  await api("DELETE", `/groups/${id}/flexClusters/one`);
  pass(1000);
  expect((await api("GET", `/groups/${id}`)).at("clusterCount")).toBe(0);
});

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
  const answer = await api("GET", `/groups/${id}/flexClusters/one`);
  expect(answer.at("stateName")).toBe("DELETING");
});
