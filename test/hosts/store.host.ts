import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, startRedis } from "./store/redis.ts";
import { inRounds, orgIdOf, type Replicas, repeated, startReplicas } from "./store/replicas.ts";

const rounds = Number(process.env.STORE_ROUNDS ?? 200);

let redis: RedisServer;
let replicas: Replicas;
beforeAll(async () => {
  redis = await startRedis();
  replicas = await startReplicas([redis.url, redis.url, redis.url], {
    ATLAS_MCP_CONFIRM: "token",
  });
});
afterAll(async () => {
  await replicas?.close();
  await redis?.close();
});

const projects = async (): Promise<{ id: string; name: string }[]> =>
  (await replicas.sandbox.state()).projects as { id: string; name: string }[];

/** What a call may say of a project when others make one of that name at the same time. */
const isTrue = (answer: any, ids: ReadonlySet<string>): boolean => {
  if (answer.status === "ok")
    return ["created", "existing"].includes(answer.outcome) && ids.has(answer.project.id);
  const { code, outcome, existing } = answer.error;
  return code === "name_conflict" && outcome === "exists" && ids.has(existing.id);
};

describe("three servers with one store, on an Atlas that checks no names", () => {
  it(`make each name once, in ${rounds} rounds of equal and different creates`, async () => {
    const { sandbox, call } = replicas;
    // Each new project is hidden from some reads, also of its own id.
    await sandbox.script("createGroup", "racy+stale_reads:3", 100);
    await sandbox.script("createGroup", "racy", 10_000);
    const said = new Map<string, any[]>();
    // A machine that is busy for half a second is a store that does not answer.
    let repeats = 0;
    await inRounds(rounds, 20, async (round) => {
      const name = `equal-${round}`;
      const ifExists = round % 2 === 0 ? "return" : "error";
      const args = { name, orgId: orgIdOf(round), ifExists };
      const other = { name: `other-${round}`, orgId: orgIdOf(round) };
      const create = (index: number, asked: object) =>
        repeated(
          () => call(index, "create_project", asked),
          () => {
            repeats += 1;
          },
        );
      const [alone, ...answers] = await Promise.all([
        create(round, other),
        ...[0, 1, 2].map((index) => create(index, args)),
      ]);
      said.set(name, answers);
      said.set(other.name, [alone]);
    });
    const all = await projects();
    const names = all.map(({ name }) => name);
    expect(names.length).toBe(new Set(names).size);
    expect(new Set(names)).toEqual(new Set(said.keys()));
    const counts: Record<string, number> = {};
    for (const [name, answers] of said) {
      const ids = new Set(all.filter((one) => one.name === name).map(({ id }) => id));
      for (const answer of answers) {
        const what = answer.outcome ?? `${answer.error.code} ${answer.error.outcome}`;
        counts[what] = (counts[what] ?? 0) + 1;
        expect(isTrue(answer, ids), JSON.stringify(answer)).toBe(true);
      }
      expect(answers.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    }
    console.log("answers:", JSON.stringify(counts), "repeated:", repeats);
  });

  it("let no rename and create of one name pass together", async () => {
    const { sandbox, call } = replicas;
    await sandbox.reset();
    await sandbox.script("createGroup", "racy", 10_000);
    const outcomes = new Set<string>();
    await inRounds(30, 15, async (round) => {
      const name = `to-${round}`;
      const orgId = orgIdOf(round);
      const { id: groupId } = await sandbox.make("/groups", { name: `from-${round}`, orgId });
      const both = [
        () => call(0, "update_project", { groupId, name }),
        () => call(1, "create_project", { name, orgId }),
      ];
      if (round % 2 === 0) both.reverse();
      for (const answer of await Promise.all(both.map((one) => one())))
        outcomes.add(answer.outcome ?? `${answer.error.code} ${answer.error.outcome}`);
      const found = (await projects()).filter((one) => one.name === name);
      expect(found, `${name} in ${orgId}`).toHaveLength(1);
    });
    console.log([...outcomes].join(", "));
    expect(outcomes).toContain("created");
    const all = ["created", "updated", "name_conflict exists", "name_conflict not_updated"];
    expect(all).toEqual(expect.arrayContaining([...outcomes]));
  });
});
