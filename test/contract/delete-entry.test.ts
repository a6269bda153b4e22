import { describe, expect, it } from "vitest";
import { type Fixture, sharedFixture } from "./fixture.ts";

const patient = sharedFixture({
  kind: "v2 modern",
  env: { ATLAS_MCP_CONFIRM: "never", ATLAS_MCP_ALLOW_DELETE: "1" },
  step: 20,
});

const make = ({ sandbox, groupId }: Fixture, entry: object) =>
  sandbox.make(`/groups/${groupId}/accessList`, [entry]);

const remove = ({ driver, groupId }: Fixture, more: object) =>
  driver.call("delete_access_list_entry", { groupId, ...more });

const left = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).accessList.map(({ cidrBlock }) => cidrBlock);

describe("delete_access_list_entry", () => {
  it.each([
    ["an address", { ipAddress: "203.0.113.7" }, { ipAddress: "203.0.113.7" }],
    ["an address as a block", { ipAddress: "203.0.113.7" }, { cidrBlock: "203.0.113.7/32" }],
    ["a block of one as an address", { cidrBlock: "203.0.113.7/32" }, { ipAddress: "203.0.113.7" }],
    ["a block", { cidrBlock: "203.0.113.0/24" }, { cidrBlock: "203.0.113.0/24" }],
    ["the whole internet", { cidrBlock: "0.0.0.0/0" }, { cidrBlock: "0.0.0.0/0" }],
    [
      "an IPv6 address in another spelling",
      { ipAddress: "2001:db8::7" },
      { ipAddress: "2001:0DB8:0:0::7" },
    ],
  ])("removes %s, and no other", (_what, there, asked) =>
    patient(async (fixture) => {
      await make(fixture, { ipAddress: "198.51.100.1" });
      await make(fixture, there);
      expect((await remove(fixture, asked)).structured).toMatchObject({ outcome: "deleted" });
      expect(await left(fixture)).toEqual(["198.51.100.1/32"]);
    }),
  );

  it("says who may still connect when it is gone", () =>
    patient(async (fixture) => {
      await make(fixture, { cidrBlock: "203.0.113.0/24" });
      await make(fixture, { ipAddress: "203.0.113.7" });
      const first = await remove(fixture, { ipAddress: "203.0.113.7" });
      expect(first.structured.note).toContain("203.0.113.0/24");
      const last = await remove(fixture, { cidrBlock: "203.0.113.0/24" });
      expect(last.structured.note).toContain("nobody can connect");
    }));

  it("says absent, and which entries still admit the address", () =>
    patient(async (fixture) => {
      await make(fixture, { cidrBlock: "203.0.113.0/24" });
      const { structured } = await remove(fixture, { ipAddress: "203.0.113.7" });
      expect(structured).toMatchObject({
        outcome: "absent",
        note: expect.stringContaining("203.0.113.0/24"),
      });
      expect(await left(fixture)).toEqual(["203.0.113.0/24"]);
    }));

  it.each([
    ["neither", {}],
    ["both", { ipAddress: "203.0.113.7", cidrBlock: "203.0.113.0/24" }],
    ["a block as an address", { ipAddress: "203.0.113.0/24" }],
    ["no address", { ipAddress: "office" }],
  ])("refuses %s, and sends nothing", (_what, asked) =>
    patient(async (fixture) => {
      const before = (await fixture.sandbox.state()).requests.length;
      const { structured } = await remove(fixture, asked);
      expect(structured.error).toMatchObject({ code: "invalid_input", outcome: "not_deleted" });
      expect((await fixture.sandbox.state()).requests).toHaveLength(before);
    }),
  );

  it.each(["commit_then_reset", "commit_then_hang", "reset", "html_503"])(
    "after %s it is gone, and says so",
    (fault) =>
      patient(async (fixture) => {
        await make(fixture, { ipAddress: "203.0.113.7" });
        await fixture.sandbox.script("deleteGroupAccessListEntry", fault);
        const { structured } = await remove(fixture, { ipAddress: "203.0.113.7" });
        expect(structured.outcome).toBe("deleted");
        expect(await left(fixture)).toEqual([]);
      }),
  );

  it("takes turns with creates in the same list", () =>
    patient(async (fixture) => {
      const { driver, groupId } = fixture;
      await make(fixture, { ipAddress: "203.0.113.7" });
      await fixture.sandbox.script("createGroupAccessListEntry", "delay:400");
      const [made, gone] = await Promise.all([
        driver.call("create_access_list_entry", { groupId, ipAddress: "198.51.100.1" }),
        remove(fixture, { ipAddress: "203.0.113.7" }),
      ]);
      expect([made.structured.outcome, gone.structured.outcome]).toEqual(["created", "deleted"]);
      const { requests } = await fixture.sandbox.state();
      const changes = requests
        .filter(({ method }) => method !== "GET")
        .map(({ operation }) => operation);
      expect(changes.slice(-2).sort()).toEqual([
        "createGroupAccessListEntry",
        "deleteGroupAccessListEntry",
      ]);
      expect(await left(fixture)).toEqual(["198.51.100.1/32"]);
    }));
});
