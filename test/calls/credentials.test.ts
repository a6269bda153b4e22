import { describe, expect, it } from "vitest";
import type { AtlasClient } from "../../src/atlas/client.ts";
import type { Entry } from "../../src/audit/log.ts";
import { type CredentialsOptions, createCredentials } from "../../src/calls/credentials.ts";
import type { Availability } from "../../src/calls/tool-availability.ts";
import { AtlasToolError, failure } from "../../src/common/failure.ts";
import type { PasswordFiles } from "../../src/credential-files/files.ts";
import type { Owned } from "../../src/credential-files/user-file.ts";
import type { Bounds } from "../../src/operations/context.ts";
import { operator } from "../../src/policy/caller.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const groupId = "a".repeat(24);
const user = { groupId, username: "app" };
const alice = { ...operator, id: "token:alice" };
const owned: Owned = { variables: { MONGODB_PASSWORD: "not-so-secret" } };

type Setup = {
  readFor?: () => Promise<Owned | "absent" | "foreign">;
  bounds?: Bounds;
  orgOf?: () => Promise<string>;
  write?: (entry: Entry) => Promise<void>;
};

const setUp = ({ readFor = async () => owned, bounds = {}, orgOf, write }: Setup = {}) => {
  const written: Entry[] = [];
  const asked: string[] = [];
  const log: string[] = [];
  const noteLine = (fields: object, text?: string) =>
    void log.push(JSON.stringify({ ...fields, text }));
  const clock = createFakeClock({ limitsFrom: 1000 });
  const credentials = createCredentials({
    passwordFiles: { readFor, pathOf: () => "/folder/app.env" } as unknown as PasswordFiles,
    atlas: {
      read: async () => {
        asked.push("getGroup");
        return { id: groupId, orgId: await orgOf?.() };
      },
    } as unknown as AtlasClient,
    clock,
    deadlineMs: 45_000,
    availabilityFor: (caller) =>
      ({ caller, bounds, setup: { backend: "sandbox", baseUrl: "x" } }) as unknown as Availability,
    audit: {
      write: async (entry) => {
        await write?.(entry);
        written.push(entry);
      },
      close: async () => {},
    },
    log: { info: noteLine, warn: noteLine, error: noteLine } as CredentialsOptions["log"],
  });
  return { credentials, written, asked, log, clock };
};

const refused = (code: "not_found" | "forbidden" | "unavailable") => async (): Promise<never> => {
  throw new AtlasToolError(failure(code, `It is ${code}.`));
};

const inOrganization = { bounds: { organizations: ["the-org"] } };

describe("a fetch", () => {
  it("is on disk before it is given", async () => {
    let isWritten = false;
    const { credentials } = setUp({
      write: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isWritten = true;
      },
    });
    expect(await credentials.fetch(alice, user)).toEqual({ given: owned });
    expect(isWritten).toBe(true);
  });

  it("that cannot be recorded gives nothing", async () => {
    const { credentials, log } = setUp({ write: () => Promise.reject(new Error("full")) });
    expect(await credentials.fetch(alice, user)).toEqual({
      unavailable: expect.stringContaining("audit"),
    });
    expect(log.join()).toContain("audit not written");
  });

  it("from a folder that does not answer ends before the deadline does", async () => {
    const { credentials, clock, written } = setUp({ readFor: () => new Promise(() => {}) });
    const fetching = credentials.fetch(alice, user);
    await new Promise((resolve) => setTimeout(resolve, 5));
    clock.pass(44_000);
    expect(await fetching).toEqual({ unavailable: expect.stringContaining("did not answer") });
    expect(written).toMatchObject([{ kind: "denied", result: { code: "unavailable" } }]);
  });

  it("tells nobody in the log what it gave", async () => {
    const { credentials, log, written } = setUp();
    await credentials.fetch(alice, user);
    expect(log).toHaveLength(1);
    expect(log.join() + JSON.stringify(written)).not.toContain("not-so-secret");
  });

  it.each<[string, Setup, keyof Owned | string]>([
    ["in a project of the list", { bounds: { projects: [groupId] } }, "given"],
    ["in a project that is not listed", { bounds: { projects: [] } }, "absent"],
    [
      "in an organization of the list",
      { ...inOrganization, orgOf: async () => "the-org" },
      "given",
    ],
    ["in another organization", { ...inOrganization, orgOf: async () => "other" }, "absent"],
    ["in a project that has gone", { ...inOrganization, orgOf: refused("not_found") }, "absent"],
    ["in a project that is hidden", { ...inOrganization, orgOf: refused("forbidden") }, "absent"],
    ["while Atlas is silent", { ...inOrganization, orgOf: refused("unavailable") }, "unavailable"],
  ])("%s: %o", async (_where, setup, end) => {
    expect(Object.keys(await setUp(setup).credentials.fetch(alice, user))).toEqual([end]);
  });

  it("asks Atlas only where the password is the caller's and organizations are bounded", async () => {
    const open = setUp();
    await open.credentials.fetch(alice, user);
    const foreign = setUp({ ...inOrganization, readFor: async () => "foreign" });
    await foreign.credentials.fetch(alice, user);
    const own = setUp({ ...inOrganization, orgOf: async () => "the-org" });
    for (let count = 0; count < 3; count += 1) await own.credentials.fetch(alice, user);
    expect([open.asked, foreign.asked, own.asked]).toEqual([[], [], ["getGroup"]]);
  });
});

describe("a caller without the right", () => {
  it("is recorded, with the user if it named one", async () => {
    const { credentials, written } = setUp();
    await credentials.refuse(alice, user);
    await credentials.refuse(alice, undefined);
    expect(written.map(({ kind, resource }) => [kind, resource.name, resource.groupId])).toEqual([
      ["denied", "app", groupId],
      ["denied", "", undefined],
    ]);
  });
});
