import { describe, expect, it, vi } from "vitest";
import { startSweeping } from "../../support/sweeping.ts";

const start = async () => {
  const sweeping = await startSweeping({}, 50);
  const shop = await sweeping.leasedProject("shop", 1);
  await sweeping.leasedCluster(shop, "orders", -1);
  return { ...sweeping, shop };
};

describe("a sweep that is asked to end", () => {
  const hang = async (
    { script, count }: Awaited<ReturnType<typeof start>>,
    operation: string,
    asked: AbortController,
  ) => {
    const before = await count(operation);
    await script(operation, "hang", 99);
    void vi
      .waitUntil(async () => (await count(operation)) > before, 5000)
      .then(() => asked.abort());
  };

  it("while it looks for the first time fails, and blames no project", async () => {
    const sweeping = await start();
    const asked = new AbortController();
    await hang(sweeping, "listGroupFlexClusters", asked);
    const report = await sweeping.run({ signal: asked.signal });
    expect(report).toMatchObject({ left: [], stopped: true, error: { code: "stopped" } });
    expect(report.exitCode).toBe(1);
  });

  it.each(["listGroupFlexClusters", "listGroups"])(
    "while it looks again keeps what it has seen (%s)",
    async (operation) => {
      const sweeping = await start();
      const asked = new AbortController();
      await sweeping.leasedProject("own", 3);
      const report = await sweeping.run({
        signal: asked.signal,
        onEnd: () => hang(sweeping, operation, asked),
      });
      expect(report).toMatchObject({ left: [{ name: "orders" }], stopped: true, exitCode: 3 });
      expect(report.error).toBeUndefined();
      expect(report.later.map(({ name }) => name)).toEqual(["shop", "own"]);
    },
  );

  it("before a delete is sent leaves it as stopped", async () => {
    const sweeping = await start();
    const asked = new AbortController();
    const report = await sweeping.run({
      signal: asked.signal,
      before: () => hang(sweeping, "getGroupFlexCluster", asked),
    });
    expect(report).toMatchObject({
      left: [{ name: "orders", code: "stopped" }],
      stopped: true,
      exitCode: 3,
    });
    expect(await sweeping.count("deleteGroupFlexCluster")).toBe(0);
  });
});
