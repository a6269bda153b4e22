/** The lines for curl on the documentation's pages on creating a project and a flex cluster, with another host and real values. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programEnv, runCommand } from "../support/bundle.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

let sandbox: LiveSandbox;
let variables: Record<string, string>;
beforeAll(async () => {
  sandbox = await startSandbox({ provisionMs: 200 });
  const { publicKey: PUBLIC_KEY, privateKey: PRIVATE_KEY } = sandbox;
  variables = { PUBLIC_KEY, PRIVATE_KEY, ACCESS_TOKEN: await accessToken() };
});
afterAll(() => sandbox?.close());

/** Runs a line in a shell, against the sandbox. */
const run = async (line: string, env: Record<string, string> = variables): Promise<string> => {
  const script = line.replaceAll("https://cloud.mongodb.com", sandbox.url);
  const { code, stdout, stderr } = await runCommand("bash", ["-c", script], programEnv(env));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};

/** https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/ */
const accessToken = async (): Promise<string> => {
  const basic = btoa(`${sandbox.clientId}:${sandbox.clientSecret}`);
  const answer = await run(`curl --request POST \\
     --url https://cloud.mongodb.com/api/oauth/token \\
     --header 'accept: application/json' \\
     --header 'cache-control: no-cache' \\
     --header 'authorization: Basic ${basic}' \\
     --header 'content-type: application/x-www-form-urlencoded' \\
     --data 'grant_type=client_credentials'`);
  const { access_token, expires_in, token_type } = JSON.parse(answer);
  expect({ expires_in, token_type }).toEqual({ expires_in: 3600, token_type: "Bearer" });
  return access_token;
};

/** What the pages put before the headers. */
const credentials = {
  bearer: `curl --include --header "Authorization: Bearer \${ACCESS_TOKEN}" \\`,
  digest: `curl --user "\${PUBLIC_KEY}:\${PRIVATE_KEY}" \\
  --digest --include \\`,
};

type Answer = { status: number; headers: string; body: any };

/** The last response in what `--include` prints: Digest begins with a 401. */
const parse = (printed: string): Answer => {
  const parts = printed.split("\r\n\r\n");
  const body = parts.pop() ?? "";
  const headers = parts.pop() ?? "";
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1]);
  return { status, headers, body: body === "" ? undefined : JSON.parse(body) };
};

const v2023 = "2023-01-01";
const v2025 = "2025-03-12";

describe.each(Object.entries(credentials))("curl with %s", (kind, start) => {
  const post = async (version: string, path: string, payload: object): Promise<Answer> =>
    parse(
      await run(`${start}
  --header "Accept: application/vnd.atlas.${version}+json" \\
  --header "Content-Type: application/json" \\
  -X POST "https://cloud.mongodb.com/api/atlas/v2${path}" \\
  -d '${JSON.stringify(payload)}'`),
    );
  const request = async (method: string, version: string, path: string): Promise<Answer> =>
    parse(
      await run(`${start}
  --header "Accept: application/vnd.atlas.${version}+json" \\
  -X ${method} "https://cloud.mongodb.com/api/atlas/v2${path}"`),
    );
  const name = `shop-${kind}`;
  const tags = [{ key: "team", value: "checkout" }];
  const project = () => ({ name, orgId: sandbox.orgId, tags, withDefaultAlertsSettings: true });
  const cluster = { name: "db", providerSettings: aws, tags, terminationProtectionEnabled: false };
  let groupId: string;
  beforeAll(async () => {
    groupId = (await post(v2023, "/groups", { ...project(), name: `other-${kind}` })).body.id;
  });

  it("creates a project and a flex cluster, waits for it, and deletes both", async () => {
    const created = await post(v2023, "/groups", project());
    expect(created).toMatchObject({ status: 201, body: { ...project(), clusterCount: 0 } });
    expect(created.headers).toContain(`application/vnd.atlas.${v2023}+json`);
    const clusters = `/groups/${created.body.id}/flexClusters`;

    const flex = await post(v2025, clusters, cluster);
    expect(flex).toMatchObject({ status: 201, body: { ...cluster, stateName: "CREATING" } });
    const read = () => request("GET", v2025, `${clusters}/db`);
    await expect.poll(async () => (await read()).body.stateName, { timeout: 10_000 }).toBe("IDLE");
    // The members of the page's example but for `links` (docs/atlas.md#flex-clusters).
    expect(Object.keys((await read()).body).toSorted()).toEqual([
      ...["backupSettings", "clusterType", "connectionStrings", "createDate", "groupId", "id"],
      ...["mongoDBVersion", "name", "providerSettings", "stateName", "tags"],
      ...["terminationProtectionEnabled", "versionReleaseSystem"],
    ]);

    expect((await request("DELETE", v2025, `${clusters}/db`)).status).toBe(204);
    await expect.poll(async () => (await read()).status, { timeout: 10_000 }).toBe(404);
    const deleted = await request("DELETE", v2023, `/groups/${created.body.id}`);
    expect(deleted.status).toBe(202);
  });

  it("gets the errors that the pages show", async () => {
    const twice = await post(v2023, "/groups", { ...project(), name: `other-${kind}` });
    expect(twice).toMatchObject({ status: 409, body: { errorCode: "GROUP_ALREADY_EXISTS" } });
    const badBody = await post(v2023, "/groups", { name });
    expect(badBody).toMatchObject({ status: 400, body: { error: 400, reason: "Bad Request" } });
    const unknown = await post(v2025, "/groups/32b6e34b3d91647abb20e7b8/flexClusters", cluster);
    expect(unknown).toMatchObject({ status: 404, body: { errorCode: "GROUP_NOT_FOUND" } });
    const wrong = { ACCESS_TOKEN: "none", PUBLIC_KEY: "none", PRIVATE_KEY: "none" };
    const path = "https://cloud.mongodb.com/api/atlas/v2/groups";
    const line = `${start}\n --header "Accept: application/vnd.atlas.${v2023}+json" "${path}"`;
    expect(await run(line, wrong)).toMatch(/^HTTP\/1\.1 401 (.|\r|\n)*$/);
  });

  it("sends the pages' parameters", async () => {
    const clusters = `/groups/${groupId}/flexClusters`;
    const { body } = await post(v2025, `${clusters}?envelope=true&pretty=true`, cluster);
    expect(body).toMatchObject({ status: 201, content: { name: "db" } });
    const owner = "32b6e34b3d91647abb20e7b8";
    const owned = { ...project(), name: `owned-${kind}` };
    const created = await post(v2023, `/groups?projectOwnerId=${owner}`, owned);
    expect(created).toMatchObject({ status: 201, body: owned });
  });
});
