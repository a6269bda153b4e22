import { expect, test } from "vitest";
import { create, projectNames, start } from "../harness.ts";

const grant = { grant_type: "client_credentials" };
const portalBody = '{"message": "login required"}';

test.each([
  ["json_portal", 200],
  ["json_portal:201", 201],
  ["json_portal:511", 511],
])("%s answers instead of the operation, in JSON that is not Atlas's", async (fault, status) => {
  const harness = await start();
  await harness.script("createGroup", fault);
  const { headers, ...response } = await create(harness);
  expect([response.status, response.text]).toEqual([status, portalBody]);
  expect(headers.get("content-type")).toBe("application/json");
  expect(headers.get("x-mongodb-service-version")).toBeNull();
  expect(await projectNames(harness)).toEqual([]);
});

test.each([
  ["commit_then_json_portal", 200],
  ["commit_then_json_portal:401", 401],
])("%s answers the same after the operation", async (fault, status) => {
  const harness = await start();
  await harness.script("createGroup", fault);
  const response = await create(harness);
  expect([response.status, response.text]).toEqual([status, portalBody]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test.each([
  ["html:200", 200, "<html><body><h1>200 OK</h1>Log in to use this network.</body></html>\n"],
  [
    "html:502",
    502,
    "<html><body><h1>502 Bad Gateway</h1>No server is available to handle this request.</body></html>\n",
  ],
])("%s is a page instead of the operation", async (fault, status, page) => {
  const harness = await start();
  await harness.script("createGroup", fault);
  const response = await create(harness);
  expect([response.status, response.text]).toEqual([status, page]);
  expect(response.headers.get("content-type")).toBe("text/html");
  expect(await projectNames(harness)).toEqual([]);
});

test("commit_then_html is a page after the operation", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_html:504");
  const response = await create(harness);
  expect([response.status, response.headers.get("content-type")]).toEqual([504, "text/html"]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test.each(["json_portal:302", "html:307"])("%s leads to another host", async (fault) => {
  const { api, script } = await start();
  await script("listOrgs", fault);
  const response = await api("GET", "/orgs");
  expect(String(response.status)).toBe(fault.split(":")[1]);
  expect(response.headers.get("location")).toBe("http://portal.invalid/login");
});

test("a portal that does not redirect has no Location", async () => {
  const { api, script } = await start();
  await script("listOrgs", "json_portal");
  expect((await api("GET", "/orgs")).headers.get("location")).toBeNull();
});

test.each(["json_portal:204", "html:304"])("%s has no body", async (fault) => {
  const { api, script } = await start();
  await script("listOrgs", fault);
  const response = await api("GET", "/orgs");
  expect([String(response.status), response.text]).toEqual([fault.split(":")[1], ""]);
});

test.each(["json_portal", "json_portal:403", "html:200", "commit_then_html:502"])(
  "%s applies to the token endpoint too",
  async (fault) => {
    const { oauth, script } = await start();
    await script("token", fault);
    const response = await oauth("token", grant);
    expect(response.text).toMatch(/login required|^<html>/);
    expect((await oauth("token", grant)).string("access_token")).toMatch(/./);
  },
);

test("a portal can be joined to stale reads", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:1+commit_then_json_portal:200");
  expect((await create(harness)).text).toBe(portalBody);
  expect((await harness.api("GET", "/groups")).at("totalCount")).toBe(0);
  expect((await harness.api("GET", "/groups")).at("totalCount")).toBe(1);
});
