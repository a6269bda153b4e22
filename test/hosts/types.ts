/** Programs that use the types of the library, for the compilers of types.host.ts. */

/** What has to compile, and with `@ts-expect-error` what must not. `load` is how the module names the package. */
export const consumer = (load: string) => `${load}
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(_: T | null = null): void => {};

export const provision = async (server: lib.AtlasServer, orgId: string): Promise<string> => {
  const { project } = await server.call("create_project", { name: "shop", orgId });
  const groupId: string = project.id;
  const name: string = project.name;
  const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;
  const { cluster, ready, outcome } = await server.call("create_flex_cluster", { groupId, name, providerSettings });
  yes<Equal<typeof cluster, lib.FlexCluster>>();
  yes<Equal<typeof outcome, "created" | "existing">>();
  const planned = await server.call("delete_project", { groupId, name, dryRun: true });
  if (planned.outcome === "would_delete") return planned.request.path;
  yes<Equal<typeof planned.outcome, "deleted" | "absent">>();
  const maybe = await server.call("update_project", { groupId, dryRun: ready });
  yes<Equal<typeof maybe.outcome, "updated" | "unchanged" | "would_update">>();
  // @ts-expect-error: a plan has no project
  void maybe.project;
  return cluster.connectionStrings?.standardSrv ?? "";
};

export const wrong = async ({ call }: lib.AtlasServer, groupId: string): Promise<void> => {
  const aws = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;
  // @ts-expect-error: there is no such tool
  await call("create_cluster", { groupId });
  // @ts-expect-error: an argument is misspelt
  await call("create_flex_cluster", { groupId, name: "a", providerSettings: aws, waitSecond: 5 });
  // @ts-expect-error: an argument is missing
  await call("create_flex_cluster", { groupId, providerSettings: aws });
  // @ts-expect-error: there are no arguments
  await call("get_project");
  // @ts-expect-error: there is no such provider
  await call("create_flex_cluster", { groupId, name: "a", providerSettings: { backingProviderName: "IBM", regionName: "X" } });
  // @ts-expect-error: a number is no name
  await call("get_flex_cluster", { groupId, name: 5 });
  // @ts-expect-error: a read has no dry run
  await call("get_project", { groupId, dryRun: true });
  // @ts-expect-error: the option is misspelt
  await call("get_project", { groupId }, { confrim: () => true });
  // @ts-expect-error: an answer is yes or no
  await call("delete_project", { groupId, name: "a" }, { confirm: () => "yes" });
  // @ts-expect-error: the member is misspelt
  const { clustre } = await call("get_flex_cluster", { groupId, name: "a" });
  // @ts-expect-error: the variables are no options
  await lib.createServer((await lib.createSandbox()).env);
  // @ts-expect-error: there is no such option
  await lib.createSandbox({ nonsense: 1 });
};

export const judge = (result: lib.ToolResult<"create_flex_cluster">): string => {
  if (result.status === "error") return result.error.code;
  if (result.status === "needs_confirmation") return result.confirmation;
  if (result.outcome === "would_create") return result.request.method;
  yes<Equal<typeof result, lib.ToolSuccess<"create_flex_cluster">>>();
  return result.cluster.name;
};

export const read = (result: lib.ToolResult<"get_project">): string => {
  yes<Equal<typeof result.status, "ok" | "error">>();
  return result.status === "ok" ? result.project.id : result.error.message;
};

export const handle = async (error: unknown, call: lib.Call): Promise<number | undefined> => {
  if (error instanceof lib.ConfirmationError) return error.quote.perMonth.to;
  if (error instanceof lib.CallError && error.code === "tool_not_offered") return 0;
  if (error instanceof lib.SandboxError && error.code === "port_in_use") return 1;
  if (error instanceof lib.ServerError && error.code === "closed") return 2;
  if (!(error instanceof lib.ToolError)) throw error;
  yes<Equal<typeof error.code, lib.ToolErrorCode>>();
  // @ts-expect-error: there is no such code
  if (error.code === "no_money") return 3;
  for (const next of error.nextActions)
    if (next.tool === "get_flex_cluster") await call(next.tool, next.arguments);
  return error.retryAfterSeconds;
};

const [first] = lib.tools;
yes<Equal<(typeof first)["name"], "get_account">>();
yes<Equal<(typeof first)["access"], "read">>();
yes<Equal<(typeof lib.tools)[number]["name"], lib.ToolName>>();
export const schemas: lib.ToolInfo[] = lib.tools.filter(({ access }) => access !== "read");
export const input: lib.ToolInput<"create_database_user"> = { groupId: "", username: "app" };

const fault: lib.SandboxFault = { operation: "createGroup", fault: "stale_reads:2+commit_then_reset" };
export const test = async (): Promise<[lib.SandboxSnapshot, lib.LoggedRequest[]]> => {
  await using server = await lib.createServer({ env: {} });
  await server.call("list_projects", {});
  await using sandbox: lib.Sandbox = await lib.createSandbox({ provisionMs: 0 });
  sandbox.addFaults(fault, { operation: "*", fault: "delay:50", times: 2 });
  // @ts-expect-error: the fault is misspelt
  sandbox.addFaults({ operation: "createGroup", fault: "commit_then_rest" });
  // @ts-expect-error: the operation is misspelt
  sandbox.requests("createProject");
  const state: "CREATING" | "UPDATING" | "IDLE" | "DELETING" | "GONE" | undefined =
    sandbox.state().clusters[0]?.stateName ?? sandbox.state().advancedClusters[0]?.stateName;
  return [sandbox.state(), sandbox.requests(state === "IDLE" ? "createGroup" : undefined)];
};
`;

/** Every kind of client and transport that the library takes, as it is typed. */
export const others = `import { Client as Second, InMemoryTransport as SecondPair } from "@modelcontextprotocol/client";
import { Client as First } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport as FirstPair } from "@modelcontextprotocol/sdk/inMemory.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createCaller, createServer, type Call } from "atlas-provision-mcp";
export const callers = (first: First, second: Second): Call[] => [
  createCaller(first),
  createCaller(second),
  createCaller(async (name, args, { signal }) => ({ name, args, signal })),
];
export const connect = async (): Promise<void> => {
  const server = await createServer();
  await server.connect(FirstPair.createLinkedPair()[0]);
  await server.connect(SecondPair.createLinkedPair()[0]);
  await server.connect(new StdioServerTransport());
  await server.connect(new StreamableHTTPServerTransport({ sessionIdGenerator: undefined }));
};
`;

/** An example as CommonJS has it: without `await` at its top. */
export const withoutTopAwait = (code: string): string => {
  const [, imports = "", rest = ""] = /^((?:import [^;]+;\n)+)([\s\S]*)$/.exec(code) ?? [];
  return `${imports}export const main = async (): Promise<void> => {\n${rest}};\n`;
};
