/** A fake Atlas that accepts every create and keeps exactly what arrived. */
import type { Clock } from "../../src/common/deadline.ts";
import { connect, type Driver } from "../support/clients.ts";
import { type FakeAtlas, json, type Seen, startFakeAtlas } from "../support/fake-atlas.ts";

export const orgId = "aaaaaaaaaaaaaaaaaaaaaaaa";
export const groupId = "bbbbbbbbbbbbbbbbbbbbbbbb";
const token = "token-of-the-recording";
const cluster = { id: "cccccccccccccccccccccccc", stateName: "IDLE", groupId };

export type Recording = FakeAtlas & {
  token: string;
  driver: Driver;
  env: Record<string, string>;
  /** The creates that arrived. */
  posts(): Seen[];
};

/** Starts it, with a client of the bundle that is connected to it. */
export const startRecording = async (clock?: Clock): Promise<Recording> => {
  const fakeAtlas = await startFakeAtlas((seen, response) => {
    const { pathname } = new URL(seen.path, "http://atlas.invalid");
    if (seen.path === "/api/oauth/token")
      return json(response, 200, { access_token: token, expires_in: 3600, token_type: "Bearer" });
    if (seen.method === "POST" && pathname === "/api/atlas/v2/groups")
      return json(response, 201, { id: groupId, ...JSON.parse(seen.body) });
    if (seen.method === "POST" && pathname.endsWith("/flexClusters"))
      return json(response, 201, { ...cluster, ...JSON.parse(seen.body) });
    if (pathname.endsWith("/groups")) return json(response, 200, { results: [], totalCount: 0 });
    if (/\/flexClusters\/[^/]+$/.test(pathname))
      return json(response, 404, { error: 404, errorCode: "CLUSTER_NOT_FOUND", detail: "None." });
    return undefined;
  });
  const env = {
    MONGODB_ATLAS_BASE_URL: fakeAtlas.url,
    MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_recording",
    MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_recording",
  };
  return {
    ...fakeAtlas,
    token,
    env,
    driver: await connect("v2 modern", { env, clock }),
    posts: () => fakeAtlas.api().filter((one) => one.method === "POST"),
  };
};
