/** The way from nothing to a connection string, as one client went it, with all that was said on the way. */
import { connect, type Driver, type Kind, type Progress, type ToolResult } from "./clients.ts";
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
  /** Every result with the name of its tool. */
  results: [string, ToolResult][];
};

/** Goes the whole way with one client on the embedded sandbox, without any configuration. */
export const travel = async (kind: Kind): Promise<Journey> => {
  const driver = await connect(kind);
  const results: [string, ToolResult][] = [];
  const step: Driver["call"] = async (name, args, options) => {
    const result = await driver.call(name, args, options);
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
    await step("create_project", { name: "shop", orgId });
    await step("create_project", { name: "next", orgId, dryRun: true });
    return {
      instructions: driver.instructions(),
      tools,
      account,
      project,
      cluster,
      progress,
      found,
      missing,
      results,
    };
  } finally {
    await driver.close();
  }
};
