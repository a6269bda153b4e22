import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "../support/clients.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** The lines about requests to Atlas of a server that logs at this level and makes a project. */
const requestsAt = async (level: string) => {
  await sandbox.reset();
  const driver = await connect("v2 modern", {
    env: { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: level },
  });
  await driver.call("create_project", { name: "shop", orgId: sandbox.orgId });
  await driver.call("create_project", { name: "shop", orgId: "0".repeat(24) });
  await driver.close();
  const log = driver.stderr();
  const lines = log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return { log, lines: lines.filter(({ msg }) => msg === "request to Atlas") };
};

it("has a line for each request to Atlas at the level debug, without a secret", async () => {
  const { log, lines } = await requestsAt("debug");
  const said = lines.map(({ method, path, status }) => `${method} ${path} ${status}`);
  const groups = `/api/atlas/v2/orgs/${sandbox.orgId}/groups`;
  expect(said).toContain("POST /api/oauth/token 200");
  expect(said).toContain(`GET ${groups}?name=...&pageNum=1&itemsPerPage=500 200`);
  expect(said).toContain("POST /api/atlas/v2/groups 201");
  expect(lines.every(({ ms }) => Number.isInteger(ms))).toBe(true);
  expect(lines.some(({ status, errorCode }) => status >= 400 && errorCode)).toBe(true);
  for (const secret of [sandbox.clientSecret, "grant_type", "Bearer"])
    expect(log).not.toContain(secret);
});

it("has none at the level info", async () => {
  expect((await requestsAt("info")).lines).toEqual([]);
});
