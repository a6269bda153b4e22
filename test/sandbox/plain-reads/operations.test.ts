import { expect, test } from "vitest";
import { plainReads } from "../../../sandbox/src/plain-reads/table.ts";
import { type Harness, start } from "../harness.ts";

const toPath = (path: string, { sandbox }: Harness, groupId: string): string =>
  path
    .replace("{orgId}", sandbox.orgId)
    .replace("{groupId}", groupId)
    .replace("{cloudProvider}", "AZURE");

test.each(plainReads.map((row) => [row[0], row] as const))(
  "%s",
  async (_id, [, path, { capacity }, body, first = "2023-01-01", later]) => {
    const harness = await start();
    const groupId = await harness.createProject("shop");
    const url = toPath(path, harness, groupId);
    for (const version of later === undefined ? [first] : [first, later]) {
      const type = `application/vnd.atlas.${version}+json`;
      const response = await harness.api("GET", url, { accept: type });
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        `${type};charset=utf-8`,
      ]);
      expect(response.headers.get("ratelimit-limit")).toBe(`${capacity}`);
      const plain = response.text.replaceAll(groupId, "{groupId}");
      if (body !== "page") expect(JSON.parse(plain)).toEqual(body);
      else expect(response.at()).toMatchObject({ results: [], totalCount: 0 });
    }
  },
);

test("a project that does not exist has no answers", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups/32b6e34b3d91647abb20e7b8/alertConfigs");
  expect([response.status, response.at("errorCode")]).toEqual([404, "GROUP_NOT_FOUND"]);
});

test("a provider that does not exist is refused", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const response = await api("GET", `/groups/${id}/privateEndpoint/OVH/endpointService`);
  expect(response.at()).toMatchObject({ errorCode: "INVALID_PROVIDER", parameters: ["OVH"] });
});

test("the certificates of a user are none; of nobody they are not found", async () => {
  const { api, createProject, createUser } = await start();
  const id = await createProject("shop");
  await createUser(id, "ada");
  const list = await api("GET", `/groups/${id}/databaseUsers/ada/certs`);
  expect([list.status, list.at("results")]).toEqual([200, []]);
  const nobody = await api("GET", `/groups/${id}/databaseUsers/bob/certs`);
  expect([nobody.status, nobody.at("errorCode")]).toEqual([404, "USERNAME_NOT_FOUND"]);
});
