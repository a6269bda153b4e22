/** The way there and back for programs that are no MCP client of ours: each step is one call of theirs. */
import { expect } from "vitest";
import { aws, type LiveSandbox } from "../support/live-sandbox.ts";

/** Makes one tool call and gives its structured content. */
export type BareCall = (tool: string, args: object) => Promise<Record<string, any>>;

/** From an empty organization to a user and an address that are allowed, and back to empty. */
export const goByItself = async (call: BareCall, sandbox: LiveSandbox): Promise<void> => {
  const { project } = await call("create_project", { name: "shop", orgId: sandbox.orgId });
  const groupId: string = project.id;
  const cluster = { groupId, name: "orders", providerSettings: aws, waitSeconds: 10 };
  expect(await call("create_flex_cluster", cluster)).toMatchObject({ ready: true });
  const user = await call("create_database_user", { groupId, username: "app" });
  expect(user).toMatchObject({ outcome: "created", credentialsFile: expect.any(String) });
  const entry = { groupId, ipAddress: "203.0.113.7" };
  expect(await call("create_access_list_entry", entry)).toMatchObject({ outcome: "created" });
  expect(await call("get_project", { groupId })).toMatchObject({
    clusters: [{ name: "orders", stateName: "IDLE" }],
    databaseUsers: [{ username: "app" }],
    accessListEntries: [{ cidrBlock: "203.0.113.7/32" }],
  });
  expect(await call("delete_flex_cluster", { groupId, name: "orders" })).toMatchObject({
    outcome: "deleted",
  });
  expect(await call("delete_project", { groupId, name: "shop" })).toMatchObject({
    outcome: "deleted",
  });
  const { projects, clusters, users, accessList } = await sandbox.state();
  expect([projects, clusters, users, accessList]).toEqual([[], [], [], []]);
};
