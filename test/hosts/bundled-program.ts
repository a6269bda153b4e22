/** A program that uses the whole library, as ES module and as CommonJS, for bundlers. */

const body = `const sandbox = await createSandbox({ provisionMs: 0 });
const server = await createServer({ env: { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: "silent" } });
const args = { name: tools.length > 5 ? "shop" : "", orgId: sandbox.orgId };
const { project } = await server.call("create_project", args);
const error = await server.call("create_project", args).catch((thrown) => thrown);
const groupId = project.id;
const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" };
const cluster = { groupId, name: "db", providerSettings };
await server.call("create_flex_cluster", cluster, { confirm: () => true });
// The driver is loaded for this one.
const { connected } = await server.call("check_connection", { groupId, name: "db" });
if (connected) throw new Error("There is no such host.");
console.log(project.name, error instanceof ToolError, error.code);
await server.close();
await sandbox.close();
`;

const names = "{ createSandbox, createServer, ToolError, tools }";

/** The files by name. */
export const use: Readonly<Record<string, string>> = {
  "use.mjs": `import ${names} from "atlas-provision-mcp";\n${body}`,
  "use.cjs": `const ${names} = require("atlas-provision-mcp");\nconst run = async () => {\n${body}};\nvoid run();\n`,
};
