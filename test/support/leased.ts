/** Projects and clusters with leases, made and changed in a sandbox behind the program's back. */
import type { Sandbox } from "@atlas-provision-mcp/sandbox";
import { inSeconds, leaseKey, leaseTag } from "../../src/atlas/resources/lease.ts";
import { aws } from "./live-sandbox.ts";

type Made = Record<string, any>;

export const hour = 3_600_000;

/** A tag whose value is as given. */
export const rawTag = (value: string) => ({ key: leaseKey, value });

const projectLease = (orgId: string, name: string, at: number) =>
  leaseTag({ kind: "project", parentId: orgId, name }, inSeconds(at));

export const clusterLease = (groupId: string, name: string, at: number) =>
  leaseTag({ kind: "flexCluster", parentId: groupId, name }, inSeconds(at));

type Tags = { key: string; value: string }[];

/** What a test does in Atlas as somebody else. `now` is the time of the sandbox. */
export const somebodyElse = (
  sandbox: Pick<Sandbox, "url" | "clientId" | "clientSecret" | "orgId">,
  now: () => number = Date.now,
) => {
  let token = "";
  const mint = async () => {
    const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString("base64");
    const answer = await fetch(`${sandbox.url}/api/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    token = ((await answer.json()) as { access_token: string }).access_token;
  };
  const send = async (method: string, path: string, body?: object, again = true): Promise<Made> => {
    if (token === "") await mint();
    const answer = await fetch(`${sandbox.url}/api/atlas/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.atlas.2025-03-12+json",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 401 && again) {
      await mint();
      return send(method, path, body, false);
    }
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as Made);
  };
  const { orgId } = sandbox;
  const cluster = (groupId: string, name: string, tags: Tags = [], more: object = {}) =>
    send("POST", `/groups/${groupId}/flexClusters`, { name, providerSettings: aws, tags, ...more });
  const project = async (name: string, tags: Tags = []): Promise<string> =>
    (await send("POST", "/groups", { name, orgId, tags })).id;
  return {
    send,
    project,
    cluster,
    /** With a lease that ends so many hours from now. */
    leasedProject: (name: string, hours: number) =>
      project(name, [projectLease(orgId, name, now() + hours * hour)]),
    leasedCluster: (groupId: string, name: string, hours: number, more: object = {}) =>
      cluster(groupId, name, [clusterLease(groupId, name, now() + hours * hour)], more),
    changeCluster: (groupId: string, name: string, body: object) =>
      send("PATCH", `/groups/${groupId}/flexClusters/${name}`, body),
    changeProject: (groupId: string, body: object) => send("PATCH", `/groups/${groupId}`, body),
    deleteCluster: (groupId: string, name: string) =>
      send("DELETE", `/groups/${groupId}/flexClusters/${name}`),
  };
};
