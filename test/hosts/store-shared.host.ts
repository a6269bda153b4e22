import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { connectTo } from "../support/clients.ts";
import { modern, post } from "../support/http.ts";
import { aws } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { type RedisServer, startRedis } from "./store/redis.ts";
import { orgIdOf, type Replicas, startReplicas } from "./store/replicas.ts";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis?.close());

const orgId = orgIdOf(0);

const start = async (env: Record<string, string> = {}, args: string[] = []) =>
  startReplicas([redis.url, redis.url, redis.url], env, args);

/** What several calls have answered, counted. */
const counted = (answers: readonly any[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome, error } of answers) {
    const what = outcome ?? `${error.code} ${error.outcome}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
};

describe("the limits of a policy over three servers", () => {
  let replicas: Replicas;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "policy-"));
    const path = join(folder, "policy.json");
    const limits = { projectsPerOrganization: 4, flexClustersPerProject: 3, monthlyUsd: 150 };
    writeFileSync(path, JSON.stringify({ limits }));
    replicas = await start({ ATLAS_MCP_POLICY: path, ATLAS_MCP_CONFIRM: "never" });
  });
  afterAll(async () => {
    await replicas?.close();
    rmSync(folder, { recursive: true });
  });

  it("hold where lists do not show what was made", async () => {
    const { sandbox, call } = replicas;
    await sandbox.script("createGroup", "racy+stale_reads:500", 100);
    const create = (index: number) =>
      call(index, "create_project", { name: `project-${index}`, orgId });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => create(index)));
    const { projects } = await sandbox.state();
    expect(projects).toHaveLength(4);
    expect(counted(answers)).toEqual({ created: 4, "policy_denied not_created": 8 });
    // Also one after the other, and after one is gone.
    expect(counted([await create(20)])).toEqual({ "policy_denied not_created": 1 });
  });

  it("hold for clusters, in a project and for the whole bill", async () => {
    const { sandbox, call } = replicas;
    await sandbox.reset();
    await redis.command("FLUSHALL");
    const [first, second] = await Promise.all(
      ["a", "b"].map((name) => sandbox.make("/groups", { name, orgId })),
    );
    await sandbox.script("createGroupFlexCluster", "stale_reads:500", 100);
    const create = (groupId: string, index: number) =>
      call(index, "create_flex_cluster", { groupId, name: `c${index}`, providerSettings: aws });
    const of = (project: any) =>
      Promise.all(Array.from({ length: 6 }, (_, index) => create(project.id, index)));
    expect(counted(await of(first))).toEqual({ created: 3, "policy_denied not_created": 3 });
    // 150 USD are five clusters, of which the first project has three.
    expect(counted(await of(second))).toEqual({ created: 2, "policy_denied not_created": 4 });
    expect((await sandbox.state()).clusters).toHaveLength(5);
  });
});

describe("a confirmation", () => {
  let replicas: Replicas;
  let groupId: string;
  beforeAll(async () => {
    replicas = await start({ ATLAS_MCP_CONFIRM: "token", ATLAS_MCP_ALLOW_DELETE: "true" });
    groupId = (await replicas.sandbox.make("/groups", { name: "shop", orgId })).id;
  });
  afterAll(() => replicas?.close());

  const cluster = (name: string) => ({ groupId, name, providerSettings: aws });
  const create = (index: number, name: string, more: object = {}) =>
    replicas.call(index, "create_flex_cluster", { ...cluster(name), ...more });
  const confirmed = async (name: string): Promise<{ confirmation: string }> => {
    const { status, confirmation } = await create(0, name);
    expect(status).toBe("needs_confirmation");
    return { confirmation };
  };
  const clusters = async () =>
    (await replicas.sandbox.state()).clusters.map(({ name }) => name).sort();

  it("that three servers get at once makes one cluster", async () => {
    const consent = await confirmed("once");
    const answers = await Promise.all([0, 1, 2].map((index) => create(index, "once", consent)));
    expect(counted(answers)).toEqual({ created: 1, "name_conflict exists": 2 });
    expect(await clusters()).toEqual(["once"]);
  });

  it("that was used does nothing more, although its cluster is gone", async () => {
    const consent = await confirmed("gone");
    expect((await create(1, "gone", consent)).outcome).toBe("created");
    const target = { groupId, name: "gone" };
    const asked = await replicas.call(0, "delete_flex_cluster", target);
    const { confirmation } = asked;
    const deleted = await replicas.call(1, "delete_flex_cluster", { ...target, confirmation });
    expect(deleted.status).toBe("ok");
    await until(async () => !(await clusters()).includes("gone"), "the cluster to be gone");
    const again = await create(2, "gone", consent);
    expect(again.error).toMatchObject({ code: "conflict", outcome: "not_created" });
    expect(again.error.message).toMatch(/was used before/);
    expect(await clusters()).not.toContain("gone");
  });

  it("is one with that of the card to the same question, whichever is used first", async () => {
    const extension = { mimeTypes: ["text/html;profile=mcp-app"] };
    const capabilities = { extensions: { "io.modelcontextprotocol/ui": extension } };
    const host = await connectTo(replicas.servers[1]?.url ?? "", "v2 modern", { capabilities });
    onTestFinished(host.close);
    const { structured, meta } = await host.call("create_flex_cluster", cluster("pressed"));
    const { call } = meta["io.github.atlas-provision-mcp/question"];
    const pressed = await host.call(call.tool, call.arguments);
    expect(pressed.structured).toMatchObject({ outcome: "created", receipt: { approver: "app" } });
    const target = { groupId, name: "pressed" };
    const { confirmation } = await replicas.call(0, "delete_flex_cluster", target);
    await replicas.call(1, "delete_flex_cluster", { ...target, confirmation });
    await until(async () => !(await clusters()).includes("pressed"), "the cluster to be gone");
    const again = await create(2, "pressed", { confirmation: structured.confirmation });
    expect(again.error).toMatchObject({ code: "conflict", outcome: "not_created" });
    expect(again.error.message).toMatch(/was used before/);
    expect(await clusters()).not.toContain("pressed");
  });

  it("that was used keeps no other from its change", async () => {
    const [first, second] = [await confirmed("joined"), await confirmed("joined")];
    await replicas.sandbox.script("createGroupFlexCluster", "rate_limit:2");
    await replicas.sandbox.script("createGroupFlexCluster", "error:400:INVALID_ATTRIBUTE");
    const posted = replicas.sandbox.state().then(({ requests }) => requests.length);
    const refusedCall = create(1, "joined", first);
    await until(
      async () => (await replicas.sandbox.state()).requests.length > (await posted) + 1,
      "its request",
    );
    const used = create(0, "joined", first);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const other = create(0, "joined", second);
    expect((await refusedCall).error).toMatchObject({ outcome: "not_created" });
    expect((await used).error).toMatchObject({ code: "conflict", outcome: "not_created" });
    expect((await other).outcome).toBe("created");
  });

  it("is free again where Atlas refused", async () => {
    const consent = await confirmed("refused");
    await replicas.sandbox.script("createGroupFlexCluster", "error:400:INVALID_ATTRIBUTE");
    const first = await create(0, "refused", consent);
    expect(first.error.outcome).toBe("not_created");
    expect((await create(1, "refused", consent)).outcome).toBe("created");
  });

  it("is not asked for while the store is away", async () => {
    await redis.stop();
    const { error } = await create(1, "away");
    expect(error).toMatchObject({
      code: "unavailable",
      outcome: "not_created",
      retry: "after_delay",
    });
    expect(error.message).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
    await redis.start();
    const isAsked = async () => (await create(1, "away")).status === "needs_confirmation";
    await until(isAsked, "a question", 5000);
  });

  it("whose first use dies half way is told what is there", async () => {
    const { sandbox, servers } = replicas;
    const consent = await confirmed("half");
    await sandbox.script("createGroupFlexCluster", "commit_then_hang");
    const lost = create(0, "half", consent).catch(() => undefined);
    await until(async () => (await clusters()).includes("half"), "the cluster");
    await servers[0]?.end("SIGKILL");
    expect(await lost).toBeUndefined();
    const second = await replicas.call(1, "create_flex_cluster", {
      ...cluster("half"),
      ...consent,
      ifExists: "return",
    });
    expect(second).toMatchObject({ status: "ok", outcome: "existing" });
    expect((await clusters()).filter((name) => name === "half")).toHaveLength(1);
  });
});

describe("a rate of 60 a minute", () => {
  it("lets ten requests through, whichever server they meet", async () => {
    const replicas = await start({}, ["--rate-limit", "60"]);
    const responses = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        post(replicas.servers[index % 3]?.url ?? "", modern("tools/list")),
      ),
    );
    const through = responses.filter(({ status }) => status === 200).length;
    expect(through).toBeGreaterThanOrEqual(10);
    // One more for each second that it takes.
    expect(through).toBeLessThanOrEqual(14);
    await replicas.close();
  });
});
