import { expect, test } from "vitest";
import { dedicated, startInProject, vendor } from "../clusters/bodies.ts";

const headersOf = ({ headers }: { headers: Headers }) => [
  headers.get("deprecation"),
  headers.get("sunset"),
];

test.each([
  ["2023-01-01", "Wed, 1 Feb 2023 00:00:00 GMT", "Thu, 1 Jul 2027 00:00:00 GMT"],
  ["2023-02-01", "Mon, 5 Aug 2024 00:00:00 GMT", "Thu, 1 Jul 2027 00:00:00 GMT"],
  ["2024-08-05", null, null],
  ["2025-03-12", null, null],
])("a read of a cluster in version %s says whether there is a later one", async (date, ...both) => {
  const { api, path } = await startInProject();
  expect(headersOf(await api("GET", path, { accept: vendor(date) }))).toEqual(both);
  // As recorded, an error says so, too.
  expect(headersOf(await api("GET", `${path}/none`, { accept: vendor(date) }))).toEqual(both);
});

test("the one version of changes that ends earlier says so", async () => {
  const { api, path } = await startInProject();
  const accept = vendor("2024-08-05");
  const created = await api("POST", path, { body: dedicated("big"), accept });
  expect(headersOf(created)).toEqual([
    "Wed, 23 Oct 2024 00:00:00 GMT",
    "Mon, 1 Mar 2027 00:00:00 GMT",
  ]);
});

test("an operation that is deprecated says so in its only version", async () => {
  const { api, path, sandbox } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const invitations = await api("GET", `/orgs/${sandbox.orgId}/invites`);
  expect(headersOf(invitations)).toEqual([
    "Wed, 19 Feb 2025 00:00:00 GMT",
    "Thu, 1 Jul 2027 00:00:00 GMT",
  ]);
  expect(headersOf(await api("GET", `${path}/big/autoScalingConfiguration`))).toEqual([
    "Wed, 23 Oct 2024 00:00:00 GMT",
    null,
  ]);
});

test("a version that there is not is not called deprecated", async () => {
  const { api, path } = await startInProject();
  const refused = await api("GET", path, { accept: "application/json" });
  expect([refused.status, ...headersOf(refused)]).toEqual([406, null, null]);
});
