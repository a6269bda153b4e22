import { expect, test } from "vitest";
import { type Harness, keysOf, start, type TestResponse } from "../harness.ts";

const create = (harness: Harness, body: object, query = ""): Promise<TestResponse> => {
  const { orgId } = harness.sandbox;
  return harness.api("POST", `/groups${query}`, { body: { name: "shop", orgId, ...body } });
};

const refusal = async (body: object, query = ""): Promise<unknown[]> => {
  const response = await create(await start(), body, query);
  return [response.status, response.at("errorCode"), response.at("parameters")];
};

test("a project is answered with 201 and the recorded members in their order", async () => {
  const response = await create(await start(), {});
  expect(response.status).toBe(201);
  expect(keysOf(response.at())).toEqual([
    "clusterCount",
    "created",
    "id",
    "links",
    "name",
    "orgId",
    "withDefaultAlertsSettings",
  ]);
});

test("a new project has the documented values", async () => {
  const harness = await start();
  const response = await create(harness, {});
  expect(response.at()).toMatchObject({
    clusterCount: 0,
    created: "2026-08-10T03:02:55Z",
    id: expect.stringMatching(/^[a-f0-9]{24}$/),
    name: "shop",
    orgId: harness.sandbox.orgId,
    withDefaultAlertsSettings: true,
  });
});

test("a new project has the seven recorded links", async () => {
  const harness = await start();
  const response = await create(harness, {});
  const self = `${harness.links}/groups/${response.string("id")}`;
  const rest = ["containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"];
  expect(response.at("links")).toEqual([
    { href: self, rel: "self" },
    ...rest.map((name) => ({ href: `${self}/${name}`, rel: `https://cloud.mongodb.com/${name}` })),
  ]);
});

test("tags come back where they were sent", async () => {
  const tags = [{ key: "env", value: "e2e +test@x; a_b-c.d" }];
  expect((await create(await start(), { tags })).at("tags")).toEqual(tags);
});

test("default alerts can be turned off", async () => {
  const response = await create(await start(), { withDefaultAlertsSettings: false });
  expect(response.at("withDefaultAlertsSettings")).toBe(false);
});

test("the read-only members that the Go SDK sends are ignored", async () => {
  const response = await create(await start(), {
    clusterCount: 7,
    created: "0001-01-01T00:00:00Z",
    id: "x",
    links: [],
  });
  expect(response.at()).toMatchObject({ clusterCount: 0, created: "2026-08-10T03:02:55Z" });
});

test("null is the same as absent", async () => {
  const response = await create(await start(), { tags: null, regionUsageRestrictions: null });
  expect(response.status).toBe(201);
});

test.each(["Atlas CLI E2E", "日本語", "a&b+c@d:e,f(g).'h'", "x".repeat(64)])(
  "%s is a good name",
  async (name) => {
    expect((await create(await start(), { name })).status).toBe(201);
  },
);

test.each(["", " ", "a/b", "a#b", "x".repeat(65)])("%j is no name", async (name) => {
  expect(await refusal({ name })).toEqual([400, "INVALID_GROUP_NAME", [name]]);
});

test("10gen may not be part of a name", async () => {
  expect(await refusal({ name: "10gen-shop" })).toEqual([400, "INVALID_GROUP_NAME_10GEN", []]);
});

test("missing members are reported one at a time", async () => {
  const { api } = await start();
  const response = await api("POST", "/groups", { body: {} });
  expect(response.text).toBe(
    '{"detail":"The required attribute name was not specified.","error":400,"errorCode":"MISSING_ATTRIBUTE","parameters":["name"],"reason":"Bad Request"}',
  );
  const next = await api("POST", "/groups", { body: { name: "shop" } });
  expect(next.at("parameters")).toEqual(["orgId"]);
});

test.each([
  ["name", 5],
  ["orgId", {}],
  ["tags", "env"],
  ["withDefaultAlertsSettings", "yes"],
])("%s of a wrong type is refused", async (attribute, value) => {
  expect(await refusal({ [attribute]: value })).toEqual([
    400,
    "INVALID_JSON_ATTRIBUTE",
    [attribute],
  ]);
});

test("an unknown member is refused, not ignored", async () => {
  expect(await refusal({ colour: "red" })).toEqual([400, "INVALID_ATTRIBUTE", ["colour"]]);
});

test("regionUsageRestrictions are refused: this is commercial Atlas", async () => {
  expect(await refusal({ regionUsageRestrictions: "COMMERCIAL_FEDRAMP_REGIONS_ONLY" })).toEqual([
    400,
    "INVALID_ATTRIBUTE",
    ["regionUsageRestrictions"],
  ]);
});

test("regionUsageRestrictions of NONE are taken and do not come back", async () => {
  const response = await create(await start(), { regionUsageRestrictions: "NONE" });
  expect(response.status).toBe(201);
  expect(keysOf(response.at())).not.toContain("regionUsageRestrictions");
});

test("broken JSON and JSON that is no object are told apart", async () => {
  const { api } = await start();
  expect((await api("POST", "/groups", { text: "{" })).at("errorCode")).toBe("MALFORMED_JSON");
  expect((await api("POST", "/groups", { text: "[]" })).at("errorCode")).toBe("INVALID_JSON");
});

test("an unknown organization is not found, a malformed id is invalid", async () => {
  const unknown = "32b6e34b3d91647abb20e7b8";
  expect(await refusal({ orgId: unknown })).toEqual([404, "ORG_NOT_FOUND", [unknown]]);
  expect(await refusal({ orgId: "nonsense" })).toEqual([404, "INVALID_ORG_ID", ["nonsense"]]);
});

test("projectOwnerId is 24 hexadecimal digits", async () => {
  expect(await refusal({}, "?projectOwnerId=me")).toEqual([
    400,
    "INVALID_QUERY_PARAMETER",
    ["projectOwnerId"],
  ]);
  const harness = await start();
  const response = await create(harness, {}, "?projectOwnerId=32b6e34b3d91647abb20e7b8");
  expect(response.status).toBe(201);
});

test("an empty projectOwnerId is the same as none", async () => {
  const harness = await start();
  expect((await create(harness, {}, "?projectOwnerId=")).status).toBe(201);
  const project = (await harness.control("GET", "/state")).at("projects.0");
  expect(keysOf(project)).not.toContain("projectOwnerId");
});

test("a name that is taken is a conflict", async () => {
  const harness = await start();
  await create(harness, {});
  const response = await create(harness, {});
  expect(response.status).toBe(409);
  expect(response.at()).toEqual({
    detail: 'A group with name "shop" already exists.',
    error: 409,
    errorCode: "GROUP_ALREADY_EXISTS",
    parameters: ["shop"],
    reason: "Conflict",
  });
});

test("the same name is free in another organization", async () => {
  const other = "a0123456789abcdef0123452";
  const harness = await start({
    organizations: [
      { id: "a0123456789abcdef0123451", name: "One" },
      { id: other, name: "Two" },
    ],
  });
  await create(harness, {});
  expect((await create(harness, { orgId: other })).status).toBe(201);
});

test("the 251st project of an organization is one too many", async () => {
  const harness = await start();
  for (let n = 0; n < 250; n += 1) await harness.createProject(`p${n}`);
  const response = await create(harness, {});
  expect([response.status, response.at("errorCode")]).toEqual([400, "MAX_GROUPS_PER_ORG_EXCEEDED"]);
  expect(response.at("parameters")).toEqual(["250", harness.sandbox.orgId]);
});
