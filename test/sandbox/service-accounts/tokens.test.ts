import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start, type TestResponse } from "../harness.ts";
import { startWithAccounts } from "./accounts.ts";

const hourMs = 3_600_000;

const credentialsOf = (created: TestResponse): [clientId: string, secret: string] => [
  created.string("clientId"),
  created.string("secrets.0.secret"),
];

test("a created account gets a token, which opens the API until the account is deleted", async () => {
  const { api, create, org, tokenFor } = await startWithAccounts();
  const [id, secret] = credentialsOf(await create());
  const token = (await tokenFor(id, secret)).string("access_token");
  const look = () => api("GET", "/orgs", { token });
  expect((await look()).status).toBe(200);
  expect((await org("GET", `/${id}`)).at("secrets.0.lastUsedAt")).toBe("2026-08-10T03:02:55Z");
  await org("DELETE", `/${id}`);
  const refused = await look();
  expect([refused.status, refused.text]).toEqual([401, ""]);
  expect((await tokenFor(id, secret)).at("error")).toBe("invalid_client");
});

test("the secret of another account opens nothing", async () => {
  const { create, sandbox, tokenFor } = await startWithAccounts();
  const [id] = credentialsOf(await create());
  const [, secret] = credentialsOf(await create());
  expect((await tokenFor(id, secret)).status).toBe(401);
  expect((await tokenFor(id, sandbox.clientSecret)).status).toBe(401);
  expect((await tokenFor(sandbox.clientId, secret)).status).toBe(401);
});

test("secrets are added and deleted", async () => {
  const { create, org, tokenFor } = await startWithAccounts();
  const [id, first] = credentialsOf(await create());
  const added = await org("POST", `/${id}/secrets`, { secretExpiresAfterHours: 24 });
  const path = `/${id}/secrets/${added.string("id")}`;
  expect(added.status).toBe(201);
  expect((await org("GET", `/${id}`)).at("secrets.1.id")).toBe(added.at("id"));
  expect((await tokenFor(id, added.string("secret"))).status).toBe(200);
  expect((await org("DELETE", path)).status).toBe(204);
  expect((await org("DELETE", path)).status).toBe(404);
  expect((await tokenFor(id, added.string("secret"))).status).toBe(401);
  expect((await tokenFor(id, first)).status).toBe(200);
});

test("a secret ends at its time", async () => {
  const { create, pass, tokenFor } = await startWithAccounts();
  const [id, secret] = credentialsOf(await create());
  pass(8 * hourMs - 1);
  expect((await tokenFor(id, secret)).status).toBe(200);
  pass(1);
  expect((await tokenFor(id, secret)).status).toBe(401);
});

test("the limit of live tokens is each account's own", async () => {
  const { create, tokenFor } = await startWithAccounts({ rateLimits: false });
  const [id, secret] = credentialsOf(await create());
  for (let n = 0; n < 100; n += 1) expect((await tokenFor(id, secret)).status).toBe(200);
  expect((await tokenFor(id, secret)).at("error")).toBe("access_denied");
  const [other, otherSecret] = credentialsOf(await create());
  expect((await tokenFor(other, otherSecret)).status).toBe(200);
});

test("an account is there again after a restart with a state file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-accounts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const statePath = join(folder, "state.json");
  const { create, sandbox } = await startWithAccounts({ statePath });
  const [id, secret] = credentialsOf(await create());
  await sandbox.close();
  const { oauth } = await start({ statePath });
  const grant = { grant_type: "client_credentials" };
  expect((await oauth("token", grant, `${id}:${secret}`)).status).toBe(200);
});
