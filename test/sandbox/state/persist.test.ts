import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { aws, create, type Harness, keysOf, start, testPassword } from "../harness.ts";

let statePath: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  statePath = join(folder, `${basename(folder)}.json`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Ends a sandbox and starts another on the same file, as late as the first one was. */
const restart = async ({ sandbox }: Harness, options: SandboxOptions = {}): Promise<Harness> => {
  await sandbox.close();
  return start({ statePath, ...options });
};

const fill = async (harness: Harness): Promise<string> => {
  const { addEntries, api, createCluster, createUser, sandbox } = harness;
  const tags = [{ key: "env", value: "test" }];
  const body = { name: "shop", orgId: sandbox.orgId, tags, withDefaultAlertsSettings: false };
  const id = (await api("POST", "/groups", { body })).string("id");
  await createCluster(id, "plain");
  await api("POST", `/groups/${id}/flexClusters`, {
    body: { name: "safe", providerSettings: aws, tags, terminationProtectionEnabled: true },
  });
  await createUser(id, "ann", {
    deleteAfterDate: "2026-08-11T00:00:00Z",
    description: "for the shop",
    labels: tags,
    roles: [
      { collectionName: "orders", databaseName: "sales", roleName: "read" },
      { databaseName: "admin", roleName: "backup" },
    ],
    scopes: [{ name: "plain", type: "CLUSTER" }],
  });
  await addEntries(id, { ipAddress: "10.0.0.1", comment: "home" }, { cidrBlock: "10.1.0.0/16" });
  return id;
};

/** All that reads show of a project, without the port of the sandbox that shows it. */
const seen = async ({ api, sandbox }: Harness, id: string): Promise<string[]> => {
  const paths = ["", "/flexClusters", "/databaseUsers", "/accessList"];
  const answers = await Promise.all(paths.map((path) => api("GET", `/groups/${id}${path}`)));
  return answers.map(({ text }) => text.replaceAll(sandbox.url, ""));
};

test("everything made in a sandbox is there after a restart, to the byte", async () => {
  const first = await start({ statePath });
  const id = await fill(first);
  const before = await seen(first, id);
  const second = await restart(first);
  expect(await seen(second, id)).toEqual(before);
});

test("a client that was configured once keeps working", async () => {
  const first = await start({ statePath });
  const { clientId, clientSecret, publicKey, privateKey, orgId } = first.sandbox;
  const second = await restart(first);
  expect(second.sandbox).toMatchObject({
    clientId,
    clientSecret,
    publicKey,
    privateKey,
    orgId,
  });
  expect((await second.api("GET", `/orgs/${orgId}`)).at("name")).toBe("Sandbox");
});

test("a change and a deletion outlive a restart too", async () => {
  const first = await start({ statePath });
  const id = await fill(first);
  await first.api("PATCH", `/groups/${id}`, { body: { name: "renamed" } });
  await first.api("DELETE", `/groups/${id}/databaseUsers/admin/ann`);
  await first.api("DELETE", `/groups/${id}/accessList/10.0.0.1`);
  await first.api("DELETE", `/groups/${id}/flexClusters/plain`);
  const before = await seen(first, id);
  const second = await restart(first);
  expect(await seen(second, id)).toEqual(before);
  expect((await second.api("GET", `/groups/${id}/flexClusters/plain`)).at("stateName")).toBe(
    "DELETING",
  );
});

test("what was made under an answer that nobody got is there as well", async () => {
  const first = await start({ statePath });
  await first.script("createGroup", "commit_then_reset");
  await expect(create(first)).rejects.toThrow();
  const second = await restart(first);
  expect((await second.api("GET", "/groups")).at("results.0.name")).toBe("shop");
});

test("credentials that are given win over those that are kept, and are kept from then on", async () => {
  const first = await start({ statePath });
  const { clientSecret } = first.sandbox;
  const second = await restart(first, { credentials: { clientId: "me" } });
  expect(second.sandbox).toMatchObject({ clientId: "me", clientSecret });
  const third = await restart(second);
  expect(third.sandbox).toMatchObject({ clientId: "me", clientSecret });
});

test("another id for the organization takes its projects along", async () => {
  const first = await start({ statePath });
  const id = await fill(first);
  const orgId = "a0123456789abcdef0123451";
  const second = await restart(first, { orgId });
  expect((await second.api("GET", `/groups/${id}`)).at("orgId")).toBe(orgId);
  expect((await second.api("GET", `/orgs/${orgId}/groups`)).at("totalCount")).toBe(1);
});

test("a reset removes the resources in the file too, and keeps the credentials", async () => {
  const first = await start({ statePath });
  await fill(first);
  expect((await first.control("POST", "/reset")).status).toBe(200);
  const second = await restart(first);
  expect((await second.control("GET", "/state")).at()).toMatchObject({
    projects: [],
    clusters: [],
    users: [],
    accessList: [],
    ephemeralClusters: [],
  });
  expect(second.sandbox.clientId).toBe(first.sandbox.clientId);
});

test("stale reads do not outlive a restart, what they hid does", async () => {
  const first = await start({ statePath });
  await first.script("createGroup", "stale_reads:9");
  await create(first);
  const second = await restart(first);
  expect((await second.api("GET", "/groups")).at("totalCount")).toBe(1);
});

test("the file is for its owner only, says its format, and holds no database password", async () => {
  const harness = await start({ statePath });
  await fill(harness);
  const text = readFileSync(statePath, "utf8");
  expect(JSON.parse(text)).toMatchObject({ format: expect.any(String), version: 1 });
  expect(keysOf(JSON.parse(text))).toEqual([
    "format",
    "version",
    "credentials",
    "organizations",
    "clockAheadMs",
    "resources",
  ]);
  expect(text).not.toContain(testPassword);
  expect(statSync(statePath).mode & 0o777).toBe(0o600);
});

test("what is gone for good leaves the file", async () => {
  const { addEntries, api, createCluster, createProject, createUser, pass } = await start({
    statePath,
  });
  const id = await createProject("shop");
  const deleteAfterDate = "2026-08-10T03:03:00Z";
  await createUser(id, "short-lived", { deleteAfterDate });
  await addEntries(id, { ipAddress: "10.9.9.9", deleteAfterDate });
  await createCluster(id, "removed");
  await api("DELETE", `/groups/${id}/flexClusters/removed`);
  pass(5000);
  await createCluster(id, "next");
  await createUser(id, "next");
  await addEntries(id, { ipAddress: "10.0.0.1" });
  expect(readFileSync(statePath, "utf8")).not.toMatch(/short-lived|10\.9\.9\.9|removed/);
});
