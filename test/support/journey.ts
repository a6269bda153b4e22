/** The way from nothing to a working connection, and back, as one client went it, with all that was said on the way. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import {
  connect,
  type Driver,
  type DriverOptions,
  type Kind,
  type Progress,
  type ToolResult,
} from "./clients.ts";
import { aws } from "./live-sandbox.ts";

export type Listed = {
  name: string;
  title?: string;
  description?: string;
  annotations?: Record<string, unknown>;
  inputSchema?: Record<string, any>;
  outputSchema?: Record<string, any>;
};

export type Journey = {
  instructions: string | undefined;
  tools: Listed[];
  account: ToolResult;
  project: ToolResult;
  cluster: ToolResult;
  progress: Progress[];
  found: ToolResult;
  missing: ToolResult;
  user: ToolResult;
  entry: ToolResult;
  details: ToolResult;
  /** What the user's file says, read when the way there was gone. */
  credentials: Record<string, string | undefined>;
  clusterGone: ToolResult;
  projectGone: ToolResult;
  afterwards: ToolResult;
  /** Every result with the name of its tool. */
  results: [string, ToolResult][];
};

type Options = DriverOptions & {
  /** Runs at the far end of the way, when all is there. */
  there?: (groupId: string) => Promise<void>;
};

type Traveller = Pick<Driver, "listTools" | "call" | "instructions" | "close">;

/**
 * Goes the whole way there and back with one client, of a kind or connected already, and closes it; on the embedded
 * sandbox where nothing else is said.
 */
export const travel = async (
  client: Kind | Traveller,
  { there = async () => {}, ...options }: Options = {},
): Promise<Journey> => {
  const driver = typeof client === "string" ? await connect(client, options) : client;
  const results: [string, ToolResult][] = [];
  const step: Driver["call"] = async (name, args, how) => {
    const result = await driver.call(name, args, how);
    results.push([name, result]);
    return result;
  };
  try {
    const tools: Listed[] = await driver.listTools();
    const account = await step("get_account");
    const orgId = account.structured.organizations[0].id;
    const project = await step("create_project", { name: "shop", orgId });
    const groupId = project.structured.project.id;
    const progress: Progress[] = [];
    const cluster = await step(
      "create_flex_cluster",
      { groupId, name: "db", providerSettings: aws, waitSeconds: 30 },
      { onprogress: (one) => progress.push(one) },
    );
    const found = await step("get_flex_cluster", { groupId, name: "db" });
    const missing = await step("get_flex_cluster", { groupId, name: "other" });
    await step("list_projects", {});
    await step("list_flex_clusters", {});
    await step("create_project", { name: "shop", orgId });
    await step("create_project", { name: "next", orgId, dryRun: true });
    const user = await step("create_database_user", { groupId, username: "app" });
    const entry = await step("create_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
    const details = await step("get_project", { groupId });
    const credentials = parseEnv(await readFile(user.structured.credentialsFile, "utf8"));
    await step("check_connection", { groupId, name: "db", username: "app" });
    // Journeys may share a folder, in which each name has one file.
    const ephemeral = { clusterName: `try-${randomUUID()}` };
    await step("create_ephemeral_cluster", ephemeral);
    await step("get_ephemeral_cluster", ephemeral);
    await there(groupId);
    await step("update_project", { groupId, tags: [{ key: "team", value: "shop" }] });
    await step("update_flex_cluster", { groupId, name: "db", sweepAfter: "2100-01-01T00:00:00Z" });
    await step("update_flex_cluster", { groupId, name: "db", sweepAfter: "2100-01-01T00:00:00Z" });
    await step("update_database_user", { groupId, username: "app", description: "of the shop" });
    await step("update_database_user", { groupId, username: "app", rotatePassword: true });
    await step("delete_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
    await step("delete_database_user", { groupId, username: "app" });
    await step("delete_project", { groupId, name: "shop" });
    await step("delete_flex_cluster", { groupId, name: "db", dryRun: true });
    const clusterGone = await step("delete_flex_cluster", { groupId, name: "db" });
    const projectGone = await step("delete_project", { groupId, name: "shop" });
    const afterwards = await step("get_account");
    await step("delete_flex_cluster", { groupId, name: "db" });
    return {
      instructions: driver.instructions(),
      tools,
      account,
      project,
      cluster,
      progress,
      found,
      missing,
      user,
      entry,
      details,
      credentials,
      clusterGone,
      projectGone,
      afterwards,
      results,
    };
  } finally {
    await driver.close();
  }
};
