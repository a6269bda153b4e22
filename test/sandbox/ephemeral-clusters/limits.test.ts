import { expect, test } from "vitest";
import { dayMs, type Ephemeral, startEphemeral } from "./clusters.ts";

const limitsOf = ({ headers }: { headers: Headers }) => [
  headers.get("ratelimit-limit"),
  headers.get("ratelimit-remaining"),
];

const createMany = async ({ create, control }: Ephemeral, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    if (n > 0 && n % 5 === 0) await control("POST", "/clock", { advanceMs: 60_000 });
    expect((await create()).status).toBe(201);
  }
};

test("creates and reads show their limits, and a read does not count as a create", async () => {
  const { create, read } = await startEphemeral();
  const created = await create();
  expect(limitsOf(created)).toEqual(["10", "9"]);
  expect(limitsOf(await read(created.string("clusterId")))).toEqual(["1200", "1199"]);
  expect(limitsOf(await create())).toEqual(["10", "8"]);
});

test("a caller's own limit is a 429 with Retry-After, and ends with the next minute", async () => {
  const { control, create } = await startEphemeral();
  for (let n = 0; n < 10; n += 1) await create();
  await control("POST", "/clock", { advanceMs: 15_000 });
  const response = await create();
  expect([response.status, response.at("errorCode")]).toEqual([429, "RATE_LIMITED_TOKEN_BUCKET"]);
  expect(response.headers.get("retry-after")).toBe("45");
  expect(response.at("parameters")).toEqual([
    "api/atlas/v2/unauth/ephemeralClusters:create",
    45,
    10,
    5,
    60,
  ]);
  await control("POST", "/clock", { advanceMs: 45_000 });
  expect(limitsOf(await create())).toEqual(["10", "4"]);
});

test("the limit is the address's, whatever credentials come with the request", async () => {
  const { ask, create } = await startEphemeral();
  await create();
  const headers = {
    Accept: "application/vnd.atlas.preview+json",
    Authorization: "Bearer another",
  };
  expect(limitsOf(await ask("POST", ":create", { headers }))).toEqual(["10", "8"]);
});

test("the limit that all share is a 429 without Retry-After, until a cluster is deleted", async () => {
  const ephemeral = await startEphemeral();
  const { control, create } = ephemeral;
  await createMany(ephemeral, 100);
  await control("POST", "/clock", { advanceMs: 60_000 });
  const response = await create();
  expect(response.headers.get("retry-after")).toBeNull();
  expect(response.at()).toEqual({
    detail:
      "Resource /api/atlas/v2/unauth/ephemeralClusters:create is limited to 100 requests every 10080 minutes.",
    error: 429,
    errorCode: "RATE_LIMITED",
    parameters: ["/api/atlas/v2/unauth/ephemeralClusters:create", 100, 10080],
    reason: "Too Many Requests",
  });
  // Paused clusters still count.
  await control("POST", "/clock", { advanceMs: 2 * dayMs });
  expect((await create()).status).toBe(429);
  await control("POST", "/clock", { advanceMs: 5 * dayMs });
  expect((await create()).status).toBe(201);
});

test("a wrong name is refused as such, although there is no room", async () => {
  const ephemeral = await startEphemeral();
  await createMany(ephemeral, 100);
  await ephemeral.control("POST", "/clock", { advanceMs: 60_000 });
  expect((await ephemeral.create({ clusterName: "-" })).status).toBe(400);
});

test("without rate limits the shared one stays: it counts clusters, not requests", async () => {
  const { create } = await startEphemeral({ rateLimits: false });
  for (let n = 0; n < 100; n += 1) await create();
  expect((await create()).status).toBe(429);
});
