import { expect, test } from "vitest";
import { keysOf, latestVersion } from "../harness.ts";
import { dayMs, partsOf, preview, startEphemeral } from "./clusters.ts";

const members = [
  "claimUrl",
  "clusterId",
  "connectionString",
  "expiresAt",
  "status",
  "termsOfService",
];

test("a create answers 201 with the documented members", async () => {
  const { create } = await startEphemeral();
  const response = await create({ clusterName: "My-Shop" });
  expect(response.status).toBe(201);
  expect(keysOf(response.at())).toEqual(members);
  expect(response.at()).toMatchObject({
    claimUrl: expect.stringMatching(
      /^https:\/\/account\.mongodb\.invalid\/account\/register\?claimId=[0-9a-f-]{36}$/,
    ),
    clusterId: expect.stringMatching(/^[0-9a-f]{24}$/),
    expiresAt: "2026-08-12T03:02:55Z",
    status: "PROVISIONING",
  });
  expect(partsOf(response)).toEqual({
    username: expect.stringMatching(/^user-[a-z0-9]{8}$/),
    password: expect.stringMatching(/^[a-z0-9]{20}$/),
    host: expect.stringMatching(/^my-shop\.[a-z0-9]{7}\.mongodb\.invalid$/),
  });
  expect(response.headers.get("content-type")).toBe(`${preview};charset=utf-8`);
});

test("the terms say that none apply here, and where those of Atlas are", async () => {
  const { create } = await startEphemeral();
  const terms = (await create()).string("termsOfService");
  expect(terms).toContain("no terms apply");
  expect(terms).toContain("https://www.mongodb.com/legal/terms-and-conditions/cloud");
  expect(terms).toContain("https://www.mongodb.com/legal/privacy/privacy-policy");
});

test("a read has the same members, and a placeholder instead of the password", async () => {
  const { control, create, read } = await startEphemeral();
  const created = await create();
  const id = created.string("clusterId");
  const response = await read(id);
  expect(response.status).toBe(200);
  const { username, password, host } = partsOf(created);
  const connectionString = `mongodb+srv://${username}:<password>@${host}/`;
  expect(response.at()).toEqual({ ...Object(created.at()), connectionString });
  expect(keysOf(response.at())).toEqual(members);
  for (const { text } of [response, await read(id), await control("GET", "/state")])
    expect(text).not.toContain(password);
});

test("the status follows the clock: provisioning, active, paused, gone", async () => {
  const { control, create, read } = await startEphemeral({ provisionMs: 3000 });
  const id = (await create()).string("clusterId");
  const statusAfter = async (advanceMs: number) => {
    await control("POST", "/clock", { advanceMs });
    return (await read(id)).at("status");
  };
  expect(await statusAfter(2999)).toBe("PROVISIONING");
  expect(await statusAfter(1)).toBe("ACTIVE");
  expect(await statusAfter(2 * dayMs - 3001)).toBe("ACTIVE");
  expect(await statusAfter(1)).toBe("PAUSED");
  expect(await statusAfter(5 * dayMs - 1)).toBe("PAUSED");
  await control("POST", "/clock", { advanceMs: 1 });
  expect((await read(id)).status).toBe(404);
  expect((await control("GET", "/state")).at("ephemeralClusters")).toEqual([]);
});

test("a cluster that takes no time is active in the first answer", async () => {
  const { create } = await startEphemeral({ provisionMs: 0 });
  expect((await create()).at("status")).toBe("ACTIVE");
});

test.each(["32b6e34b3d91647abb20e7b8", "none"])("no cluster %s is not found", async (id) => {
  const { read } = await startEphemeral();
  expect((await read(id)).at()).toEqual({
    detail: `Cannot find resource ephemeral cluster ${id}.`,
    error: 404,
    errorCode: "RESOURCE_NOT_FOUND",
    parameters: [`ephemeral cluster ${id}`],
    reason: "Not Found",
  });
});

test.each([
  ["no body", undefined],
  ["an empty object", {}],
  ["null as the name", { clusterName: null }],
])("%s makes a cluster of the default name", async (_, body) => {
  const { control, create } = await startEphemeral();
  expect((await create(body)).status).toBe(201);
  expect((await control("GET", "/state")).at("ephemeralClusters.0.clusterName")).toBe("Cluster0");
});

test("an empty body of any type is no body", async () => {
  const { ask } = await startEphemeral();
  const headers = { Accept: preview, "Content-Type": "text/plain" };
  expect((await ask("POST", ":create", { headers, body: "" })).status).toBe(201);
});

test.each(["", "-shop", "my shop", "shop_1", "läden", "a.b"])(
  "%j is no name of a cluster",
  async (clusterName) => {
    const { control, create } = await startEphemeral();
    expect((await create({ clusterName })).at()).toMatchObject({
      error: 400,
      errorCode: "CLUSTER_NAME_INVALID",
      parameters: [clusterName],
    });
    expect((await control("GET", "/state")).at("ephemeralClusters")).toEqual([]);
  },
);

test.each([
  [{ clusterName: 7 }, "INVALID_JSON_ATTRIBUTE"],
  [{ name: "shop" }, "INVALID_ATTRIBUTE"],
  [[], "INVALID_JSON"],
  ["{", "MALFORMED_JSON"],
])("%j is refused as elsewhere", async (body, code) => {
  const { create } = await startEphemeral();
  const response = await create(body);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
});

test("a body of another type is refused", async () => {
  const { ask } = await startEphemeral();
  const headers = { Accept: preview, "Content-Type": "text/plain" };
  expect((await ask("POST", ":create", { headers, body: "{}" })).status).toBe(415);
});

test("names may repeat, and a long one ends in a valid host", async () => {
  const { create } = await startEphemeral();
  const clusterName = `${"a".repeat(22)}-b`;
  const [one, two] = [await create({ clusterName }), await create({ clusterName })];
  expect(one.string("clusterId")).not.toBe(two.string("clusterId"));
  expect(partsOf(one).host).toMatch(/^a{22}\.[a-z0-9]{7}\.mongodb\.invalid$/);
});

test.each([
  [preview, preview],
  [latestVersion, latestVersion],
  [`text/html, ${preview}`, preview],
])("a read accepts %s", async (accept, type) => {
  const { create, read } = await startEphemeral();
  const response = await read((await create()).string("clusterId"), accept);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(`${type};charset=utf-8`);
});

test.each(["application/json", "*/*", "application/vnd.atlas.2025-02-19+json"])(
  "a read does not accept %s",
  async (accept) => {
    const { create, read } = await startEphemeral();
    const response = await read((await create()).string("clusterId"), accept);
    expect([response.status, response.at("errorCode")]).toEqual([406, "INVALID_VERSION_DATE"]);
  },
);

test.each(["application/json", "*/*", latestVersion])(
  "a create does not accept %s, and creates nothing",
  async (accept) => {
    const { ask, control } = await startEphemeral();
    expect((await ask("POST", ":create", { headers: { Accept: accept } })).status).toBe(406);
    expect((await control("GET", "/state")).at("ephemeralClusters")).toEqual([]);
  },
);

test.each(["Bearer no-such-token", "Basic YTpi", 'Digest username="a"'])(
  "the credentials %s are ignored",
  async (Authorization) => {
    const { ask } = await startEphemeral();
    const headers = { Accept: preview, Authorization };
    const created = await ask("POST", ":create", { headers });
    expect(created.status).toBe(201);
    const path = `/${created.string("clusterId")}`;
    expect((await ask("GET", path, { headers })).status).toBe(200);
  },
);

test("envelope and pretty are as elsewhere", async () => {
  const { ask } = await startEphemeral();
  const response = await ask("POST", ":create?envelope=true&pretty=true");
  expect(response.at("status")).toBe(201);
  expect(keysOf(response.at("content"))).toEqual(members);
  expect(response.text).toContain('"claimUrl" : "https://');
});
