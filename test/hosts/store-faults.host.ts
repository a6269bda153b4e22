import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/until.ts";
import { openWire, type RedisServer, readiness, startRedis, type Wire } from "./store/redis.ts";
import { orgIdOf, type Replicas, startReplicas } from "./store/replicas.ts";

let redis: RedisServer;
let wires: Wire[];
let replicas: Replicas;
beforeAll(async () => {
  redis = await startRedis();
  wires = await Promise.all([0, 1, 2].map(() => openWire(redis.port)));
  replicas = await startReplicas(wires.map(({ url }) => url));
});
afterAll(async () => {
  await replicas?.close();
  for (const wire of wires ?? []) wire.close();
  await redis?.close();
});

const names = async (): Promise<string[]> =>
  (await replicas.sandbox.state()).projects.map(({ name }) => name);

type Said = { name: string; at: number; answer: any };

/** Calls of three servers while something happens to the store: pairs of equal creates, and reads. */
const underLoad = async (prefix: string, meanwhile: () => Promise<number>) => {
  const { sandbox, call } = replicas;
  await sandbox.reset();
  await sandbox.script("createGroup", "racy+delay:60", 10_000);
  const said: Said[] = [];
  let over = false;
  let reads = 0;
  const flow = async (index: number) => {
    for (let count = 0; !over; count += 1) {
      const name = `${prefix}-${index}-${count}`;
      const args = { name, orgId: orgIdOf(index), ifExists: "return" };
      const note = async (server: number) => {
        const answer = await call(server, "create_project", args);
        said.push({ name, at: performance.now(), answer });
      };
      await Promise.all([note(index), note(index + 1)]);
    }
  };
  const reader = async (index: number) => {
    while (!over) {
      const { status } = await call(index, "list_projects", {});
      expect(status).toBe("ok");
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const flows = [0, 1, 2].flatMap((index) => [flow(index), reader(index)]);
  await until(async () => (await names()).length > 2, "the first projects", 20_000);
  const backAt = await meanwhile();
  const isServed = ({ at, answer }: Said) => at > backAt && answer.outcome === "created";
  await until(() => said.some(isServed), "a create after it", 10_000);
  const first = said.filter(isServed).map(({ at }) => at - backAt)[0] ?? 0;
  over = true;
  await Promise.all(flows);
  return { said, reads, backAfterMs: first };
};

/** Fails unless every answer is true and nothing is there twice. */
const checkTruth = async (said: readonly Said[]) => {
  const all = (await replicas.sandbox.state()).projects;
  const found = all.map(({ name }) => name);
  expect(found.length).toBe(new Set(found).size);
  const ids = new Map(all.map(({ name, id }) => [name, id]));
  const counts: Record<string, number> = {};
  for (const { name, answer } of said) {
    const what = answer.outcome ?? `${answer.error.code} ${answer.error.outcome}`;
    counts[what] = (counts[what] ?? 0) + 1;
    if (answer.status === "ok") expect(answer.project.id).toBe(ids.get(name));
    else expect(answer.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
  }
  for (const name of found) {
    const own = said.filter((one) => one.name === name);
    expect(own.filter(({ answer }) => answer.outcome === "created").length, name).toBe(1);
  }
  return counts;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a store that", () => {
  it.each<[what: string, does: () => Promise<number>]>([
    [
      "is stopped and started again",
      async () => {
        await redis.stop();
        await readiness(replicas.servers[0]?.url ?? "", false);
        await pause(1500);
        await redis.start();
        return performance.now();
      },
    ],
    [
      "stands still for five seconds",
      async () => {
        redis.pause();
        await pause(5000);
        redis.resume();
        return performance.now();
      },
    ],
    [
      "forgets everything",
      async () => {
        await redis.command("FLUSHALL");
        return performance.now();
      },
    ],
    [
      "is cut off from one server, without a word",
      async () => {
        wires[0]?.cut();
        await readiness(replicas.servers[0]?.url ?? "", false);
        await pause(3000);
        wires[0]?.mend();
        return performance.now();
      },
    ],
    [
      "loses its connections",
      async () => {
        for (const wire of wires) wire.reset();
        return performance.now();
      },
    ],
  ])("%s makes nothing double and no answer false", async (what, does) => {
    const { said, reads, backAfterMs } = await underLoad(what.split(" ")[0] ?? "", does);
    const counts = await checkTruth(said);
    console.log(what, JSON.stringify({ counts, reads, backAfterMs: Math.round(backAfterMs) }));
    expect(counts.created).toBeGreaterThan(0);
    for (const { url } of replicas.servers) await readiness(url, true, 2000);
  });
});
