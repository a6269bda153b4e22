import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const acme = { id: "a0123456789abcdef0123451", name: "Acme Works" };
const apex = { id: "a0123456789abcdef0123452", name: "Apex" };

test("listOrgs answers as recorded", async () => {
  const { api, links } = await start({ organizations: [acme] });
  const response = await api("GET", "/orgs");
  expect(response.text).toBe(
    JSON.stringify({
      links: [
        {
          href: `${links}/orgs?pageNum=1&itemsPerPage=100`,
          rel: "self",
        },
      ],
      results: [
        {
          id: acme.id,
          isDeleted: false,
          links: [{ href: `${links}/orgs/${acme.id}`, rel: "self" }],
          name: "Acme Works",
          skipDefaultAlertsSettings: false,
        },
      ],
      totalCount: 1,
    }),
  );
});

test("listOrgs filters by the beginning of the name, whatever the case", async () => {
  const { api } = await start({ organizations: [acme, apex] });
  expect((await api("GET", "/orgs?name=AC")).at("results.0.name")).toBe("Acme Works");
  expect((await api("GET", "/orgs?name=AC")).at("totalCount")).toBe(1);
  expect((await api("GET", "/orgs?name=works")).at("totalCount")).toBe(0);
});

test("getOrg links to its groups, teams and users", async () => {
  const { api, links } = await start({ organizations: [acme] });
  const response = await api("GET", `/orgs/${acme.id}`);
  expect(keysOf(response.at())).toEqual([
    "id",
    "isDeleted",
    "links",
    "name",
    "skipDefaultAlertsSettings",
  ]);
  expect(response.at("links.1")).toEqual({
    href: `${links}/orgs/${acme.id}/groups`,
    rel: "https://cloud.mongodb.com/groups",
  });
  expect(response.at("links.3.rel")).toBe("https://cloud.mongodb.com/users");
});

test("an unknown organization is not found, a malformed id is invalid", async () => {
  const { api } = await start();
  const unknown = await api("GET", "/orgs/32b6e34b3d91647abb20e7b8");
  expect([unknown.status, unknown.at("errorCode")]).toEqual([404, "ORG_NOT_FOUND"]);
  const malformed = await api("GET", "/orgs/nonsense");
  expect([malformed.status, malformed.at("errorCode")]).toEqual([404, "INVALID_ORG_ID"]);
});

test("getOrgGroups lists the projects of that organization only", async () => {
  const { api, createProject } = await start({ organizations: [acme, apex] });
  await createProject("in-acme");
  await api("POST", "/groups", { body: { name: "in-apex", orgId: apex.id } });
  const response = await api("GET", `/orgs/${apex.id}/groups`);
  expect(response.at("results.0.name")).toBe("in-apex");
  expect(response.at("totalCount")).toBe(1);
});

test("getOrgGroups filters by the beginning of the name, whatever the case", async () => {
  const { api, createProject, sandbox } = await start();
  for (const name of ["shop", "Shop-Test", "workshop"]) await createProject(name);
  const response = await api("GET", `/orgs/${sandbox.orgId}/groups?name=SHOP`);
  expect(response.at("totalCount")).toBe(2);
  expect(response.string("links.0.href")).toContain("?name=SHOP&pageNum=1");
});
