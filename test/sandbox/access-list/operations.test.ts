import { expect, test } from "vitest";
import { type Harness, start } from "../harness.ts";

type InProject = Harness & { id: string; path: string };

const startInProject = async (): Promise<InProject> => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, path: `/groups/${id}/accessList` };
};

const address = { ipAddress: "192.168.0.243" };

test("a create is answered with 201 and the whole list, as recorded", async () => {
  const { addEntries, id, links } = await startInProject();
  const deleteAfterDate = "2026-08-10T03:08:14Z";
  const response = await addEntries(id, { ...address, comment: "test", deleteAfterDate });
  expect(response.status).toBe(201);
  const list = `${links}/groups/${id}/accessList`;
  expect(response.text).toBe(
    JSON.stringify({
      links: [{ href: `${list}?pageNum=1&itemsPerPage=100`, rel: "self" }],
      results: [
        {
          cidrBlock: "192.168.0.243/32",
          comment: "test",
          deleteAfterDate,
          groupId: id,
          ipAddress: "192.168.0.243",
          links: [{ href: `${list}/192.168.0.243%2F32`, rel: "self" }],
        },
      ],
      totalCount: 1,
    }),
  );
  expect(response.headers.get("ratelimit-limit")).toBe("1200");
});

test("several entries come in one request, beside those that were there", async () => {
  const { addEntries, api, id, path } = await startInProject();
  await addEntries(id, address);
  const response = await addEntries(id, { cidrBlock: "10.0.0.0/8" }, { ipAddress: "10.1.2.3" });
  expect(response.at("totalCount")).toBe(3);
  const blocks = ["192.168.0.243/32", "10.0.0.0/8", "10.1.2.3/32"];
  expect(response.at("results")).toMatchObject(blocks.map((cidrBlock) => ({ cidrBlock })));
  expect((await api("GET", path)).at()).toEqual(response.at());
});

test("a block of many addresses has no address", async () => {
  const { addEntries, id } = await startInProject();
  const response = await addEntries(id, { cidrBlock: "10.0.0.0/8" });
  expect(response.at("results.0.ipAddress")).toBeUndefined();
});

test("the block of one address is that address, however it was sent", async () => {
  const { addEntries, id } = await startInProject();
  await addEntries(id, address);
  const response = await addEntries(id, { cidrBlock: "192.168.0.243/32" });
  expect([response.at("totalCount"), response.at("results.0.ipAddress")]).toEqual([
    1,
    "192.168.0.243",
  ]);
});

test("the address 0.0.0.0 is kept as the block of all addresses, and only found as such", async () => {
  const { addEntries, api, id, path } = await startInProject();
  const response = await addEntries(id, { ipAddress: "0.0.0.0" });
  expect(response.at("results.0")).toMatchObject({ cidrBlock: "0.0.0.0/0" });
  expect((await api("GET", `${path}/0.0.0.0`)).status).toBe(404);
  expect((await api("GET", `${path}/0.0.0.0%2F0`)).status).toBe(200);
});

test("an entry is found by its address and by its block", async () => {
  const { addEntries, api, id, path } = await startInProject();
  const [entry] = [(await addEntries(id, address)).at("results.0")];
  expect((await api("GET", `${path}/192.168.0.243`)).at()).toEqual(entry);
  expect((await api("GET", `${path}/192.168.0.243%2F32`)).at()).toEqual(entry);
});

test("IPv6 addresses are entries too", async () => {
  const { addEntries, api, id, path } = await startInProject();
  const ipAddress = "2001:db8:85a3:8d3:1319:8a2e:370:7348";
  await addEntries(id, { ipAddress });
  const response = await api("GET", `${path}/${ipAddress}`);
  expect(response.at()).toMatchObject({ cidrBlock: `${ipAddress}/128`, ipAddress });
});

test("adding an entry that is there changes it to what was sent last", async () => {
  const { addEntries, id } = await startInProject();
  await addEntries(id, { ...address, comment: "first", deleteAfterDate: "2026-08-11T00:00:00Z" });
  const response = await addEntries(id, { ...address, comment: "second" });
  expect([response.status, response.at("totalCount")]).toEqual([201, 1]);
  expect(response.at("results.0.comment")).toBe("second");
  expect(response.at("results.0.deleteAfterDate")).toBeUndefined();
});

test.each(["GET", "DELETE"])("%s of an entry that is not there is not found", async (method) => {
  const { api, id, path } = await startInProject();
  const response = await api(method, `${path}/10.0.0.0%2F8`);
  expect(response.at()).toEqual({
    detail: `IP Address 10.0.0.0/8 not on Atlas access list for group ${id}.`,
    error: 404,
    errorCode: "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND",
    parameters: ["10.0.0.0/8", id],
    reason: "Not Found",
  });
});

test("a delete is 204 without a body, and the entry is gone", async () => {
  const { addEntries, api, id, path } = await startInProject();
  await addEntries(id, address);
  const response = await api("DELETE", `${path}/192.168.0.243`);
  expect([response.status, response.text]).toEqual([204, ""]);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
});

test("the status is PENDING at first, and ACTIVE soon", async () => {
  const { addEntries, api, id, path, pass } = await startInProject();
  await addEntries(id, address);
  const status = `${path}/192.168.0.243/status`;
  expect((await api("GET", status)).at()).toEqual({ STATUS: "PENDING" });
  pass(1000);
  expect((await api("GET", status)).at()).toEqual({ STATUS: "ACTIVE" });
});

test("80 characters are a comment, 81 are not", async () => {
  const { addEntries, id } = await startInProject();
  expect((await addEntries(id, { ...address, comment: "c".repeat(80) })).status).toBe(201);
  const response = await addEntries(id, { ...address, comment: "c".repeat(81) });
  expect(response.at("errorCode")).toBe("INVALID_NETWORK_PERMISSION_COMMENT");
});

const notation = "INVALID_IP_ADDRESS_OR_CIDR_NOTATION";

test.each([
  [{}, notation, [null]],
  [{ comment: "no address" }, notation, [null]],
  [{ ipAddress: "192.0.2.1dfdfd5" }, notation, ["192.0.2.1dfdfd5"]],
  [{ cidrBlock: "10.0.0.0/33" }, notation, ["10.0.0.0/33"]],
  [
    { ...address, cidrBlock: "192.168.0.243/32" },
    "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY",
    [],
  ],
  [
    { awsSecurityGroup: "sg-903004" },
    "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION",
    [],
  ],
  [{ ...address, colour: "red" }, "INVALID_ATTRIBUTE", ["colour"]],
])("the entry %j is refused, and with it the whole request", async (entry, code, parameters) => {
  const { addEntries, api, id, path } = await startInProject();
  const response = await addEntries(id, { cidrBlock: "10.0.0.0/8" }, entry);
  expect([response.status, response.at("errorCode"), response.at("parameters")]).toEqual([
    400,
    code,
    parameters,
  ]);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
});

test("one address twice in a request is refused", async () => {
  const { addEntries, id } = await startInProject();
  const response = await addEntries(id, address, { cidrBlock: "192.168.0.243/32" });
  expect(response.at("errorCode")).toBe("DUPLICATE_ADDRESSES_IN_INPUT");
});

test("the body is a list of objects", async () => {
  const { api, path } = await startInProject();
  for (const body of [address, ["192.168.0.243"]]) {
    expect((await api("POST", path, { body })).at("errorCode")).toBe("INVALID_JSON");
  }
});

test("the 201st entry of a project is one too many, an update of a known one is not", async () => {
  const { addEntries, id } = await startInProject();
  const many = Array.from({ length: 200 }, (_, n) => ({ ipAddress: `10.0.0.${n}` }));
  expect((await addEntries(id, ...many)).at("totalCount")).toBe(200);
  const response = await addEntries(id, address);
  expect([response.status, response.at("errorCode")]).toEqual([
    403,
    "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED",
  ]);
  expect((await addEntries(id, { ipAddress: "10.0.0.7", comment: "known" })).status).toBe(201);
});

test("a page that cannot be is refused before anything is added", async () => {
  const { api, id, path } = await startInProject();
  const response = await api("POST", `${path}?pageNum=0`, { body: [address] });
  expect(response.at("errorCode")).toBe("INVALID_QUERY_PARAMETER");
  expect((await api("GET", `/groups/${id}/accessList`)).at("totalCount")).toBe(0);
});
