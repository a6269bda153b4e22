import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { type RedisServer, startRedis } from "./store/redis.ts";
import { orgIdOf, startReplicas } from "./store/replicas.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.close());

const orgId = orgIdOf(0);

// Each waits for times that no test can move, so they wait together.
describe.concurrent("after some seconds", () => {
  it("what was deleted behind the servers' backs counts no more", async () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-"));
    const path = join(folder, "policy.json");
    writeFileSync(path, JSON.stringify({ limits: { projectsPerOrganization: 2 } }));
    const { sandbox, call, close } = await startReplicas([redis.url, redis.url], {
      ATLAS_MCP_POLICY: path,
    });
    const make = (index: number) => call(index, "create_project", { name: `p${index}`, orgId });
    for (const index of [0, 1]) expect((await make(index)).outcome).toBe("created");
    expect((await make(2)).error.code).toBe("policy_denied");
    await sandbox.reset();
    expect((await make(2)).error.code).toBe("policy_denied");
    await until(async () => (await make(2)).outcome === "created", "room for one", 30_000);
    await close();
    rmSync(folder, { recursive: true });
  });

  it("a server that stood still for longer than its turn sends nothing", async () => {
    const { sandbox, servers, call, close } = await startReplicas([redis.url, redis.url], {
      ATLAS_MCP_REQUEST_TIMEOUT_MS: "1000",
    });
    const args = { name: "still", orgId };
    // Atlas asks it to come again in some seconds, and by then it stands still.
    await sandbox.script("createGroup", "rate_limit:4");
    await sandbox.script("createGroup", "racy");
    const still = call(0, "create_project", args);
    const posts = async () =>
      (await sandbox.state()).requests.filter(({ operation }) => operation === "createGroup")
        .length;
    await until(async () => (await posts()) === 1, "its first request");
    const pid = servers[0]?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    const other = await call(1, "create_project", { ...args, ifExists: "return" });
    expect(other).toMatchObject({ status: "ok", outcome: "created" });
    process.kill(pid, "SIGCONT");
    expect((await still).error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect((await still).error.message).toMatch(/lost its turn/);
    expect(await posts()).toBe(2);
    await close();
  });

  it("a confirmation whose first use died before Atlas acted does nothing by itself", async () => {
    const { sandbox, servers, call, close } = await startReplicas([redis.url, redis.url], {
      ATLAS_MCP_CONFIRM: "token",
      ATLAS_MCP_REQUEST_TIMEOUT_MS: "1000",
    });
    const { id: groupId } = await sandbox.make("/groups", { name: "shop", orgId });
    const args = { groupId, name: "died", providerSettings: aws };
    const { confirmation } = await call(0, "create_flex_cluster", args);
    await sandbox.script("createGroupFlexCluster", "hang");
    const lost = call(0, "create_flex_cluster", { ...args, confirmation }).catch(() => undefined);
    const isAsked = async () =>
      (await sandbox.state()).requests.some(
        ({ operation }) => operation === "createGroupFlexCluster",
      );
    await until(isAsked, "its request");
    await servers[0]?.end("SIGKILL");
    await lost;
    // It waits for the turn of the server that died.
    const again = await call(1, "create_flex_cluster", { ...args, confirmation });
    expect(again.error).toMatchObject({ code: "conflict", outcome: "not_created" });
    expect(again.error.message).toMatch(/was used before/);
    expect((await sandbox.state()).clusters).toEqual([]);
    await close();
  });
});
