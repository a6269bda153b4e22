import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { connect, type Driver, type DriverOptions, type Kind } from "../support/clients.ts";
import { rpcCodeOf } from "../support/contract.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { callTool, serveHttp } from "../support/http.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";
import { bearer, mint, tokenFile } from "../support/token-file.ts";

const passwords = passwordsFolder();
const groupId = "b".repeat(24);

const using = async <T>(
  kind: Kind,
  options: DriverOptions,
  use: (driver: Driver) => Promise<T>,
): Promise<T> => {
  const driver = await connect(kind, options);
  try {
    return await use(driver);
  } finally {
    await driver.close();
  }
};

const on = ({ url }: { url: string }): DriverOptions => ({
  env: {
    ...passwords.env,
    MONGODB_ATLAS_BASE_URL: url,
    MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_first",
    MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_first",
  },
});

it("a password is on disk when its request leaves, and is the one that is sent", async () => {
  let onDisk: string | undefined;
  let sent: string | undefined;
  const fakeAtlas = await startFakeAtlas(({ method, path, body }, response) => {
    if (path.endsWith("/databaseUsers/admin/app"))
      return json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
    if (method !== "POST" || !path.endsWith("/databaseUsers")) return undefined;
    const file = passwords.pathOf(groupId, "app");
    onDisk = existsSync(file) ? parseEnv(readFileSync(file, "utf8")).MONGODB_PASSWORD : "no file";
    sent = JSON.parse(body).password;
    return json(response, 201, { groupId, username: "app", databaseName: "admin", roles: [] });
  });
  const { structured } = await using("v2 modern", on(fakeAtlas), (driver) =>
    driver.call("create_database_user", { groupId, username: "app" }),
  );
  await fakeAtlas.close();
  expect(structured).toMatchObject({ status: "ok", outcome: "created" });
  expect(sent).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(onDisk).toBe(sent);
});

it("a password stays on file after a 400 that nobody can explain: Atlas has acted on such requests", async () => {
  const sent: string[] = [];
  const fakeAtlas = await startFakeAtlas(({ method, path, body }, response) => {
    if (path.endsWith("/databaseUsers/admin/late"))
      return json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
    if (method !== "POST" || !path.endsWith("/databaseUsers")) return undefined;
    sent.push(JSON.parse(body).password);
    return json(response, 400, { error: 400, errorCode: "VALIDATION_ERROR" });
  });
  const { structured } = await using("v2 modern", on(fakeAtlas), (driver) =>
    driver.call("create_database_user", { groupId, username: "late" }),
  );
  await fakeAtlas.close();
  expect(structured.error).toMatchObject({ code: "invalid_input", outcome: "not_created" });
  const file = parseEnv(readFileSync(passwords.pathOf(groupId, "late"), "utf8"));
  expect([file.MONGODB_PASSWORD]).toEqual(sent);
});

describe("over HTTP, where callers may be on other machines, create_database_user", () => {
  const unset = { env: { ATLAS_MCP_CREDENTIALS_DIR: "" } };
  const named = { ...unset, args: ["--credentials-dir", passwords.folder] };
  const offered = async (driver: Driver) => (await driver.listTools()).map(({ name }) => name);

  it.each(["v1 over http", "v2 modern over http"] as const)(
    "is not offered to %s without a folder that the operator names, and get_account says why",
    (kind) =>
      using(kind, unset, async (driver) => {
        expect(await offered(driver)).not.toContain("create_database_user");
        const { switchedOff } = (await driver.call("get_account")).structured;
        const reason = expect.stringContaining("ATLAS_MCP_CREDENTIALS_DIR");
        expect(switchedOff).toEqual([
          { tool: "create_database_user", reason },
          { tool: "create_ephemeral_cluster", reason },
          { tool: "get_ephemeral_cluster", reason },
        ]);
        const call = driver.call("create_database_user", { groupId, username: "app" });
        expect(await rpcCodeOf(call)).toBe(-32602);
      }),
  );

  it("is offered with --credentials-dir, and keeps passwords there", () =>
    using("v2 modern over http", named, async (driver) => {
      expect(await offered(driver)).toContain("create_database_user");
      const { organizations, switchedOff } = (await driver.call("get_account")).structured;
      expect(switchedOff).toEqual([]);
      const orgId = organizations[0].id;
      const { project } = (await driver.call("create_project", { name: "shop", orgId })).structured;
      const args = { groupId: project.id, username: "app" };
      const { structured } = await driver.call("create_database_user", args);
      expect(structured.credentialsFile).toBe(passwords.pathOf(project.id, "app"));
      expect(passwords.has(project.id, "app")).toBe(true);
    }));

  it.each([
    [
      "at its public URL",
      ["--public-url", "https://mcp.example.com"],
      "https://mcp.example.com/mcp",
    ],
    ["at an address that the caller knows", [], "URL"],
  ])(
    "tells a caller with a token how its application gets the password, %s",
    async (_how, more, url) => {
      const { token, entry } = await mint("alice");
      const file = tokenFile(entry);
      const args = [...named.args, "--tokens", file.path, ...more];
      const server = await serveHttp(args, unset.env);
      const call = async (name: string, given: object) =>
        (await callTool(server.url, "2026", name, given, bearer(token))).result.structuredContent;
      const { organizations } = await call("get_account", {});
      const { project } = await call("create_project", {
        name: "shop",
        orgId: organizations[0].id,
      });
      const made = await call("create_database_user", { groupId: project.id, username: "it's me" });
      await server.end();
      file.remove();
      expect(made.use).toBe(
        `atlas-provision-mcp env --server ${url} --token-file FILE --project ${project.id} --user 'it'\\''s me'`,
      );
    },
  );

  it("is offered over stdio without it: the caller is whoever started the server", () =>
    using("v2 modern", unset, async (driver) => {
      expect(await offered(driver)).toContain("create_database_user");
    }));
});
