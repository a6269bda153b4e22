/** An imitation of Atlas's two routes of ephemeral clusters, from their documentation, which shares nothing with the sandbox. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type FakeAtlas, json, type Seen, startFakeAtlas } from "./fake-atlas.ts";
import { recordSecret } from "./output-record.ts";

export const terms = "Whoever uses this agrees to the terms of this imitation.";

/** A cluster, with its secrets. */
export type Made = {
  clusterName: string;
  clusterId: string;
  password: string;
  claimId: string;
  claimUrl: string;
  connectionString: string;
  host: string;
  status: "PROVISIONING" | "ACTIVE" | "PAUSED";
  expiresAt: string;
};

/** What happens to the next create instead of an ordinary answer. */
export type Instead = (made: () => Made, response: ServerResponse) => boolean;

export type EphemeralAtlas = FakeAtlas & {
  clusters: Map<string, Made>;
  /** What the next requests get; with none, an ordinary answer. */
  next: Instead[];
  /** Everything that nobody may see. */
  secrets(): string[];
};

const canary = (what: string) => `canary-${what}-${randomBytes(9).toString("hex")}`;

const viewOf = (made: Made, connectionString: string) => ({
  claimUrl: made.claimUrl,
  clusterId: made.clusterId,
  connectionString,
  expiresAt: made.expiresAt,
  status: made.status,
  termsOfService: terms,
});

const dayMs = 86_400_000;

const secretsOf = ({ clusterId, password, claimId }: Made) => [
  clusterId,
  password,
  decodeURIComponent(password),
  claimId,
];

export type EphemeralOptions = {
  /** Milliseconds until it is paused. */
  lifetimeMs?: number;
  /** What follows the user name in connection strings, percent-encoded as in any URI. */
  password?: () => string;
  status?: Made["status"];
  /** The connection string; by default one of a host that does not exist. */
  uri?: (password: string, host: string) => string;
};

export const startEphemeralAtlas = async ({
  lifetimeMs = 2 * dayMs,
  password = () => canary("password"),
  status = "PROVISIONING",
  uri = (secret, host) => `mongodb+srv://user-1:${secret}@${host}/`,
}: EphemeralOptions = {}): Promise<EphemeralAtlas> => {
  const clusters = new Map<string, Made>();
  const next: Instead[] = [];
  const make = (clusterName: string): Made => {
    const [clusterId, secret, claimId] = [canary("id"), password(), canary("claim")];
    const host = `${clusterName.toLowerCase()}.${randomBytes(3).toString("hex")}.mongodb.example`;
    const made: Made = {
      clusterName,
      clusterId,
      password: secret,
      claimId,
      claimUrl: `https://account.example/account/register?claimId=${claimId}`,
      connectionString: uri(secret, host),
      host,
      status,
      expiresAt: `${new Date(Date.now() + lifetimeMs).toISOString().slice(0, 19)}Z`,
    };
    for (const one of secretsOf(made)) recordSecret(one);
    clusters.set(clusterId, made);
    return made;
  };
  const limits = { "RateLimit-Limit": "10", "RateLimit-Remaining": "9" };
  const create = ({ body }: Seen, response: ServerResponse) => {
    const { clusterName = "Cluster0" } = JSON.parse(body || "{}");
    const instead = next.shift();
    if (instead !== undefined) return instead(() => make(clusterName), response);
    const made = make(clusterName);
    return json(response, 201, viewOf(made, made.connectionString), limits);
  };
  const look = ({ path }: Seen, response: ServerResponse) => {
    const instead = next.shift();
    const made = clusters.get(decodeURIComponent(path.split("/").at(-1) ?? ""));
    if (instead !== undefined && made !== undefined) return instead(() => made, response);
    if (made === undefined)
      return json(response, 404, {
        error: 404,
        errorCode: "RESOURCE_NOT_FOUND",
        // As careless as an answer can be.
        detail: `Cannot find ephemeral cluster ${path.split("/").at(-1)}.`,
        reason: "Not Found",
      });
    return json(
      response,
      200,
      viewOf(made, made.connectionString.replace(made.password, "<password>")),
      limits,
    );
  };
  const atlas = await startFakeAtlas((seen, response) => {
    if (seen.method === "POST" && seen.path === "/api/atlas/v2/unauth/ephemeralClusters:create")
      return create(seen, response);
    if (seen.method === "GET" && seen.path.startsWith("/api/atlas/v2/unauth/ephemeralClusters/"))
      return look(seen, response);
    return undefined;
  });
  return { ...atlas, clusters, next, secrets: () => [...clusters.values()].flatMap(secretsOf) };
};

/** An error as Atlas sends it. */
export const refuse =
  (status: number, errorCode: string, headers: Record<string, string> = {}): Instead =>
  (_made, response) =>
    json(
      response,
      status,
      { error: status, errorCode, detail: `It is ${errorCode}.`, reason: "No", parameters: [] },
      headers,
    );

/** The cluster is made, and its answer is lost. */
export const lose: Instead = (made, response) => {
  made();
  response.destroy();
  return true;
};

/** Something on the way answers. */
export const portal: Instead = (_made, response) => json(response, 200, "<html>Log in</html>");
