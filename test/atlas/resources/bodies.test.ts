import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as z from "zod/v4";
import {
  createGroupAccessListEntry,
  createGroupDatabaseUser,
} from "../../../src/atlas/requests.ts";
import { accessListEntryBodySchema } from "../../../src/atlas/resources/access-list-entry.ts";
import { databaseUserBodySchema } from "../../../src/atlas/resources/database-user.ts";
import { groupId } from "../../support/atlas.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-08-10T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

type Problem = { path: string; message: string; example: unknown };

const problemsOf = (schema: z.ZodType, given: unknown): Problem[] =>
  (schema.safeParse(given).error?.issues ?? []).map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
    example: issue.code === "custom" ? issue.params?.example : undefined,
  }));

describe("an access list entry", () => {
  it.each([
    { ipAddress: "203.0.113.7" },
    { ipAddress: "2001:db8::1" },
    { cidrBlock: "203.0.113.0/24" },
    { cidrBlock: "0.0.0.0/0" },
    { cidrBlock: "2001:db8::/32", comment: "x".repeat(80) },
    { ipAddress: "203.0.113.7", deleteAfterDate: "2026-08-17T12:00:00Z" },
    { ipAddress: "203.0.113.7", deleteAfterDate: "2026-08-10T14:00:01+02:00" },
  ])("%j is one", (given) => {
    expect(problemsOf(accessListEntryBodySchema, given)).toEqual([]);
  });

  it.each<[given: object, path: string, message: RegExp, example: unknown]>([
    [{}, "ipAddress", /required, unless cidrBlock/, undefined],
    [{ ipAddress: "1.2.3.4", cidrBlock: "1.2.3.4/32" }, "cidrBlock", /left out/, undefined],
    [{ ipAddress: "203.0.113.9/32" }, "ipAddress", /use cidrBlock for a block/, "203.0.113.9"],
    [{ ipAddress: " 203.0.113.9 " }, "ipAddress", /must be an IPv4 or IPv6/, "203.0.113.9"],
    [{ ipAddress: "my-laptop" }, "ipAddress", /must be an IPv4 or IPv6/, undefined],
    [{ ipAddress: "0.0.0.0" }, "ipAddress", /every address.*cidrBlock/, undefined],
    [{ ipAddress: "0::0" }, "ipAddress", /every address.*cidrBlock/, undefined],
    [{ ipAddress: "0.0.0.0/8" }, "ipAddress", /cidrBlock/, undefined],
    [{ ipAddress: "::" }, "ipAddress", /every address.*cidrBlock/, undefined],
    [{ cidrBlock: "203.0.113.9" }, "cidrBlock", /length of its prefix/, "203.0.113.9/32"],
    [{ cidrBlock: "203.0.113.9/33" }, "cidrBlock", /must be an IPv4 or IPv6 block/, undefined],
    [{ ipAddress: "1.2.3.4", comment: "x".repeat(81) }, "comment", /80/, undefined],
  ])("%j is none", (given, path, message, example) => {
    const [problem, ...others] = problemsOf(accessListEntryBodySchema, given);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path, example });
    expect(problem?.message).toMatch(message);
    if (example !== undefined)
      expect(problemsOf(accessListEntryBodySchema, { [path]: example })).toEqual([]);
  });

  it.each<[date: string, message: RegExp]>([
    ["2026-08-10T12:00:00Z", /future/],
    ["2026-08-17T12:00:01Z", /a week ahead/],
    ["2026-02-30T09:30:00Z", /a time zone/],
    ["tomorrow", /a time zone/],
  ])("cannot end at %s, and no other date is offered", (deleteAfterDate, message) => {
    const given = { ipAddress: "203.0.113.7", deleteAfterDate };
    const problem = { path: "deleteAfterDate", message: expect.stringMatching(message) };
    expect(problemsOf(accessListEntryBodySchema, given)).toEqual([
      { ...problem, example: undefined },
    ]);
  });

  it.each<[date: string, message: RegExp, example: string]>([
    ["2026-08-12 09:30:00", /a time zone/, "2026-08-12T09:30:00Z"],
    ["2026-08-12T09:30:00", /a time zone/, "2026-08-12T09:30:00Z"],
  ])(
    "cannot end at %s, and the date that was meant is offered",
    (deleteAfterDate, message, example) => {
      const given = { ipAddress: "203.0.113.7", deleteAfterDate };
      const [problem, ...others] = problemsOf(accessListEntryBodySchema, given);
      expect(others).toEqual([]);
      expect(problem).toMatchObject({ path: "deleteAfterDate", example });
      expect(problem?.message).toMatch(message);
      const mended = { ...given, deleteAfterDate: example };
      expect(problemsOf(accessListEntryBodySchema, mended)).toEqual([]);
    },
  );

  it("has all of its problems told at once", () => {
    const given = { ipAddress: "x", cidrBlock: "y", deleteAfterDate: "z" };
    expect(
      problemsOf(accessListEntryBodySchema, given)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(["cidrBlock", "cidrBlock", "deleteAfterDate", "ipAddress"]);
  });

  it.each<[given: object, sent: object]>([
    [
      { ipAddress: "203.0.113.7", comment: "me" },
      { ipAddress: "203.0.113.7", comment: "me" },
    ],
    [{ cidrBlock: "10.0.0.5/24" }, { cidrBlock: "10.0.0.0/24" }],
    [{ ipAddress: "2001:DB8::1" }, { ipAddress: "2001:db8:0:0:0:0:0:1" }],
  ])("%j is sent in a list, in the documented form", (given, sent) => {
    const body = accessListEntryBodySchema.parse(given);
    expect(createGroupAccessListEntry(groupId, body).body).toEqual([sent]);
  });
});

describe("a database user", () => {
  it("has the default role on the database admin", () => {
    expect(databaseUserBodySchema.parse({ username: "app" })).toEqual({
      username: "app",
      databaseName: "admin",
      roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
    });
  });

  it.each([
    { username: "CN=Somebody, O=Some Body/é" },
    { username: "..." },
    { username: "%2e" },
    { username: "x".repeat(1024), description: "x".repeat(100) },
    { username: "app", scopes: [{ name: "c-0", type: "CLUSTER" }] },
    { username: "app", roles: [{ roleName: "read", databaseName: "shop", collectionName: "a" }] },
    { username: "app", deleteAfterDate: "2026-08-11T12:00:00Z" },
  ])("may be %o", (given) => {
    expect(problemsOf(databaseUserBodySchema, given)).toEqual([]);
  });

  it.each<[given: object, path: string]>([
    [{}, "username"],
    [{ username: "" }, "username"],
    [{ username: "x".repeat(1025) }, "username"],
    [{ username: "two\nlines" }, "username"],
    [{ username: "half\ud800" }, "username"],
    [{ username: "." }, "username"],
    [{ username: ".." }, "username"],
    [{ username: "app", databaseName: "$external" }, "databaseName"],
    [{ username: "app", roles: [] }, "roles"],
    [{ username: "app", roles: [{ roleName: "read" }] }, "roles.0.databaseName"],
    [{ username: "app", scopes: [{ name: "c_0", type: "CLUSTER" }] }, "scopes.0.name"],
    [{ username: "app", scopes: [{ name: "c-0", type: "cluster" }] }, "scopes.0.type"],
    [{ username: "app", description: "x".repeat(101) }, "description"],
    [{ username: "app", deleteAfterDate: "2026-08-10T11:59:59Z" }, "deleteAfterDate"],
    [{ username: "app", password: "secret-of-a-model" }, ""],
  ])("may not be %o", (given, path) => {
    expect(problemsOf(databaseUserBodySchema, given).map((one) => one.path)).toEqual([path]);
  });

  it("is shown without a password", () => {
    const body = databaseUserBodySchema.parse({ username: "app" });
    expect(createGroupDatabaseUser(groupId, body).body).toMatchObject({ password: "[generated]" });
  });
});
