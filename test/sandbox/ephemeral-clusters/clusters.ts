import type { SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { type Harness, send, start, type TestResponse } from "../harness.ts";

export const preview = "application/vnd.atlas.preview+json";
export const dayMs = 86_400_000;

/** A sandbox and requests to it that carry no credentials. */
export type Ephemeral = Harness & {
  ask(method: string, path: string, init?: RequestInit): Promise<TestResponse>;
  create(body?: unknown): Promise<TestResponse>;
  read(clusterId: string, accept?: string): Promise<TestResponse>;
};

/** Starts a sandbox that the running test closes. */
export const startEphemeral = async (options: SandboxOptions = {}): Promise<Ephemeral> => {
  const harness = await start(options);
  const ask: Ephemeral["ask"] = (method, path, init) =>
    send(`${harness.base}/api/atlas/v2/unauth/ephemeralClusters${path}`, {
      method,
      headers: { Accept: preview },
      ...init,
    });
  return {
    ...harness,
    ask,
    create: (body) =>
      body === undefined
        ? ask("POST", ":create")
        : ask("POST", ":create", {
            headers: { Accept: preview, "Content-Type": "application/json" },
            body: typeof body === "string" ? body : JSON.stringify(body),
          }),
    read: (clusterId, accept = preview) =>
      ask("GET", `/${clusterId}`, { headers: { Accept: accept } }),
  };
};

/** The parts of a connection string. */
export const partsOf = (response: TestResponse) => {
  const uri = response.string("connectionString");
  const found = /^mongodb\+srv:\/\/([^:@/]+):([^:@/]+)@([^/]+)\/$/.exec(uri);
  if (found === null) throw new Error(`No connection string: ${uri}`);
  const [, username = "", password = "", host = ""] = found;
  return { username, password, host };
};
