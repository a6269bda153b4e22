import { beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { aws } from "../support/live-sandbox.ts";

const canary = {
  clientId: "mdb_sa_id_canary0000000000000001",
  clientSecret: "mdb_sa_sk_canary-Secret_000000000000000002",
  token: "canary.token.of.access.0003",
};
const basic = Buffer.from(`${canary.clientId}:${canary.clientSecret}`).toString("base64");
// Who has one of these can act in Atlas; the client id alone opens nothing, but is nobody's business either.
const secrets: [string, string][] = [
  ["client id", canary.clientId],
  ["client secret", canary.clientSecret],
  ["access token", canary.token],
  ["Basic header", basic],
];

const orgId = "a".repeat(24);
const groupId = "b".repeat(24);

type Misfortune = [what: string, status: number, body: unknown, headers?: Record<string, string>];

const error = (status: number, more: object) => ({ error: status, parameters: [], ...more });
const echo = `Bearer ${canary.token} of ${canary.clientId} with ${canary.clientSecret} (${basic})`;

const misfortunes: Misfortune[] = [
  ["an empty 401", 401, ""],
  ["a 401 with a challenge", 401, "", { "www-authenticate": `Digest realm="${echo}"` }],
  ["a plain 403", 403, error(403, { errorCode: "NEW_CODE", detail: "No." })],
  ["a 500 that echoes them in its detail", 500, error(500, { detail: echo })],
  [
    "a 400 that echoes them in its detail",
    400,
    error(400, { errorCode: "NEW_CODE", detail: echo }),
  ],
  [
    "a 403 that echoes them in its parameters",
    403,
    error(403, { errorCode: "IP_ADDRESS_NOT_ON_ACCESS_LIST", parameters: [echo] }),
  ],
  [
    "a 409 that echoes them in its reason",
    409,
    error(409, { errorCode: "NEW_CODE", reason: echo }),
  ],
  [
    "a 500 that echoes them in a header",
    500,
    error(500, { detail: "No." }),
    { "x-request-id": echo },
  ],
  ["HTML that echoes them", 503, `<p>${echo}</p>`, { "content-type": "text/html" }],
];

/** What a client and an operator get to see of calls that fail in this way. */
const seenOf = async (respond: Misfortune, tokenStatus: number): Promise<string> => {
  const [, status, body, headers] = respond;
  const fakeAtlas = await startFakeAtlas((seen, response) => {
    if (seen.path === "/api/oauth/token")
      return tokenStatus === 200
        ? json(response, 200, { access_token: canary.token, expires_in: 3600 })
        : json(response, tokenStatus, { error: "invalid_client", error_description: echo });
    if (seen.path.startsWith("/api/atlas/")) return json(response, status, body as object, headers);
    return undefined;
  });
  let driver: Driver | undefined;
  try {
    driver = await connect("v2 modern", {
      env: {
        MONGODB_ATLAS_BASE_URL: fakeAtlas.url,
        MONGODB_ATLAS_CLIENT_ID: canary.clientId,
        MONGODB_ATLAS_CLIENT_SECRET: canary.clientSecret,
        ATLAS_MCP_LOG_LEVEL: "debug",
      },
    });
    const calls: [string, object][] = [
      ["get_account", {}],
      ["list_projects", { orgId }],
      ["create_project", { name: "shop", orgId }],
      ["create_flex_cluster", { groupId, name: "db", providerSettings: aws }],
      ["get_flex_cluster", { groupId, name: "db" }],
    ];
    const results = await Promise.all(calls.map(([tool, args]) => driver?.call(tool, args)));
    for (const result of results) expect(result?.isError).toBe(true);
    await driver.close();
    return JSON.stringify(results) + driver.stderr();
  } finally {
    await driver?.close();
    await fakeAtlas.close();
  }
};

const refusedAccount = "a service account that is refused";
const shownAfter = new Map<string, string>();

beforeAll(async () => {
  const refused: Misfortune = [refusedAccount, 401, ""];
  const runs = [...misfortunes.map((one) => [one, 200] as const), [refused, 401] as const];
  await Promise.all(
    runs.map(async ([one, tokenStatus]) => {
      shownAfter.set(one[0], await seenOf(one, tokenStatus));
    }),
  );
}, 60_000);

describe.each([...misfortunes.map(([what]) => what), refusedAccount])("after %s", (what) => {
  const shown = () => shownAfter.get(what) ?? "";

  it("the calls failed and the log spoke, so that there is something to read", () => {
    expect(shown()).toContain('"status":"error"');
    expect(shown()).toContain('"msg":"call"');
  });

  it.each(secrets)("no result and no line on stderr holds the %s", (_what, value) => {
    expect(shown().includes(value)).toBe(false);
  });

  // Long texts are cut, and a cut may leave the greater part of a secret.
  it.each(secrets)("nor does one hold the greater part of the %s", (_what, value) => {
    const part = value.slice(0, Math.ceil(value.length * 0.55));
    expect(shown().includes(part)).toBe(false);
  });
});
