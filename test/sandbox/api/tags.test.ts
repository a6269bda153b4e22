import { expect, test } from "vitest";
import { start, type TestResponse } from "../harness.ts";

const createWith = async (tags: unknown): Promise<TestResponse> => {
  const { api, sandbox } = await start();
  return api("POST", "/groups", { body: { name: "shop", orgId: sandbox.orgId, tags } });
};

const pair = (key: string, value = "v") => ({ key, value });

test("a character outside the documented ones is refused in Atlas's words", async () => {
  const response = await createWith([pair("owner", "team/shop")]);
  expect([response.status, response.at("errorCode")]).toEqual([400, "VALIDATION_ERROR"]);
  expect(response.at("detail")).toMatch(
    /contains invalid characters\. Allowable characters include .*; @ _ - \. \+/,
  );
});

test("a key or value of 255 characters is allowed, of 256 not", async () => {
  expect((await createWith([pair("k".repeat(255), "v".repeat(255))])).status).toBe(201);
  const response = await createWith([pair("k".repeat(256))]);
  expect(response.at("detail")).toContain("exceeded the maximum allowed length of 255 characters");
});

test.each([
  [pair("", "v"), "key"],
  [pair("k", ""), "value"],
])("an empty part of %j is refused", async (tag, part) => {
  expect((await createWith([tag])).at("detail")).toContain(`The tag ${part} cannot be empty`);
});

test("a missing value is a missing attribute", async () => {
  const response = await createWith([{ key: "env" }]);
  expect([response.at("errorCode"), response.at("parameters")]).toEqual([
    "MISSING_ATTRIBUTE",
    ["value"],
  ]);
});

test("a tag is an object of two strings and nothing else", async () => {
  expect((await createWith(["env"])).at("errorCode")).toBe("INVALID_JSON_ATTRIBUTE");
  expect((await createWith([{ key: 1, value: "v" }])).at("errorCode")).toBe(
    "INVALID_JSON_ATTRIBUTE",
  );
  expect((await createWith([{ ...pair("k"), note: "n" }])).at("errorCode")).toBe(
    "INVALID_ATTRIBUTE",
  );
});

test("keys are unique, but env and Env are two", async () => {
  expect((await createWith([pair("env"), pair("env")])).status).toBe(400);
  expect((await createWith([pair("env"), pair("Env")])).status).toBe(201);
});

test("fifty tags are the most", async () => {
  const tags = Array.from({ length: 51 }, (_, n) => pair(`k${n}`));
  expect((await createWith(tags.slice(1))).status).toBe(201);
  expect((await createWith(tags)).at("detail")).toContain("maximum allowed number of 50 tags");
});

test("a refused tag leaves no project behind", async () => {
  const { api, control, sandbox } = await start();
  const tags = [pair("a/b")];
  await api("POST", "/groups", { body: { name: "shop", orgId: sandbox.orgId, tags } });
  expect((await control("GET", "/state")).at("projects")).toEqual([]);
});
