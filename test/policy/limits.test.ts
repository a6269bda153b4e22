import { expect, it, onTestFinished } from "vitest";
import { aws } from "../faults/harness.ts";
import { provision } from "../faults/provision.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { createFastClock } from "../support/fast-clock.ts";

const groupId = "b".repeat(24);
const id = "c".repeat(24);

/** A server with a limit of two, before an Atlas that has `names` and tells no totals. */
const open = async (names: string[]) => {
  const clock = createFastClock(20);
  const atlas = await startFakeAtlas(({ method, path }, response) => {
    const { pathname, searchParams } = new URL(path, "http://atlas.invalid");
    if (!pathname.endsWith("/flexClusters")) return undefined;
    if (method === "POST") return json(response, 201, { id, name: "new", stateName: "IDLE" });
    const size = Number(searchParams.get("itemsPerPage") ?? 100);
    return json(response, 200, { results: names.slice(0, size).map((name) => ({ id, name })) });
  });
  const server = provision({
    baseUrl: atlas.url,
    account: { clientId: "mdb_sa_id_1", clientSecret: "mdb_sa_sk_1" },
    clock,
    rules: { limits: { flexClustersPerProject: 2 } },
  });
  onTestFinished(async () => {
    await server.close();
    await atlas.close();
    clock.stop();
  });
  const answer = await server.call("create_flex_cluster", {
    groupId,
    name: "new",
    providerSettings: aws,
  });
  return { answer, posts: atlas.api().filter(({ method }) => method === "POST").length };
};

it("a limit holds where Atlas tells no total", async () => {
  const { answer, posts } = await open(["one", "two"]);
  expect(answer.error).toMatchObject({
    code: "policy_denied",
    fields: [{ path: "groupId", problem: "already has 2, and at most 2 may exist" }],
  });
  expect(posts).toBe(0);
});

it("a limit that is not reached lets pass where Atlas tells no total", async () => {
  const { answer, posts } = await open(["one"]);
  expect([answer.outcome, posts]).toEqual(["created", 1]);
});
