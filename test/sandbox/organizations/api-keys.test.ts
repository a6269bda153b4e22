import { expect, test } from "vitest";
import { start } from "../harness.ts";

test("an organization lists the sandbox's API key, without its private key", async () => {
  const { api, sandbox } = await start();
  const response = await api("GET", `/orgs/${sandbox.orgId}/apiKeys`);
  expect(response.at("results.0")).toMatchObject({
    publicKey: sandbox.publicKey,
    roles: [{ orgId: sandbox.orgId, roleName: "ORG_OWNER" }],
  });
  expect(response.text).not.toContain(sandbox.privateKey);
});
