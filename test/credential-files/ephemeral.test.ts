import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { secret } from "../../src/common/secret.ts";
import { createEphemeralFiles, sandboxAddress } from "../../src/credential-files/ephemeral.ts";

const home = mkdtempSync(join(tmpdir(), "ephemeral-files-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const address = "https://cloud.mongodb.com";
const at = (ms: number) => ({ machine: ms, atlas: ms, address });
const start = Date.UTC(2026, 10, 27);
const now = at(start);
const made = {
  clusterName: "Cluster0",
  address,
  pausesAt: "2026-11-29T00:00:00Z",
  deletesAt: "2026-12-04T00:00:00Z",
  connectionString: secret("mongodb+srv://u:p@cluster0.abc.mongodb.net/"),
  claimUrl: secret("https://account.mongodb.com/account/register?claimId=c"),
  clusterId: secret("id"),
};

let count = 0;
const files = () => {
  count += 1;
  return createEphemeralFiles(join(home, String(count)));
};

const place = { clusterName: "Cluster0" };

const reserved = async (own: ReturnType<typeof files>, when = now) => {
  const reservation = await own.reserve(place, when);
  if (reservation === undefined) throw new Error("The name is taken.");
  return reservation;
};

describe("the folder of a caller", () => {
  const { pathOf } = createEphemeralFiles("/data");

  it.each([
    "..",
    "../eve",
    "con",
    "a/b",
    "Alice",
    "alice",
    ".",
    "cluster0.env",
    "x".repeat(500),
    "\u0000",
  ])("of the name %j lies below ephemeral, and is nobody else's", (owner) => {
    const path = pathOf({ owner, clusterName: "Cluster0" });
    expect(dirname(dirname(path))).toBe("/data/ephemeral");
    expect(path).not.toBe(pathOf({ owner: `${owner}x`, clusterName: "Cluster0" }));
    expect(path.toLowerCase()).toBe(path);
    expect(dirname(path)).toMatch(/\.d$/);
  });

  it("is none for the operator, and names that are no files have none", () => {
    expect(pathOf(place)).toBe("/data/ephemeral/cluster0.env");
    for (const clusterName of ["..", "con", "a/b", ""])
      expect(() => pathOf({ clusterName })).toThrow("no name of a file");
  });
});

describe("a reservation", () => {
  it("that another call has replaced does not lose the secrets", async () => {
    const own = files();
    const slow = await reserved(own);
    const later = at(start + 16 * 60_000);
    const next = await reserved(own, later);
    expect(await own.keep(next, made)).toBe(own.pathOf(place));
    const beside = await own.keep(slow, { ...made, clusterId: secret("other") });
    expect(beside).not.toBe(own.pathOf(place));
    expect(readdirSync(dirname(beside))).toHaveLength(2);
    expect(await own.find(place)).toMatchObject({ kind: "made", clusterName: "Cluster0" });
  });

  it("that is given up leaves nothing, and never what another call has", async () => {
    const own = files();
    const first = await reserved(own);
    await own.release(first);
    const second = await reserved(own);
    await own.release(first);
    expect(await own.holder(place, now)).toMatchObject({ kind: "reserved" });
    await own.keep(second, made);
    await own.release(second);
    expect(await own.holder(place, now)).toMatchObject({ kind: "made" });
  });

  it("takes a name whose cluster is over, in one of several calls at once", async () => {
    const own = files();
    await own.keep(await reserved(own), made);
    const after = Date.parse(made.deletesAt);
    expect(await own.reserve(place, at(after - 1))).toBeUndefined();
    const tries = await Promise.all(Array.from({ length: 8 }, () => own.reserve(place, at(after))));
    const [winner, ...more] = tries.filter((one) => one !== undefined);
    expect(more).toEqual([]);
    const { aside = "" } = winner ?? {};
    expect(readdirSync(dirname(aside)).sort()).toEqual(
      ["cluster0.env", aside.slice(dirname(aside).length + 1)].sort(),
    );
  });
});

describe("the name of a cluster of a sandbox", () => {
  const process = (which: string) => sandboxAddress(`process ${which}`);

  it("is taken as long as that sandbox is reached, and free for all others", async () => {
    const own = files();
    const here = { ...now, address: process("1") };
    const first = await own.reserve(place, here);
    if (first === undefined) throw new Error("The name is taken.");
    await own.keep(first, { ...made, address: process("1") });
    expect(await own.reserve(place, here)).toBeUndefined();
    expect(await own.holder(place, { ...now, address: process("2") })).toBeUndefined();
    const real = await own.reserve(place, now);
    expect(real?.aside).toMatch(/cluster0~.+\.env$/);
  });

  it("does not take that of a real one", async () => {
    const own = files();
    await own.keep(await reserved(own), made);
    expect(await own.reserve(place, { ...now, address: process("1") })).toBeUndefined();
  });
});

describe("a free name", () => {
  it.each([
    ["Cluster0", "Cluster1"],
    ["shop", "shop-2"],
    ["shop-9", "shop-10"],
    ["0", "0-2"],
    ["a".repeat(64), `${"a".repeat(63)}2`],
  ])("for %s is %s", async (clusterName, free) => {
    expect(await files().freeName({ clusterName }, now)).toBe(free);
  });

  it("passes over those that are taken", async () => {
    const own = files();
    await own.reserve({ clusterName: "Cluster1" }, now);
    expect(await own.freeName(place, now)).toBe("Cluster2");
  });
});
