import { describe, expect, it } from "vitest";
import { listProjects } from "../../src/operations/list-projects.ts";
import { findProjects } from "../../src/operations/project.ts";
import { benchFor, failureOf, groupId, openFakeAtlas, orgId } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";

type Item = { id?: string; name: string; orgId?: string };
type Lists = Record<string, Item[] | { status: number; errorCode?: string }>;

const orgGroups = `/api/atlas/v2/orgs/${orgId}/groups`;
const groups = "/api/atlas/v2/groups";

/** An Atlas that pages lists as the real one does; a list may also be an error. */
const atlasWith = async (lists: Lists) => {
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    const { pathname, searchParams } = new URL(seen.path, "http://x");
    const list = lists[pathname];
    if (list === undefined) return undefined;
    if (!Array.isArray(list)) {
      const body =
        list.errorCode === undefined ? "" : { error: list.status, errorCode: list.errorCode };
      return json(response, list.status, body);
    }
    const size = Number(searchParams.get("itemsPerPage") ?? 100);
    const page = Number(searchParams.get("pageNum") ?? 1);
    const results = list.slice((page - 1) * size, page * size);
    return json(response, 200, { results, totalCount: list.length });
  });
  const work = benchFor(fakeAtlas.url).work();
  return {
    work,
    find: (name: string) => findProjects(work.atlas, orgId, name, work.deadline),
    asked: () => fakeAtlas.api().map((one) => new URL(one.path, "http://x")),
  };
};

const idOf = (at: number): string => `${at}`.padStart(24, "0");

const named = (...names: string[]): Item[] =>
  names.map((name, at) => ({ id: idOf(at), name, orgId }));

const filler = (count: number) => named(...Array.from({ length: count }, (_, n) => `shop-${n}`));

describe("the look-up of a project by name", () => {
  it("asks for the name within the organization, as many as a page takes", async () => {
    const { find, asked } = await atlasWith({ [orgGroups]: [] });
    await find("shop");
    expect(asked().map((url) => url.pathname)).toEqual([orgGroups]);
    expect(asked()[0]?.searchParams.get("name")).toBe("shop");
    expect(asked()[0]?.searchParams.get("itemsPerPage")).toBe("500");
  });

  it("takes the exact name alone, though Atlas answers prefixes without case", async () => {
    const { find } = await atlasWith({ [orgGroups]: named("Shop", "shopping", "SHOP", "shop") });
    expect(await find("shop")).toMatchObject({ found: [{ name: "shop" }] });
  });

  it("finds none where only others begin alike", async () => {
    const { find } = await atlasWith({ [orgGroups]: named("Shop", "shopping") });
    expect(await find("shop")).toEqual({ found: [] });
  });

  it("finds both where Atlas has made two", async () => {
    const { find } = await atlasWith({ [orgGroups]: named("shop", "shop") });
    expect(await find("shop")).toMatchObject({ found: [{ name: "shop" }, { name: "shop" }] });
  });

  it("looks through all pages", async () => {
    const { find, asked } = await atlasWith({ [orgGroups]: [...filler(500), ...named("shop")] });
    expect(await find("shop")).toMatchObject({ found: [{ name: "shop" }] });
    expect(asked().map((url) => url.searchParams.get("pageNum"))).toEqual(["1", "2"]);
  });

  it("asks for no page beyond the last", async () => {
    const { find, asked } = await atlasWith({ [orgGroups]: filler(500) });
    expect(await find("shop")).toEqual({ found: [] });
    expect(asked()).toHaveLength(1);
  });

  it.each([
    [401, "USER_CANNOT_ACCESS_ORG"],
    [401, "OF_NO_ROW"],
    [403, "ACCESS_FORBIDDEN"],
    [404, "ORG_NOT_FOUND"],
  ])("after a %i %s looks through all projects", async (status, errorCode) => {
    const all = [
      { id: idOf(1), name: "shop", orgId: groupId },
      ...filler(500),
      { id: groupId, name: "shop", orgId },
    ];
    const { find } = await atlasWith({ [orgGroups]: { status, errorCode }, [groups]: all });
    expect(await find("shop")).toEqual({ found: [{ id: groupId, name: "shop", orgId }] });
  });

  it("never goes by name: a missing one answers 401 there", async () => {
    const { find, asked } = await atlasWith({
      [orgGroups]: { status: 403, errorCode: "X" },
      [groups]: [],
    });
    await find("shop");
    expect(asked().filter((url) => url.pathname.includes("byName"))).toEqual([]);
  });

  it("is hidden where neither list is permitted", async () => {
    const denied = { status: 403, errorCode: "ACCESS_FORBIDDEN" };
    const { find } = await atlasWith({ [orgGroups]: denied, [groups]: denied });
    expect(await find("shop")).toMatchObject({ notPermitted: { code: "forbidden" } });
  });

  it.each<[what: string, status: number, code: string]>([
    ["a failure of Atlas", 500, "unavailable"],
    ["credentials that Atlas refuses", 401, "unauthenticated"],
  ])("ends with %s, which says nothing about the project", async (_what, status, code) => {
    const { find } = await atlasWith({ [orgGroups]: { status }, [groups]: [] });
    expect((await failureOf(find("shop"))).code).toBe(code);
  });
});

describe("a list of projects", () => {
  const page = { pageNum: 1, itemsPerPage: 2 };

  it("of an organization by name is left to Atlas", async () => {
    const { work, asked } = await atlasWith({ [orgGroups]: named("shop", "shopping", "shops") });
    expect(await listProjects(work, { orgId, name: "shop", ...page })).toMatchObject({
      results: [{ name: "shop" }, { name: "shopping" }],
      totalCount: 3,
    });
    expect(asked()[0]?.searchParams.get("name")).toBe("shop");
  });

  it("is looked up as given, and where nothing begins so, in the form NFC", async () => {
    const given = "Cafe\u0301";
    const { work, asked } = await atlasWith({ [orgGroups]: [] });
    await listProjects(work, { orgId, name: given, ...page });
    const sent = asked().map((url) => url.searchParams.get("name"));
    expect(sent).toEqual([given, "Café"]);
    const plain = await atlasWith({ [groups]: named("Café au lait") });
    expect(await listProjects(plain.work, { name: given, ...page })).toMatchObject({
      results: [{ name: "Café au lait" }],
    });
  });

  it("by name without an organization is a prefix without case too", async () => {
    const { work } = await atlasWith({
      [groups]: named("Shop", "bar", "SHOPPING", "my-shop", "shops"),
    });
    expect(await listProjects(work, { name: "shop", ...page })).toMatchObject({
      results: [{ name: "Shop" }, { name: "SHOPPING" }],
      totalCount: 3,
    });
    expect(await listProjects(work, { name: "shop", pageNum: 2, itemsPerPage: 2 })).toMatchObject({
      results: [{ name: "shops" }],
    });
  });

  it("of a server that is fixed to a project has that one alone", async () => {
    const one = { id: groupId, name: "Shop", orgId };
    const fakeAtlas = await openFakeAtlas((seen, response) =>
      seen.path === `${groups}/${groupId}` ? json(response, 200, one) : undefined,
    );
    const fixed = { ...benchFor(fakeAtlas.url).work(), scope: { groupId } };
    expect(await listProjects(fixed, page)).toEqual({ results: [one], totalCount: 1 });
    expect(await listProjects(fixed, { name: "x", ...page })).toEqual({
      results: [],
      totalCount: 0,
    });
  });

  it.each([
    [403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", groupId],
    [401, "NOT_IN_GROUP", groupId],
  ])(
    "of certain ones is no empty list where Atlas refuses all (%i %s)",
    async (status, errorCode, id) => {
      const fakeAtlas = await openFakeAtlas((seen, response) =>
        seen.path.startsWith("/api/atlas/") ? json(response, status, { errorCode }) : undefined,
      );
      const bounded = { ...benchFor(fakeAtlas.url).work(), bounds: { projects: [id] } };
      expect((await failureOf(listProjects(bounded, page))).code).toBe("forbidden");
    },
  );

  it("of certain ones has those that can be seen", async () => {
    const one = { id: groupId, name: "Shop", orgId };
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      return seen.path.endsWith(groupId)
        ? json(response, 200, one)
        : json(response, 401, { errorCode: "NOT_IN_GROUP" });
    });
    const bounds = { projects: [groupId, idOf(1)] };
    const bounded = { ...benchFor(fakeAtlas.url).work(), bounds };
    expect(await listProjects(bounded, page)).toMatchObject({ results: [one], totalCount: 1 });
  });
});
