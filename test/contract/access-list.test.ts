import { describe, expect, it } from "vitest";
import type { Answering, Kind, ToolResult } from "../support/clients.ts";
import { actionsOf } from "../support/contract.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const calm = sharedFixture({ kind: "v2 modern", env: { ATLAS_MCP_CONFIRM: "auto" } });

const entry = ({ driver, groupId }: Fixture, args: object): Promise<ToolResult> =>
  driver.call("create_access_list_entry", { groupId, ...args });

const blocksIn = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).accessList.map(({ cidrBlock }) => cidrBlock);

describe("an access list entry", () => {
  it.each([
    ["an address", { ipAddress: "203.0.113.7" }, "203.0.113.7/32"],
    ["a block", { cidrBlock: "203.0.113.0/24" }, "203.0.113.0/24"],
    ["an IPv6 address", { ipAddress: "2001:db8::7" }, "2001:db8:0:0:0:0:0:7/128"],
    ["the widest IPv4 block that asks for nothing", { cidrBlock: "10.0.0.0/8" }, "10.0.0.0/8"],
  ])("lets in %s without a question", (_what, args, block) =>
    calm(async (fixture) => {
      const { structured } = await entry(fixture, args);
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "created",
        accessListEntry: { groupId: fixture.groupId },
        receipt: { approver: "not_needed", price: "free" },
      });
      expect(structured.accessListEntry.cidrBlock).toBe(block);
      expect(await blocksIn(fixture)).toEqual([block]);
    }),
  );

  it("is gone by itself where a date was given", () =>
    calm(async (fixture) => {
      const deleteAfterDate = new Date(Date.now() + 3_600_000).toISOString();
      const args = { ipAddress: "203.0.113.7", comment: "an hour", deleteAfterDate };
      const { structured } = await entry(fixture, args);
      expect(structured).toMatchObject({ status: "ok", outcome: "created" });
      const [made] = (await fixture.sandbox.state()).accessList;
      expect(made?.comment).toBe("an hour");
      expect(
        Math.abs(Date.parse(made?.deleteAfterDate) - Date.parse(deleteAfterDate)),
      ).toBeLessThan(1000);
    }));

  it("that is there already is a conflict, and a success where that is asked for", () =>
    calm(async (fixture) => {
      await entry(fixture, { ipAddress: "203.0.113.7" });
      const taken = await entry(fixture, { cidrBlock: "203.0.113.7/32" });
      expect(taken.structured.error).toMatchObject({ code: "name_conflict", identical: true });
      const [, repeat] = actionsOf(taken);
      const again = await fixture.driver.call("create_access_list_entry", repeat?.arguments);
      expect(again.structured).toMatchObject({ status: "ok", outcome: "existing" });
      expect(await blocksIn(fixture)).toHaveLength(1);
    }));

  it("needs an address or a block, and not both", () =>
    calm(async (fixture) => {
      const none = await entry(fixture, {});
      const both = await entry(fixture, { ipAddress: "203.0.113.7", cidrBlock: "203.0.113.7/32" });
      for (const { structured } of [none, both])
        expect(structured.error).toMatchObject({ code: "invalid_input", outcome: "not_created" });
      expect(await blocksIn(fixture)).toEqual([]);
    }));

  // Atlas takes it for every address (terraform#864).
  it.each(["0.0.0.0", "::", "0::0", "0:0:0:0:0:0:0:0", "::0.0.0.0", "::ffff:0.0.0.0"])(
    "is not made for %s as an address: who means the internet has to say so",
    (ipAddress) =>
      calm(async (fixture) => {
        const { structured } = await entry(fixture, { ipAddress });
        expect(structured.error.fields).toMatchObject([{ path: "ipAddress" }]);
        expect(await blocksIn(fixture)).toEqual([]);
      }),
  );
});

const everyone: [cidrBlock: string, said: string][] = [
  ["0.0.0.0/0", "every address on the internet"],
  ["203.0.113.7/0", "every address on the internet"],
  ["::/0", "every address on the internet"],
  ["0.0.0.0/32", "every address on the internet"],
  ["::/128", "every address on the internet"],
  ["::/80", "every address on the internet"],
  ["::ffff:0.0.0.0/96", "every address on the internet"],
  ["2002::/16", "every address on the internet"],
  ["64:ff9b::/96", "every address on the internet"],
  ["0.0.0.0/1", "to 2,109,734,912 more public addresses"],
  ["128.0.0.0/7", "to 33,554,432 more public addresses"],
  ["2000::/3", "every address on the internet"],
  ["::ffff:128.0.0.0/97", "to 2,146,304,000 more public addresses"],
];

/** Every way of asking, with what its user says where there is one. */
const asking = (kind: Kind, confirm: string, answers?: Answering) => {
  const asked: string[] = [];
  const note: Answering = (question) => {
    asked.push(question);
    return answers?.(question) ?? "cancel";
  };
  const fixture = sharedFixture({
    kind,
    env: { ATLAS_MCP_CONFIRM: confirm },
    answers: answers && note,
  });
  return (use: (fixture: Fixture, asked: string[]) => Promise<void>) =>
    fixture(async (one) => {
      asked.length = 0;
      await use(one, asked);
    });
};

describe("what opens a project to much of the internet", () => {
  const byToken = asking("v2 legacy over http", "auto");

  it.each(everyone)("(%s) is not sent before its user agrees", (cidrBlock, said) =>
    byToken(async (fixture) => {
      const { structured } = await entry(fixture, { cidrBlock });
      expect(structured).toMatchObject({ status: "needs_confirmation" });
      expect(structured.message).toContain(said);
      expect(await blocksIn(fixture)).toEqual([]);
    }),
  );

  it("is let in by the confirmation that came with the question, and by no other block's", () =>
    byToken(async (fixture) => {
      const { confirmation } = (await entry(fixture, { cidrBlock: "0.0.0.0/0" })).structured;
      const other = await entry(fixture, { cidrBlock: "::/0", confirmation });
      expect(other.structured.status).toBe("needs_confirmation");
      const made = await entry(fixture, { cidrBlock: "0.0.0.0/0", confirmation });
      expect(made.structured).toMatchObject({
        outcome: "created",
        receipt: { approver: "agent" },
      });
      expect(await blocksIn(fixture)).toEqual(["0.0.0.0/0"]);
    }));

  const modes: [mode: string, kind: Kind][] = [
    ["auto", "v1"],
    ["human", "v2 legacy"],
    ["always", "v2 modern"],
    ["human", "v2 modern over http"],
    ["auto", "v1 over http"],
  ];
  describe.each(modes)("with --confirm %s, asked through %s", (mode, kind) => {
    let says: ReturnType<Answering> = "decline";
    const withUser = asking(kind, mode, () => says);

    it("is declined by its user", () =>
      withUser(async (fixture, asked) => {
        says = "decline";
        const { structured } = await entry(fixture, { cidrBlock: "0.0.0.0/0" });
        expect(structured.error).toMatchObject({ code: "declined", outcome: "not_created" });
        expect(asked).toEqual([expect.stringContaining("every address on the internet")]);
        expect(await blocksIn(fixture)).toEqual([]);
      }));

    it("is let in by its user", () =>
      withUser(async (fixture, asked) => {
        says = "accept";
        const { structured } = await entry(fixture, { cidrBlock: "0.0.0.0/0" });
        expect(structured).toMatchObject({ outcome: "created", receipt: { approver: "user" } });
        expect(asked).toHaveLength(1);
        expect(await blocksIn(fixture)).toEqual(["0.0.0.0/0"]);
      }));
  });

  const token = asking("v2 modern", "token", () => "accept");
  it("is asked by confirmation alone with --confirm token", () =>
    token(async (fixture, asked) => {
      const { structured } = await entry(fixture, { cidrBlock: "0.0.0.0/0" });
      expect(structured.status).toBe("needs_confirmation");
      expect(asked).toEqual([]);
    }));

  const human = asking("v2 modern", "human");
  it("is refused with --confirm human where the host cannot ask", () =>
    human(async (fixture) => {
      const { structured } = await entry(fixture, { cidrBlock: "0.0.0.0/0" });
      expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
    }));

  const never = asking("v1", "never", () => "decline");
  it("is nobody's question with --confirm never", () =>
    never(async (fixture, asked) => {
      const { structured } = await entry(fixture, { cidrBlock: "0.0.0.0/0" });
      expect(structured).toMatchObject({ outcome: "created", receipt: { approver: "operator" } });
      expect(asked).toEqual([]);
    }));
});
