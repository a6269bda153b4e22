/** Other programs do on the sandbox what they do on Atlas, and what they cannot is listed in docs/peers.md. */
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

  const groupId = "0123456789abcdef01234567";
  const dedicated = {
    ...{ clusterName: "big", provider: "AWS", regions: ["US_EAST_1"] },
    ...{ clusterType: "REPLICASET", instanceSize: "M10" },
  };
  it.each([
    ["atlas-list-clusters", {}, "/clusters"],
    ["atlas-create-free-cluster", { name: "free" }, "/clusters"],
    ["atlas-create-cluster", dedicated, "/encryptionAtRest"],
    ["atlas-pause-resume-cluster", { clusterName: "none", action: "PAUSE" }, "/clusters/none"],
    ["atlas-list-alerts", {}, "/alerts"],
    ["atlas-get-performance-advisor", { clusterName: "none" }, "/performanceAdvisor/"],
    ["atlas-load-sample-dataset", { clusterName: "none" }, "/sampleDatasetLoad/"],
    ["atlas-streams-discover", { action: "list-workspaces" }, "/streams"],
  ])("%s asks for what the page says is missing", async (tool, args, path) => {
    await sandbox.reset();
    const named = tool === "atlas-list-clusters" ? {} : { projectId: groupId };
    await call(tool, { ...named, ...args });
    expect((await unknownPaths(sandbox)).join(" ")).toContain(path);
    expect(page).toContain(tool.replace(/^(atlas-streams)-.*/, "$1-"));
  });

  it.each([
    ["atlas-connect-cluster", { clusterName: "none" }],
    ["atlas-upgrade-cluster", { clusterName: "none", targetTier: "FLEX" }],
  ])("%s finds no dedicated cluster, and nothing is unknown to the sandbox", async (tool, args) => {
    await sandbox.reset();
    const { isError } = await call(tool, { projectId: groupId, ...args });
    expect(isError).toBe(true);
    expect((await unknownPaths(sandbox)).join(" ")).not.toContain("/clusters/none");
    expect(page).toContain(tool);
  });
});
