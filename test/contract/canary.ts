/** All tools, once each way that they can end, with secrets that can be recognized wherever they turn up. */
import type { Bare, ToolResult } from "../support/clients.ts";
import { aws, type LiveSandbox } from "../support/live-sandbox.ts";

/** What nobody may see, with what it is. */
export type Secrets = Map<string, string>;

export const { fixed, account, key } = (() => {
  const account = {
    clientId: "mdb_sa_id_canary00000000000000c1",
    clientSecret: "mdb_sa_sk_canary-Secret_0000000000000000c2",
  };
  const key = { publicKey: "canarypk", privateKey: "ca7a2711-c3c3-4c3c-8c3c-ca7a2711c3c3" };
  const basic = Buffer.from(`${account.clientId}:${account.clientSecret}`).toString("base64");
  const fixed: Record<string, string> = {
    "the client id": account.clientId,
    "the client secret": account.clientSecret,
    "the Basic header": basic,
    "the public key": key.publicKey,
    "the private key": key.privateKey,
    "the server's own secret": "canary-of-the-servers-own-secret-0000c4",
    "a password that a model made up": "canary-Password-Of-A-Model-c5",
  };
  return { fixed, account, key };
})();

/** One run: every answer, in order. */
export type Told = { tool: string; result: ToolResult }[];

/** Calls every tool on a sandbox: successes, repeats, dry runs, refusals, bad arguments, lost answers and questions. */
export const callEverything = async (driver: Bare, sandbox: LiveSandbox): Promise<Told> => {
  const told: Told = [];
  const call = async (tool: string, args: object = {}) => {
    const result = await driver.call(tool, args);
    told.push({ tool, result });
    return result.structured;
  };
  /** As an agent does: repeats with the confirmation that it was given. */
  const insist = async (tool: string, args: object) => {
    const first = await call(tool, args);
    return first.status === "needs_confirmation"
      ? call(tool, { ...args, confirmation: first.confirmation })
      : first;
  };
  const { orgId } = sandbox;
  await call("get_account");
  await call("create_project", { name: "my shop", orgId });
  const { project } = await insist("create_project", { name: "shop", orgId });
  const groupId = project.id;
  await call("create_project", { name: "shop", orgId });
  await sandbox.script("createGroup", "error:403:ACCESS_FORBIDDEN");
  await call("create_project", { name: "next", orgId });
  await call("list_projects", { orgId });

  const db = { groupId, name: "db", providerSettings: aws };
  await call("create_flex_cluster", { ...db, dryRun: true });
  await insist("create_flex_cluster", { ...db, waitSeconds: 10 });
  await call("get_flex_cluster", { groupId, name: "db" });
  await call("get_flex_cluster", { groupId, name: "none" });
  await insist("update_project", { groupId, tags: [{ key: "team", value: "shop" }] });
  await sandbox.script("updateGroupFlexCluster", "commit_then_reset");
  await insist("update_flex_cluster", { groupId, name: "db", sweepAfter: "2100-01-01T00:00:00Z" });
  await call("list_flex_clusters", {});

  const user = { groupId, username: "app" };
  await call("create_database_user", { ...user, dryRun: true });
  await call("create_database_user", {
    ...user,
    password: fixed["a password that a model made up"],
  });
  await sandbox.script("createGroupDatabaseUser", "commit_then_reset");
  await call("create_database_user", user);
  await call("create_database_user", user);
  await call("create_database_user", { ...user, ifExists: "return" });
  await sandbox.script("createGroupDatabaseUser", "reset", 2);
  await call("create_database_user", { groupId, username: "lost" });
  await sandbox.script("createGroupDatabaseUser", "error:403:ACCESS_FORBIDDEN");
  await call("create_database_user", { groupId, username: "refused" });

  const renewed = { ...user, rotatePassword: true };
  await call("update_database_user", { ...renewed, dryRun: true });
  await insist("update_database_user", { ...user, description: "of the canary" });
  await insist("update_database_user", renewed);
  await sandbox.script("updateGroupDatabaseUser", "commit_then_reset");
  await insist("update_database_user", renewed);
  await sandbox.script("updateGroupDatabaseUser", "error:403:ACCESS_FORBIDDEN");
  await insist("update_database_user", renewed);
  await sandbox.script("updateGroupDatabaseUser", "reset", 2);
  await insist("update_database_user", renewed);

  await call("create_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
  await insist("create_access_list_entry", { groupId, cidrBlock: "0.0.0.0/0" });
  await call("get_project", { groupId });

  await call("check_connection", { groupId, name: "db", username: "app" });
  await call("create_access_list_entry", { groupId, currentIpAddress: true });

  const ephemeral = { clusterName: "canary" };
  await call("create_ephemeral_cluster", { ...ephemeral, dryRun: true });
  await insist("create_ephemeral_cluster", ephemeral);
  await insist("create_ephemeral_cluster", ephemeral);
  await call("get_ephemeral_cluster", ephemeral);
  await call("get_ephemeral_cluster", { clusterName: "none" });
  await sandbox.script("getEphemeralCluster", "error:404:RESOURCE_NOT_FOUND");
  await call("get_ephemeral_cluster", ephemeral);
  await sandbox.script("createEphemeralCluster", "commit_then_reset");
  await insist("create_ephemeral_cluster", { clusterName: "lost" });

  await insist("delete_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
  await insist("delete_database_user", user);
  await call("delete_database_user", user);
  await call("delete_project", { groupId, name: "shop" });
  await insist("delete_flex_cluster", { groupId, name: "db" });
  await sandbox.script("deleteGroup", "empty_401");
  await insist("delete_project", { groupId, name: "shop" });
  await call("delete_project", { groupId, name: "shop" });
  return told;
};
