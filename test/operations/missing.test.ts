import { describe, expect, it } from "vitest";
import { findMissing } from "../../src/operations/missing.ts";
import { benchFor, groupId, openFakeAtlas } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";

const user = { username: "app", databaseName: "admin" };

/** What is missing for the cluster "db" where Atlas lists these. */
const missingWith = async (users: object[], entries: object[]) => {
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (seen.path.includes("/databaseUsers")) return json(response, 200, { results: users });
    if (seen.path.includes("/accessList")) return json(response, 200, { results: entries });
    return undefined;
  });
  const found = await findMissing(benchFor(fakeAtlas.url).work(), groupId, "db");
  return { ...found, requests: fakeAtlas.api().length };
};

describe("what is missing", () => {
  it("is found with one request for users and one for entries", async () => {
    expect(await missingWith([], [])).toEqual({
      parts: ["database_user", "access_list_entry"],
      usernames: [],
      requests: 2,
    });
  });

  it.each<[what: string, user: object, missing: boolean]>([
    ["no scopes", user, false],
    ["an empty list of scopes", { ...user, scopes: [] }, false],
    ["a certificate", { username: "CN=app", databaseName: "$external" }, false],
    ["a scope of this cluster", { ...user, scopes: [{ name: "db", type: "CLUSTER" }] }, false],
    ["a scope of a data lake", { ...user, scopes: [{ name: "db", type: "DATA_LAKE" }] }, true],
    ["a scope of another cluster", { ...user, scopes: [{ name: "db2", type: "CLUSTER" }] }, true],
  ])("is judged by a user with %s", async (_what, one, missing) => {
    const { parts = [] } = await missingWith([one], [{ cidrBlock: "0.0.0.0/0" }]);
    expect(parts).toEqual(missing ? ["database_user"] : []);
  });

  it.each([{ cidrBlock: "0.0.0.0/0" }, { awsSecurityGroup: "sg-0123" }])(
    "is no entry where there is %j",
    async (entry) => {
      expect((await missingWith([user], [entry])).parts).toEqual([]);
    },
  );
});

it("sends both reads before one of them is answered", async () => {
  const waiting: (() => void)[] = [];
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    waiting.push(() => json(response, 200, { results: [] }));
    if (waiting.length === 2) for (const answer of waiting) answer();
    return true;
  });
  const found = await findMissing(benchFor(fakeAtlas.url).work(), groupId, "db");
  expect(found?.parts).toHaveLength(2);
});
