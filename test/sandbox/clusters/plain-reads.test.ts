import { expect, test } from "vitest";
import { clusterReads } from "../../../sandbox/src/clusters/plain-reads.ts";
import { dedicated, startInProject, vendor } from "./bodies.ts";

test.each(clusterReads.map((row) => [row[0], row] as const))(
  "%s",
  async (_id, [, below, { capacity }, body, first = "2023-01-01", ...later]) => {
    const { api, path } = await startInProject();
    await api("POST", path, { body: dedicated("big") });
    for (const version of [first, ...later]) {
      const accept = vendor(version);
      const response = await api("GET", `${path}/big/${below}`, { accept });
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        `${accept};charset=utf-8`,
      ]);
      expect(response.headers.get("ratelimit-limit")).toBe(`${capacity}`);
      if (body !== "page") expect(response.at()).toEqual(body);
      else expect(response.at()).toMatchObject({ results: [], totalCount: 0 });
    }
    expect((await api("GET", `${path}/none/${below}`)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
  },
);

test("changes of a cluster are pending until it is IDLE", async () => {
  const { api, pass, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  expect((await api("GET", `${path}/big/status`)).at()).toEqual({ changeStatus: "PENDING" });
  pass(10_000);
  expect((await api("GET", `${path}/big/status`)).at()).toEqual({ changeStatus: "APPLIED" });
});
