import { expect, test } from "vitest";
import { latestVersion, start } from "../harness.ts";

const vendor = (date: string): string => `application/vnd.atlas.${date}+json`;
const unknownProjectPath = "/groups/32b6e34b3d91647abb20e7b8/flexClusters";

test("the Content-Type of an answer is the version that it resolved to", async () => {
  const { api } = await start();
  const response = await api("GET", "/orgs", { accept: latestVersion });
  expect(response.headers.get("content-type")).toBe(
    "application/vnd.atlas.2023-01-01+json;charset=utf-8",
  );
});

test("flex clusters resolve to their own version", async () => {
  const { api, createProject } = await start();
  const response = await api("GET", `/groups/${await createProject("p")}/flexClusters`);
  expect(response.headers.get("content-type")).toBe(
    "application/vnd.atlas.2024-11-13+json;charset=utf-8",
  );
});

test.each(["2023-01-01", "2023-02-01", "2023-11-15", "2024-08-05", "2025-02-19", "2025-03-12"])(
  "projects accept %s",
  async (date) => {
    const { api } = await start();
    expect((await api("GET", "/groups", { accept: vendor(date) })).status).toBe(200);
  },
);

test("a version among other types is found", async () => {
  const { api } = await start();
  const accept = `application/json;q=0.5, ${latestVersion}; charset=utf-8`;
  expect((await api("GET", "/groups", { accept })).status).toBe(200);
});

test.each([
  ["no vendor type", "application/json"],
  ["anything", "*/*"],
  ["a date between versions", vendor("2024-01-01")],
  ["a date in the future", vendor("2099-01-01")],
  ["preview", vendor("preview")],
])("%s is not acceptable", async (_, accept) => {
  const { api } = await start();
  const response = await api("GET", "/groups", { accept });
  expect(response.status).toBe(406);
  expect(response.text).toBe(
    '{"detail":"Invalid accept header or version date.","error":406,"errorCode":"INVALID_VERSION_DATE","parameters":[],"reason":"Not Acceptable"}',
  );
});

test("no Accept at all is not acceptable", async () => {
  const { api } = await start();
  // fetch adds "*/*" where the header is missing; an empty one stays.
  expect((await api("GET", "/groups", { accept: "" })).status).toBe(406);
});

test.each(["2023-01-01", "2024-08-05", "2024-10-23"])(
  "flex clusters did not exist at %s",
  async (date) => {
    const { api } = await start();
    const response = await api("GET", unknownProjectPath, { accept: vendor(date) });
    expect(response.at("errorCode")).toBe("INVALID_VERSION_DATE");
  },
);

test("authentication is judged before the version", async () => {
  const { api } = await start();
  expect((await api("GET", "/groups", { token: "bad", accept: "*/*" })).status).toBe(401);
});

test("the version is judged before the path", async () => {
  const { api } = await start();
  expect((await api("GET", "/groups/nonsense", { accept: "*/*" })).status).toBe(406);
});

test("the path is judged before the body", async () => {
  const { api } = await start();
  const response = await api("POST", unknownProjectPath, { body: { nonsense: true } });
  expect(response.at("errorCode")).toBe("GROUP_NOT_FOUND");
});

test.each([
  "application/json",
  "application/json; charset=utf-8",
  latestVersion,
  vendor("2023-01-01"),
])("a body may be %s", async (contentType) => {
  const { api, sandbox } = await start();
  const body = { name: "p", orgId: sandbox.orgId };
  expect((await api("POST", "/groups", { body, contentType })).status).toBe(201);
});

test("a body of another type is refused", async () => {
  const { api, sandbox } = await start();
  const body = { name: "p", orgId: sandbox.orgId };
  const response = await api("POST", "/groups", { body, contentType: "text/plain" });
  expect(response.status).toBe(415);
  expect(response.at("detail")).toBe("HTTP 415 Unsupported Media Type");
});
