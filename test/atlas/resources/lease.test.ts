import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Leased,
  leaseIn,
  leaseKey,
  leaseProblem,
  leaseTag,
  readLease,
} from "../../../src/atlas/resources/lease.ts";

const parentId = "6b0000000000000000000001";
const orders: Leased = { kind: "flexCluster", parentId, name: "orders" };
const until = "2026-11-27T18:00:00Z";

describe("the tag of a lease", () => {
  it("has the date in ISO basic form and a digest of parent, kind and name", () => {
    const digest = createHash("sha256").update(`${parentId}/flexCluster/orders`).digest("hex");
    const tag = { key: leaseKey, value: `20261127T180000Z.${digest.slice(0, 8)}` };
    expect(leaseTag(orders, until)).toEqual(tag);
    expect(leaseKey).toBe("atlas-provision-mcp.delete-after");
  });

  it("has only characters that Atlas takes in a tag", () => {
    expect(leaseTag(orders, until).value).toMatch(/^[\p{L}\p{N} ;@_.+-]+$/u);
  });

  it("is read back, whatever the second", () => {
    const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, (second) => {
        const date = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
        expect(leaseIn([leaseTag(orders, date)], orders)).toBe(date);
      }),
    );
  });

  it.each<[string, Leased]>([
    ["another name", { ...orders, name: "orders2" }],
    ["another parent", { ...orders, parentId: "6b0000000000000000000002" }],
    ["another kind", { ...orders, kind: "project" }],
    ["an unknown parent", { ...orders, parentId: undefined }],
  ])("is no lease on %s", (_what, other) => {
    expect(leaseIn([leaseTag(orders, until)], other)).toBeUndefined();
  });

  it("is the same for both Unicode forms of a name", () => {
    const project: Leased = { kind: "project", parentId, name: "caf\u00e9" };
    const tags = [leaseTag(project, until)];
    expect(leaseIn(tags, { ...project, name: "cafe\u0301" })).toBe(until);
  });

  const { value } = leaseTag(orders, until);
  it.each([
    ["no date", "tomorrow"],
    ["no digest", "20261127T180000Z"],
    ["a digest that is too short", value.slice(0, -1)],
    ["text behind it", `${value}0`],
    ["a line before it", `\n${value}`],
    ["upper case", value.toUpperCase()],
    ["a day that no month has", value.replace("20261127", "20260231")],
    ["an hour that no day has", value.replace("T18", "T25")],
    ["the hour 24", value.replace("T18", "T24")],
    ["nothing", ""],
  ])("is unreadable with %s", (_what, text) => {
    expect(leaseIn([{ key: leaseKey, value: text }], orders)).toBeUndefined();
  });
});

describe("two tags of a lease", () => {
  const raw = (value: string) => ({ key: leaseKey, value });
  it.each([
    ["an earlier date", leaseTag(orders, "2026-11-26T18:00:00Z")],
    ["the same date", leaseTag(orders, until)],
    ["another resource", leaseTag({ ...orders, name: "carts" }, until)],
    ["no form", raw("never")],
  ])("are no lease, whatever their order: one and one with %s", (_what, second) => {
    const tags = [leaseTag(orders, until), second];
    for (const both of [tags, tags.toReversed()]) {
      expect(leaseIn(both, orders)).toBeUndefined();
      expect(leaseProblem(both, orders)).toBe("unreadable");
    }
  });
});

describe("reading a resource", () => {
  const read = readLease<{
    name?: string;
    groupId: string;
    tags?: { key: string; value: string }[];
  }>("flexCluster", ({ groupId }) => groupId);
  const other = { key: "environment", value: "test" };
  const cluster = { name: "orders", groupId: parentId };

  it("turns the tag into sweepAfter", () => {
    const tags = [other, leaseTag(orders, until)];
    expect(read({ ...cluster, tags })).toEqual({ ...cluster, tags: [other], sweepAfter: until });
  });

  it("leaves a tag that was copied from another resource", () => {
    const copied = leaseTag({ ...orders, name: "shop" }, until);
    expect(read({ ...cluster, tags: [other, copied] })).toEqual({
      ...cluster,
      tags: [other, copied],
    });
  });

  it("does not believe a member of this name in Atlas's answer", () => {
    expect(read({ ...cluster, ...{ sweepAfter: until } }).sweepAfter).toBeUndefined();
  });
});
