/** The official MCP server does on the sandbox what it does on Atlas, and what it cannot is listed in docs/peers.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { peerEnv } from "../../bench/peer.mjs";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { openCertificates } from "../support/tls.ts";
import { installed, readJson, repository } from "./tools.ts";

const page = readFileSync(join(repository, "docs/peers.md"), "utf8");

/** Paths that the sandbox does not know, as they were asked for. */
const unknownPaths = async (sandbox: LiveSandbox): Promise<string[]> => {
  const { requests } = await sandbox.state();
  return requests.filter(({ operation }) => operation === null).map(({ path }) => path);
};

describe("the official mongodb-mcp-server", () => {
  const home = "../peer/node_modules/mongodb-mcp-server";
  const certificates = openCertificates();
  const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
  let sandbox: LiveSandbox;
  let client: Client;
  beforeAll(async () => {
    // The test looks into the sandbox with fetch, which knows its certificate as little as the peer does.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    const { key, cert } = certificates.make(["127.0.0.1"]);
    sandbox = await startSandbox({ tls: { key, cert } });
    client = new Client({ name: "peers", version: "1.0.0" });
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, ...peerEnv({ url: sandbox.url, credentials: sandbox }) };
    const args = [installed(`${home}/dist/esm/index.js`)];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }),
    );
  });
  afterAll(async () => {
    await client?.close();
    await sandbox?.close();
    certificates.remove();
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });

  const call = async (name: string, args: Record<string, unknown>): Promise<any> => {
    const {
      isError = false,
      content,
      structuredContent,
    } = await client.callTool({
      name,
      arguments: args,
    });
    const [{ text }] = content as { text: string }[];
    return { isError, text, ...(structuredContent as object) };
  };

  it("is release 3.0.4", () => {
    expect(readJson(installed(`${home}/package.json`)).version).toBe("3.0.4");
    expect(page).toContain("## mongodb-mcp-server 3.0.4");
  });

  it("makes a project, a user and access list entries, and reads back what is there", async () => {
    const { organizations } = await call("atlas-list-orgs", {});
    expect(organizations).toEqual([{ name: "Sandbox", id: sandbox.orgId }]);
    await call("atlas-create-project", { projectName: "shop", orgId: sandbox.orgId });
    for (const filter of [{}, { orgId: sandbox.orgId }])
      expect((await call("atlas-list-projects", filter)).projects).toMatchObject([
        { name: "shop" },
      ]);
    const projectId = (await sandbox.state()).projects[0]?.id;

    const roles = [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }];
    const user = await call("atlas-create-db-user", { projectId, username: "app", roles });
    expect(user).toMatchObject({ isError: false, username: "app" });
    const comment = "office";
    const addresses = { ipAddresses: ["203.0.113.7"], cidrBlocks: ["10.0.0.0/8"] };
    const added = await call("atlas-create-access-list", { projectId, ...addresses, comment });
    expect(added).toMatchObject({ isError: false });
    await sandbox.make(`/groups/${projectId}/flexClusters`, { name: "db", providerSettings: aws });

    expect((await call("atlas-list-db-users", { projectId })).users).toMatchObject([
      { username: "app", roles },
    ]);
    expect((await call("atlas-inspect-access-list", { projectId })).entries).toMatchObject([
      // With a user, the server lets the machine in that it runs on: the sandbox tells it its address.
      { ipAddress: "127.0.0.1" },
      { cidrBlock: "203.0.113.7/32", comment },
      { cidrBlock: "10.0.0.0/8", comment },
    ]);
    expect((await call("atlas-list-clusters", { projectId })).clusters).toMatchObject([
      { name: "db" },
    ]);
    const seen = await call("atlas-inspect-cluster", { projectId, clusterName: "db" });
    expect(seen).toMatchObject({ isError: false });

    const { users, accessList } = await sandbox.state();
    expect(users).toMatchObject([{ username: "app", groupId: projectId }]);
    expect(accessList).toHaveLength(3);
  });

  /** Starts from nothing but a project, and calls tools in it. */
  const inProject = async () => {
    await sandbox.reset();
    const { id: projectId } = await sandbox.make("/groups", {
      name: "shop",
      orgId: sandbox.orgId,
    });
    return {
      projectId,
      use: async (tool: string, args: object) => {
        const result = await call(tool, { projectId, ...args });
        expect(result, result.text).toMatchObject({ isError: false });
        return result;
      },
      clusters: async () => (await call("atlas-list-clusters", { projectId })).clusters,
    };
  };

  it("makes free, flex and dedicated clusters, and lists those of all projects", async () => {
    const { projectId, use, clusters } = await inProject();
    expect((await call("atlas-list-clusters", {})).clusters).toEqual([]);
    expect(await use("atlas-create-free-cluster", { name: "m0" })).toMatchObject({ created: true });
    const big = { clusterName: "big", provider: "AWS", regions: ["US_EAST_1", "EU_WEST_1"] };
    const made = await use("atlas-create-cluster", big);
    expect(made).toMatchObject({ instanceSize: "M10", encryptionAtRestProvider: "NONE" });
    await sandbox.make(`/groups/${projectId}/flexClusters`, { name: "db", providerSettings: aws });

    const standardSrv = expect.stringContaining(".mongodb.invalid");
    const shown = { state: "IDLE", connectionStrings: { standardSrv } };
    expect(await clusters()).toMatchObject([
      { ...shown, name: "m0", instanceType: "FREE", provider: "AWS", region: "US_EAST_1" },
      { ...shown, name: "big", instanceType: "DEDICATED", instanceSize: "M10", paused: false },
      { ...shown, name: "db", instanceType: "FLEX" },
    ]);
    const seen = await use("atlas-inspect-cluster", { clusterName: "big" });
    expect(seen).toMatchObject({ ...shown, name: "big", instanceSize: "M10", provider: "AWS" });
    const everywhere = (await call("atlas-list-clusters", {})).clusters;
    expect(everywhere).toHaveLength(3);
    expect(everywhere).toContainEqual({ clusterName: "m0", projectId, projectName: "shop" });
    expect(await unknownPaths(sandbox)).toEqual([]);
  });

  it("pauses and resumes a dedicated cluster, and is told why no other", async () => {
    const { projectId, use, clusters } = await inProject();
    const cluster = { clusterName: "big", provider: "AWS", regions: ["US_EAST_1"] };
    await use("atlas-create-cluster", cluster);
    await use("atlas-pause-resume-cluster", { clusterName: "big", action: "PAUSE" });
    expect(await clusters()).toMatchObject([{ name: "big", paused: true }]);
    await use("atlas-pause-resume-cluster", { clusterName: "big", action: "RESUME" });
    expect(await clusters()).toMatchObject([{ name: "big", paused: false }]);
    await use("atlas-create-free-cluster", { name: "m0" });
    const pause = { projectId, clusterName: "m0", action: "PAUSE" };
    const refused = await call("atlas-pause-resume-cluster", pause);
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain("Cannot update a M0/Flex cluster");
    expect(await unknownPaths(sandbox)).toEqual([]);
  });

  it("upgrades a free cluster to flex, that to a dedicated one, and scales it", async () => {
    const { use, clusters } = await inProject();
    await use("atlas-create-free-cluster", { name: "db" });
    await use("atlas-upgrade-cluster", { clusterName: "db", targetTier: "FLEX" });
    expect(await clusters()).toMatchObject([{ name: "db", instanceType: "FLEX" }]);
    await use("atlas-upgrade-cluster", { clusterName: "db", targetTier: "M10" });
    expect(await clusters()).toMatchObject([{ instanceType: "DEDICATED", instanceSize: "M10" }]);
    await use("atlas-upgrade-cluster", { clusterName: "db", targetTier: "M30" });
    expect(await clusters()).toMatchObject([{ name: "db", instanceSize: "M30" }]);
    expect(await unknownPaths(sandbox)).toEqual([]);
  });

  it("upgrades a free cluster to a dedicated one", async () => {
    const { use, clusters } = await inProject();
    await use("atlas-create-free-cluster", { name: "db" });
    await use("atlas-upgrade-cluster", { clusterName: "db", targetTier: "M10" });
    expect(await clusters()).toMatchObject([{ instanceType: "DEDICATED", instanceSize: "M10" }]);
  });

  it("loads sample data, as far as the sandbox tells", async () => {
    const { projectId, use } = await inProject();
    await use("atlas-create-free-cluster", { name: "db" });
    await use("atlas-load-sample-dataset", { clusterName: "db" });
    const { requests } = await sandbox.state();
    const path = `/groups/${projectId}/sampleDatasetLoad/db`;
    expect(requests.at(-1)).toMatchObject({ status: 201, path: expect.stringContaining(path) });
    expect(await unknownPaths(sandbox)).toEqual([]);
  });

  it("lists alerts: there are none", async () => {
    const { use } = await inProject();
    expect(await use("atlas-list-alerts", {})).toMatchObject({ alerts: [] });
    expect(await unknownPaths(sandbox)).toEqual([]);
  });

  const groupId = "0123456789abcdef01234567";
  it.each([
    ["atlas-get-performance-advisor", { clusterName: "none" }, "/performanceAdvisor/"],
    [
      "atlas-streams-discover",
      { action: "inspect-workspace", workspaceName: "none" },
      "/streams/none",
    ],
  ])("%s asks for what the page says is missing", async (tool, args, path) => {
    await sandbox.reset();
    await call(tool, { projectId: groupId, ...args });
    expect((await unknownPaths(sandbox)).join(" ")).toContain(path);
    expect(page).toContain(tool.replace(/^(atlas-streams)-.*/, "$1-"));
  });

  it.each([
    ["atlas-connect-cluster", { clusterName: "none" }],
    ["atlas-upgrade-cluster", { clusterName: "none", targetTier: "FLEX" }],
  ])("%s is told that there is no such cluster", async (tool, args) => {
    const { projectId } = await inProject();
    const { isError, text } = await call(tool, { projectId, ...args });
    expect(isError).toBe(true);
    expect(text).toContain("No cluster named none exists");
    expect(await unknownPaths(sandbox)).toEqual([]);
  });
});
