import { describe, expect, test } from "vitest";
import { queryParameters } from "../../../sandbox/src/api/query.ts";
import { aws, start } from "../harness.ts";
import { ask, soon, watch } from "./stream.ts";

const connectionString = "mongodb+srv://app:pass-word-7@host.example";

/** Sends requests with paths as they are written, which `fetch` would resolve, and returns what is shown of them. */
const shownOf = async (...paths: string[]): Promise<string[]> => {
  const { api, sandbox } = await start();
  await api("GET", "/orgs");
  const page = await watch(sandbox.url);
  const before = page.requests().length;
  for (const path of paths) await askRaw(sandbox.url, path);
  await soon(() => page.requests().length === before + paths.length);
  return page
    .requests()
    .slice(before)
    .map(({ path }) => path);
};

const askRaw = (url: string, path: string) => ask(url, {}, "GET", path);

const ephemeral = "/api/atlas/v2/unauth/ephemeralClusters";
const id = "6a7b8c9d0e1f2a3b4c5d6e7f";

test("the id of an ephemeral cluster is hidden, however the path is written", async () => {
  const shown = await shownOf(
    `/api/atlas/v2/unauth/%65phemeralClusters/${id}`,
    `/api/atlas/v2/unauth/./ephemeralClusters/./${id}`,
    `${ephemeral}/x/../${id}`,
    `${ephemeral}/x?clusterId=${id}`,
    `${ephemeral}//${id}`,
    `${ephemeral}/%2F${id}`,
    `${ephemeral}%2F${id}`,
    `/api/atlas/v2/unauth/EPHEMERALCLUSTERS/${id}`,
  );
  expect(shown).toEqual([
    `${ephemeral}/…`,
    `${ephemeral}/…`,
    `${ephemeral}/…`,
    `${ephemeral}/…?…`,
    `${ephemeral}/…/…`,
    `${ephemeral}/…`,
    "/api/atlas/v2/unauth/…",
    "/api/atlas/v2/unauth/…",
  ]);
});

test("of a query only what the API documents is shown", async () => {
  const shown = await shownOf(
    ...["pa%73sword", "pwd", "pass", "sig", "jwt", "code", "claimId"].map(
      (name) => `/api/atlas/v2/groups?${name}=hidden-7&pageNum=2`,
    ),
    "/api/atlas/v2/groups?hidden-7",
    "/api/atlas/v2/groups?name=a;password=hidden-7",
    `/api/atlas/v2/groups?name=${connectionString}`,
    `/api/atlas/v2/groups?uri=${connectionString}`,
    "/api/private/ipinfo?a=b&hidden-7",
    "/api/atlas/v2/groups?n%61me=shop+1&envelope=true#hidden-7",
  );
  expect(shown.slice(0, 7)).toEqual(Array(7).fill("/api/atlas/v2/groups?pageNum=2&…"));
  expect(shown.slice(7)).toEqual([
    "/api/atlas/v2/groups?…",
    "/api/atlas/v2/groups?name=…",
    "/api/atlas/v2/groups?name=…",
    "/api/atlas/v2/groups?…",
    "/api/private/ipinfo?…",
    "/api/atlas/v2/groups?name=shop 1&envelope=true",
  ]);
});

test("of a path that no operation has, only the API's own words are shown", async () => {
  const users = "/api/atlas/v2/groups/{groupId}/databaseUsers".replace("{groupId}", id);
  const shown = await shownOf(
    "/api/atlas/v2/nonsense/hidden-7",
    "/api/atlas/v2/groups/hidden-7/hidden-8?hidden-9",
    `${users}/admin/mongodb+srv:%2f%2fapp:pass-word-7@host.example`,
    `${users}/admin/mongodb:%2f%2fapp:pass-word-7%20and@more@host.example`,
    `${users}/admin/mongodb+srv:%252f%252fapp:pass-word-7%2540host.example`,
    `/api/atlas/v2/groups/byName/${"x".repeat(15_000)}`,
  );
  expect(shown).toEqual([
    "/api/atlas/v2/…",
    "/api/atlas/v2/groups/…/…?…",
    `${users}/admin/mongodb+srv://app:…@host.example`,
    `${users}/admin/mongodb://app:…@host.example`,
    `${users}/admin/mongodb+srv:%2f%2fapp:…%40host.example`,
    expect.stringMatching(/^\/api\/atlas\/v2\/groups\/byName\/x+…$/),
  ]);
  expect(shown.at(-1)).toHaveLength(300);
});

describe("passwords of connection strings", () => {
  test("are hidden in rows", async () => {
    const { addEntries, api, createProject, createUser, sandbox } = await start();
    const page = await watch(sandbox.url);
    const groupId = await createProject("shop");
    for (const n of [1, 2]) {
      const username = `mongodb://app:pass-word-7${n}@host.example`;
      const labels = [{ key: "uri", value: connectionString }];
      const made = await createUser(groupId, username, { description: connectionString, labels });
      expect(made.status).toBe(201);
    }
    const entries = await addEntries(groupId, {
      ipAddress: "203.0.113.7",
      comment: `see ${connectionString}/?x=1 and mdb_sa_sk_pass-word-7`,
    });
    expect(entries.status).toBe(201);
    const body = {
      name: "orders",
      providerSettings: aws,
      tags: [{ key: "uri", value: connectionString }],
    };
    await api("POST", `/groups/${groupId}/flexClusters`, { body });
    const users = () => [...page.rows().values()].filter(({ kind }) => kind === "user");
    await soon(() => users().length === 2 && page.requests().at(-1)?.tookMs !== undefined);
    expect(users()[0]).toMatchObject({
      username: "mongodb://app:…@host.example",
      description: "mongodb+srv://app:…@host.example",
    });
    expect(page.rows().get(`entry ${groupId} 203.0.113.7/32`)?.comment).toBe(
      "see mongodb+srv://app:…@host.example/?x=1 and mdb_sa_sk_…",
    );
    expect(page.text()).not.toContain("pass-word-7");

    // Each user has its own row, also where only the password tells them apart.
    const path = `/groups/${groupId}/databaseUsers/admin/${encodeURIComponent("mongodb://app:pass-word-71@host.example")}`;
    expect((await api("DELETE", path)).status).toBe(204);
    await soon(() => users().length === 1);
    await soon(() => page.requests().at(-1)?.tookMs !== undefined);
    expect(page.text()).not.toContain("pass-word-7");
  });

  test("a text with many colons and no end is looked through at once", async () => {
    const startedAt = performance.now();
    await shownOf(`/api/atlas/v2/groups/byName/${":%2F%2F".repeat(2000)}`);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

test("every query parameter that the sandbox reads is among those that are documented", async () => {
  const { readdirSync, readFileSync } = await import("node:fs");
  const root = new URL("../../../sandbox/src/", import.meta.url);
  const read = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, root), "utf8"))
    .flatMap((text) => [
      ...text.matchAll(/query\.(?:get|getAll|has)\("(\w+)"|Parameter\((?:call\.)?query, "(\w+)"/g),
      ...text.matchAll(/Parameter\(\s*call\.query,\s*"(\w+)"/g),
    ])
    .map(([, one, other]) => one ?? other);
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !queryParameters.includes(name ?? ""))).toEqual([]);
});
