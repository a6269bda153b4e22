import { describe, expect, it } from "vitest";
import type { AccessListEntryBody } from "../../src/atlas/resources/access-list-entry.ts";
import { groupId as anyGroup, benchFor, failureOf, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureEntry } from "./creating.ts";
import { entryBody, openEntry } from "./in-project.ts";

describe("an access list entry that is not there", () => {
  it("is created, and picked from the list that Atlas answers with", async () => {
    const { ensure, truth } = await openEntry();
    await ensure({ cidrBlock: "10.0.0.0/8" });
    const deleteAfterDate = "2026-08-12T00:00:00Z";
    const made = await ensure({ ...entryBody, deleteAfterDate });
    expect(made).toMatchObject({
      outcome: "created",
      resource: { ...entryBody, cidrBlock: "203.0.113.7/32", deleteAfterDate },
    });
    expect(await truth()).toEqual({ there: 2, posts: 2 });
  });

  it.each([{ ipAddress: "2001:DB8::1" }, { cidrBlock: "2001:db8::ff/64" }, { cidrBlock: "::/0" }])(
    "may be %o",
    async (given) => {
      const { ensure } = await openEntry();
      expect((await ensure(given)).outcome).toBe("created");
      expect(await failureOf(ensure(given))).toMatchObject({ identical: true });
    },
  );

  it.each([
    ["error:403:ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", "quota_exceeded"],
    ["error:400:PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY", "conflict"],
    ["error:400:INVALID_IP_ADDRESS_OR_CIDR_NOTATION", "invalid_input"],
    ["error:401:USER_UNAUTHORIZED", "forbidden"],
  ])("is not created after %s", async (fault, code) => {
    const { ensure, truth, script } = await openEntry();
    await script(fault);
    expect(await failureOf(ensure())).toMatchObject({ code, outcome: "not_created" });
    expect(await truth()).toEqual({ there: 0, posts: 1 });
  });
});

describe("an access list entry that is there already", () => {
  it.each<[is: AccessListEntryBody, asked: AccessListEntryBody]>([
    [entryBody, entryBody],
    [entryBody, { ipAddress: "203.0.113.7" }],
    [entryBody, { cidrBlock: "203.0.113.7/32" }],
    [{ cidrBlock: "203.0.113.7/32" }, { ipAddress: "203.0.113.7" }],
    [{ cidrBlock: "10.0.0.0/24" }, { cidrBlock: "10.0.0.77/24" }],
    [{ ipAddress: "2001:db8::1" }, { ipAddress: "2001:0DB8:0:0:0:0:0:1" }],
    [{ cidrBlock: "2001:db8::/32" }, { cidrBlock: "2001:db8:ffff::/32" }],
  ])("as %o is the same as %o, and returned if asked for", async (is, asked) => {
    const { ensure, truth } = await openEntry();
    await ensure(is);
    expect(await failureOf(ensure(asked))).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
    });
    expect((await ensure(asked, { ifExists: "return" })).outcome).toBe("existing");
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });

  it("differs where it has no comment and one was asked for", async () => {
    const { ensure } = await openEntry();
    await ensure({ ipAddress: "203.0.113.7" });
    const asked = { ipAddress: "203.0.113.7", comment: "yours" };
    expect(await failureOf(ensure(asked, { ifExists: "return" }))).toMatchObject({
      identical: false,
      differences: [{ field: "comment", yours: "yours", existing: "" }],
    });
  });

  it("is a conflict that says all that differs, and nothing of it is changed", async () => {
    const { sandboxBench, ensure, truth, groupId } = await openEntry();
    await ensure();
    const other = { ...entryBody, comment: "yours", deleteAfterDate: "2026-08-12T00:00:00Z" };
    const failure = await failureOf(ensure(other, { ifExists: "return" }));
    expect(failure).toMatchObject({
      code: "name_conflict",
      identical: false,
      differences: [
        { field: "comment", yours: "yours", existing: "my laptop" },
        { field: "deleteAfterDate", yours: "2026-08-12T00:00:00Z", existing: null },
      ],
      suggestions: [{ suggest: "show_project", with: { groupId } }],
    });
    expect(failure.message).toContain("have a person change it");
    expect((await sandboxBench.state()).accessList).toMatchObject([entryBody]);
    expect(await truth()).toEqual({ there: 1, posts: 1 });
  });
});

describe("an access list entry whose answer was lost", () => {
  it("is looked for where Atlas reports success and does not show it", async () => {
    let lists = 0;
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      lists += seen.method === "GET" ? 1 : 0;
      const results = lists < 2 ? [] : [{ cidrBlock: "203.0.113.7/32", comment: "my laptop" }];
      return json(response, seen.method === "GET" ? 200 : 201, { results, totalCount: 1 });
    });
    const made = await ensureEntry(benchFor(fakeAtlas.url), anyGroup, entryBody);
    expect(made).toMatchObject({ outcome: "created", reconciled: true });
    expect(fakeAtlas.api().map((one) => one.method)).toEqual(["GET", "POST", "GET"]);
  });
});

describe("two entries of one project at once", () => {
  it("are posted one after the other, since Atlas does not take two at a time", async () => {
    const { sandboxBench, ensure, truth } = await openEntry();
    const given = ["203.0.113.7", "203.0.113.8"].map((ipAddress) => ({ ipAddress }));
    const made = await Promise.all(given.map((one) => ensure(one)));
    expect(made.map((one) => one.resource.ipAddress)).toEqual(given.map((one) => one.ipAddress));
    expect(await truth()).toEqual({ there: 2, posts: 2 });
    const order = (await sandboxBench.state()).requests
      .map((one) => one.operation)
      .filter((operation) => /AccessList/.test(operation));
    const posts = order.flatMap((operation, at) => (/^create/.test(operation) ? [at] : []));
    // The second one has looked again after the first.
    expect((posts[1] ?? 0) - (posts[0] ?? 0)).toBeGreaterThan(1);
  });
});
