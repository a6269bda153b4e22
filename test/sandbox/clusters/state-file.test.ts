import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../harness.ts";
import { dedicated, free, startInProject } from "./bodies.ts";

const newPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-clusters-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.json");
};

test("free and dedicated clusters are there after a restart, with their specs and settings", async () => {
  const statePath = newPath();
  const first = await startInProject({ statePath });
  const { api, path } = first;
  await api("POST", path, { body: free("m0") });
  await api("POST", path, { body: dedicated("big", { backupEnabled: true, pitEnabled: true }) });
  first.pass(10_000);
  await api("PATCH", `${path}/big`, { body: { paused: true } });
  await api("PATCH", `${path}/big/processArgs`, { body: { noTableScan: true } });
  const seen = async ({ api, sandbox }: Pick<typeof first, "api" | "sandbox">) => {
    const paths = ["", "/big", "/big/processArgs", "/big/autoScalingConfiguration"];
    const texts = await Promise.all(
      paths.map(async (rest) => (await api("GET", path + rest)).text),
    );
    return texts.map((text) => text.replaceAll(sandbox.url, ""));
  };
  const before = await seen(first);
  await first.sandbox.close();
  const second = await start({ statePath });
  second.pass(10_000);
  expect(await seen(second)).toEqual(before);
});

test("the faults of a cluster outlive a restart, refused reads do not", async () => {
  const statePath = newPath();
  const first = await start({ statePath });
  await first.script("createGroup", "user_cannot_access_group:9");
  const id = await first.createProject("shop");
  await first.script("createGroupCluster", "updating+late_strings");
  await first.api("POST", `/groups/${id}/clusters`, { body: free("m0") });
  await first.sandbox.close();
  const second = await start({ statePath, provisionMs: 3000 });
  second.pass(3000);
  expect((await second.api("GET", `/groups/${id}/clusters/m0`)).at()).toMatchObject({
    connectionStrings: {},
    stateName: "UPDATING",
  });
});

/** The file as an earlier release wrote it: without the members that came with free and dedicated clusters. */
const toOlder = (text: string): string => {
  const saved = JSON.parse(text);
  delete saved.resources.advancedClusters;
  for (const cluster of saved.resources.clusters) {
    delete cluster.changedAt;
    delete cluster.updating;
    delete cluster.lateStrings;
  }
  return JSON.stringify(saved);
};

test("the file of an earlier release opens", async () => {
  const statePath = newPath();
  const first = await startInProject({ statePath });
  await first.createCluster(first.id, "one");
  const before = (await first.api("GET", `${first.flexPath}/one`)).at();
  await first.sandbox.close();
  const text = readFileSync(statePath, "utf8");
  writeFileSync(statePath, toOlder(text));
  expect(toOlder(text)).not.toContain("updating");
  const second = await start({ statePath });
  expect((await second.api("GET", `${first.flexPath}/one`)).at()).toEqual(before);
  expect((await second.api("GET", first.path)).at("totalCount")).toBe(0);
});
