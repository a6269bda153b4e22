import { expect, test } from "vitest";
import { preview, startEphemeral } from "./clusters.ts";

const allowOf = (response: { headers: Headers }) => response.headers.get("allow");

test.each(["GET", "PUT", "PATCH", "DELETE"])(
  "%s is a wrong method for a create",
  async (method) => {
    const { ask } = await startEphemeral();
    const response = await ask(method, ":create");
    expect([response.status, response.text, allowOf(response)]).toEqual([405, "", "POST"]);
  },
);

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s is a wrong method for a read", async (method) => {
  const { ask, create } = await startEphemeral();
  const response = await ask(method, `/${(await create()).string("clusterId")}`);
  expect([response.status, response.text, allowOf(response)]).toEqual([405, "", "GET"]);
});

test("a slash at the end changes nothing, and HEAD is a read without a body", async () => {
  const { ask, read } = await startEphemeral();
  const created = await ask("POST", ":create/");
  expect(created.status).toBe(201);
  const id = created.string("clusterId");
  expect((await read(`${id}/`)).status).toBe(200);
  const head = await ask("HEAD", `/${id}`);
  expect([head.status, head.text]).toEqual([200, ""]);
});

test.each(["", ":", ":delete", "create", ":createX"])(
  "the path %j is unknown, and says so only to those with credentials",
  async (path) => {
    const { api, ask, control } = await startEphemeral();
    expect((await ask("POST", path)).status).toBe(401);
    const response = await api("POST", `/unauth/ephemeralClusters${path}`, { accept: preview });
    expect([response.status, response.at("errorCode")]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect((await control("GET", "/state")).at("ephemeralClusters")).toEqual([]);
  },
);

test("there is no list", async () => {
  const { api } = await startEphemeral();
  expect((await api("GET", "/unauth/ephemeralClusters", { accept: preview })).status).toBe(404);
});

test("other operations still need credentials, and have no preview", async () => {
  const { api, base } = await startEphemeral();
  const path = `${base}/api/atlas/v2/groups`;
  expect((await fetch(path, { headers: { Accept: preview } })).status).toBe(401);
  expect((await api("GET", "/groups", { accept: preview })).status).toBe(406);
});
