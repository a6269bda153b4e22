import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { aws, start } from "../harness.ts";
import { soon, watch } from "./stream.ts";

/** The page's sentences, from the part of its script that needs no document. */
const faults = new URL("../../../sandbox/src/console/page/faults.js", import.meta.url);
const sentences = readFileSync(faults, "utf8").split(/^(?=const effects)|^\/\*\* What people/m)[1];
const faultInWords = runInNewContext(`${sentences?.replaceAll("export ", "")}; faultInWords`) as (
  fault: string,
  method?: string,
  ran?: number,
) => string;

const body = { name: "orders", providerSettings: aws };

test.each([
  ["createGroup", "commit_then_reset", "POST", "/groups", { name: "b@d/name", orgId: "" }],
  ["createGroupFlexCluster", "stuck_creating", "POST", "/groups/ID/flexClusters", { name: "x" }],
  ["deleteGroupFlexCluster", "ignored_delete", "DELETE", "/groups/ID/flexClusters/none", undefined],
  ["deleteGroup", "commit_then_500", "DELETE", "/groups/5f1a2b3c4d5e6f7081920000", undefined],
])("a fault of a request that is refused anyway does not say that %s was done", async (...row) => {
  const [operation, fault, method, path, sent] = row;
  const { api, createProject, sandbox, script } = await start();
  const groupId = await createProject("shop");
  await script(operation, fault);
  const page = await watch(sandbox.url);
  await api(method, path.replace("ID", groupId), sent === undefined ? {} : { body: sent }).catch(
    () => {},
  );
  const struck = () => page.requests().find((one) => one.fault === fault);
  await soon(() => struck()?.tookMs !== undefined);
  const request = struck();
  expect(request).toMatchObject({ operation });
  expect([400, 404]).toContain(request?.ran);
  const words = faultInWords(fault, method, request?.ran);
  expect(words).toContain(`the change was refused with ${request?.ran}`);
  expect(words).not.toMatch(/was made|success|never becomes/);
});

test("a change that was made says so, one that a fault kept from it says that, and the rest says nothing", async () => {
  const { api, createProject, sandbox, script } = await start();
  const groupId = await createProject("shop");
  const page = await watch(sandbox.url);
  const path = `/groups/${groupId}/flexClusters`;
  for (const fault of ["reset", "commit_then_reset"]) {
    await script("createGroupFlexCluster", fault);
    await api("POST", path, { body }).catch(() => {});
  }
  await api("GET", "/orgs");
  await soon(() => page.requests().at(-1)?.operation === "listOrgs");
  const [kept, made, plain] = page.requests().slice(-3);
  expect(kept).not.toHaveProperty("ran");
  expect(faultInWords("reset", "POST", kept?.ran)).toMatch(/^nothing was done: /);
  expect(made).toMatchObject({ ran: 201, status: null });
  expect(faultInWords("commit_then_reset", "POST", made?.ran)).toMatch(
    /^the change was made, but /,
  );
  expect(plain).not.toHaveProperty("ran");
});

test("an answer that comes after its caller has left is none, for all who watch", async () => {
  const { api, createProject, sandbox, script } = await start();
  const groupId = await createProject("shop");
  const page = await watch(sandbox.url);
  await script("createGroupFlexCluster", "delay:300");
  const signal = AbortSignal.timeout(100);
  await api("POST", `/groups/${groupId}/flexClusters`, { body, signal }).catch(() => {});
  await soon(() => sandbox.state().clusters.length === 1);
  await soon(() => page.requests().at(-1)?.ran === 201);
  const later = await watch(sandbox.url);
  expect(later.requests().at(-1)).toEqual(page.requests().at(-1));
  expect(later.requests().at(-1)).toMatchObject({ status: null, tookMs: expect.any(Number) });
  expect(sandbox.requests("createGroupFlexCluster")[0]?.status).toBeNull();
});
