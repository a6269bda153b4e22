import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { programEnv, runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { load, loadApiClient } from "./tools.ts";

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const v2023 = "application/vnd.atlas.2023-01-01+json";
const v2024 = "application/vnd.atlas.2024-11-13+json";

/** What one client needs to do: create, and give the answer's body. */
type Creator = {
  project(name: string): Promise<any>;
  cluster(groupId: string, name: string): Promise<any>;
};

const post = async (path: string, accept: string, body: object): Promise<any> => {
  const { stdout, code } = await runCommand(
    "curl",
    [
      ...["--silent", "--fail-with-body", "--digest"],
      ...["--user", `${sandbox.publicKey}:${sandbox.privateKey}`],
      ...["--header", `Accept: ${accept}`, "--header", "Content-Type: application/json"],
      ...["--data", JSON.stringify(body), `${sandbox.url}/api/atlas/v2${path}`],
    ],
    programEnv(),
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\{/) });
  return JSON.parse(stdout);
};

const curl = async (): Promise<Creator> => ({
  project: (name) => post("/groups", v2023, { name, orgId: sandbox.orgId }),
  cluster: (groupId, name) =>
    post(`/groups/${groupId}/flexClusters`, v2024, { name, providerSettings: aws }),
});

/** The npm client has no flex clusters: for those, the HTTP client beneath it. */
const npmClient = async (): Promise<Creator> => {
  const getClient = await loadApiClient();
  const { request } = await load("urllib");
  const { publicKey, privateKey } = sandbox;
  const baseUrl = `${sandbox.url}/api/atlas/v2`;
  const client = getClient({ publicKey, privateKey, baseUrl, projectId: "none" });
  const headers = (accept: string) => ({ Accept: accept, "Content-Type": "application/json" });
  return {
    project: (name) =>
      client.project.create(
        { name, orgId: sandbox.orgId },
        { httpOptions: { method: "POST", headers: headers(v2023) } },
      ),
    cluster: async (groupId, name) => {
      const { status, data } = await request(`${baseUrl}/groups/${groupId}/flexClusters`, {
        method: "POST",
        digestAuth: `${publicKey}:${privateKey}`,
        headers: headers(v2024),
        data: { name, providerSettings: aws },
        dataType: "json",
      });
      expect(status).toBe(201);
      return data;
    },
  };
};

/** Our own bundle, with a service account. */
const ours = async (): Promise<Creator> => {
  const tell = async (tool: string, args: object): Promise<any> => {
    const driver = await connect("v2 modern", { env: sandbox.env });
    try {
      return (await driver.call(tool, args)).structured;
    } finally {
      await driver.close();
    }
  };
  return {
    project: async (name) => (await tell("create_project", { name, orgId: sandbox.orgId })).project,
    cluster: async (groupId, name) =>
      (await tell("create_flex_cluster", { groupId, name, providerSettings: aws })).cluster,
  };
};

describe.each([
  ["curl --digest", curl],
  ["mongodb-atlas-api-client", npmClient],
  ["a service-account client, our own,", ours],
])("%s", (_name, open) => {
  it("creates a project and a flex cluster on the sandbox", async () => {
    const client = await open();
    const project = await client.project("shop");
    expect(project).toMatchObject({ name: "shop", orgId: sandbox.orgId, clusterCount: 0 });
    const cluster = await client.cluster(project.id, "db");
    expect(cluster).toMatchObject({ name: "db", groupId: project.id, providerSettings: aws });
    const { projects, clusters } = await sandbox.state();
    expect(projects.map(({ id }) => id)).toEqual([project.id]);
    expect(clusters.map(({ id }) => id)).toEqual([cluster.id]);
  });
});
