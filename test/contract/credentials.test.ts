import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type ToolResult } from "../support/clients.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

let sandbox: LiveSandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), "atlas-secrets-"));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** Creates a project with these credentials: a read and a change in one. */
const create = async (credentials: Record<string, string>): Promise<ToolResult> => {
  const env = { MONGODB_ATLAS_BASE_URL: sandbox.url, ...credentials };
  const driver = await connect("v2 modern", { env });
  try {
    await sandbox.reset();
    return await driver.call("create_project", { name: "shop", orgId: sandbox.orgId });
  } finally {
    await driver.close();
  }
};

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const ways: [string, () => Record<string, string>][] = [
  [
    "a service account",
    () => ({
      MONGODB_ATLAS_CLIENT_ID: sandbox.clientId,
      MONGODB_ATLAS_CLIENT_SECRET: sandbox.clientSecret,
    }),
  ],
  [
    "a service account under the official server's names",
    () => ({
      MDB_MCP_API_CLIENT_ID: sandbox.clientId,
      MDB_MCP_API_CLIENT_SECRET: sandbox.clientSecret,
    }),
  ],
  [
    "a service account from files that end with a line break",
    () => ({
      MONGODB_ATLAS_CLIENT_ID_FILE: file("id", `${sandbox.clientId}\n`),
      MONGODB_ATLAS_CLIENT_SECRET_FILE: file("secret", `${sandbox.clientSecret}\n`),
    }),
  ],
  [
    "an API key",
    () => ({
      MONGODB_ATLAS_PUBLIC_API_KEY: sandbox.publicKey,
      MONGODB_ATLAS_PRIVATE_API_KEY: sandbox.privateKey,
    }),
  ],
  [
    "an API key under its short names",
    () => ({
      MONGODB_ATLAS_PUBLIC_KEY: sandbox.publicKey,
      MONGODB_ATLAS_PRIVATE_KEY: sandbox.privateKey,
    }),
  ],
];

describe.each(ways)("%s", (_what, credentials) => {
  it("reaches the Atlas that the base URL names, and creates there", async () => {
    const { structured } = await create(credentials());
    expect(structured).toMatchObject({ status: "ok", backend: "atlas", outcome: "created" });
    const { projects } = await sandbox.state();
    expect(projects.map(({ id }) => id)).toEqual([structured.project.id]);
  });
});

describe.each([
  [
    "a service account",
    { MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_x", MONGODB_ATLAS_CLIENT_SECRET: "x" },
  ],
  ["an API key", { MONGODB_ATLAS_PUBLIC_API_KEY: "abcdefgh", MONGODB_ATLAS_PRIVATE_API_KEY: "x" }],
])("%s that Atlas does not know", (_what, credentials) => {
  it("is unauthenticated, and never falls back to the embedded sandbox", async () => {
    const { structured } = await create(credentials);
    expect(structured).toMatchObject({
      status: "error",
      backend: "atlas",
      error: { code: "unauthenticated", outcome: "not_created", retry: "after_fix" },
    });
  });
});
