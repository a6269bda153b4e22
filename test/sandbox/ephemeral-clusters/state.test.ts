import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { dayMs, partsOf, startEphemeral } from "./clusters.ts";

let statePath: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  statePath = join(folder, `${basename(folder)}.json`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

test("the state shows clusters without what gives access to them", async () => {
  const { control, create } = await startEphemeral();
  const created = await create({ clusterName: "shop" });
  const state = await control("GET", "/state");
  expect(state.at("ephemeralClusters")).toEqual([
    {
      clusterName: "shop",
      clusterId: created.string("clusterId"),
      status: "PROVISIONING",
      createdAt: "2026-08-10T03:02:55Z",
      expiresAt: "2026-08-12T03:02:55Z",
    },
  ]);
});

test("a restart on a state file keeps clusters and clock, and the file has no password", async () => {
  const first = await startEphemeral({ statePath });
  const created = await first.create({ clusterName: "shop" });
  const id = created.string("clusterId");
  const before = await first.read(id);
  await first.control("POST", "/clock", { advanceMs: 2 * dayMs });
  await first.sandbox.close();
  expect(readFileSync(statePath, "utf8")).not.toContain(partsOf(created).password);
  const second = await startEphemeral({ statePath });
  expect((await second.read(id)).at()).toEqual({ ...Object(before.at()), status: "PAUSED" });
  expect((await second.control("GET", "/state")).at("ephemeralClusters.0.clusterName")).toBe(
    "shop",
  );
});

test("a cluster that was made without an answer is in the file as well", async () => {
  const first = await startEphemeral({ statePath });
  await first.script("createEphemeralCluster", "commit_then_reset");
  await expect(first.create()).rejects.toThrow();
  await first.sandbox.close();
  const second = await startEphemeral({ statePath });
  expect((await second.control("GET", "/state")).at("ephemeralClusters")).toHaveLength(1);
});

test("a file from before there were ephemeral clusters opens", async () => {
  const first = await startEphemeral({ statePath });
  const groupId = await first.createProject("shop");
  await first.sandbox.close();
  const saved = JSON.parse(readFileSync(statePath, "utf8"));
  delete saved.clockAheadMs;
  delete saved.resources.ephemeralClusters;
  writeFileSync(statePath, JSON.stringify(saved));
  const second = await startEphemeral({ statePath });
  expect((await second.api("GET", `/groups/${groupId}`)).at("name")).toBe("shop");
  expect((await second.create()).status).toBe(201);
});

test("a cluster that is gone leaves the file with the next create", async () => {
  const { control, create } = await startEphemeral({ statePath });
  await create({ clusterName: "old" });
  await control("POST", "/clock", { advanceMs: 7 * dayMs });
  await create({ clusterName: "new" });
  const text = readFileSync(statePath, "utf8");
  expect([text.includes('"old"'), text.includes('"new"')]).toEqual([false, true]);
});

test("a reset removes the clusters, also from the file, and fills the bucket again", async () => {
  const first = await startEphemeral({ statePath });
  const id = (await first.create()).string("clusterId");
  await first.control("POST", "/reset");
  expect((await first.read(id)).status).toBe(404);
  expect((await first.create()).headers.get("ratelimit-remaining")).toBe("9");
  await first.control("POST", "/reset");
  await first.sandbox.close();
  const second = await startEphemeral({ statePath });
  expect((await second.control("GET", "/state")).at("ephemeralClusters")).toEqual([]);
});
