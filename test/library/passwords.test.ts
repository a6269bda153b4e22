import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSandbox, createServer } from "../../src/index.ts";

/** An empty folder that is the home of this process during the test, and the place for its data. */
const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  const before = process.env;
  process.env = { ...before, HOME: home, XDG_DATA_HOME: "" };
  onTestFinished(() => {
    process.env = before;
    rmSync(home, { recursive: true });
  });
  return home;
};

const open = async (env: Record<string, string>) => {
  const server = await createServer({ env: { ATLAS_MCP_CONFIRM: "never", ...env } });
  onTestFinished(() => server.close());
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(near);
  const call = async (name: string, args: Record<string, unknown>): Promise<any> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  return { server, call };
};

type Opened = Awaited<ReturnType<typeof open>>;

/** Makes a project and a database user in it; resolves to the file of the user's password. */
const makeUser = async ({ call }: Opened): Promise<string> => {
  const [{ id: orgId }] = (await call("get_account", {})).organizations;
  const { project } = await call("create_project", { name: "shop", orgId });
  const user = await call("create_database_user", { groupId: project.id, username: "app" });
  expect(user).toMatchObject({ outcome: "created", credentialsFile: expect.any(String) });
  expect(existsSync(user.credentialsFile)).toBe(true);
  return user.credentialsFile;
};

describe("passwords that the library makes on a sandbox", () => {
  it.each([
    ["its own", async () => ({})],
    [
      "one of createSandbox",
      async () => {
        const sandbox = await createSandbox({ provisionMs: 0 });
        onTestFinished(() => sandbox.close());
        return sandbox.env;
      },
    ],
  ])("go with the server and leave nobody's home touched (%s)", async (_which, envOf) => {
    const home = newHome();
    const opened = await open(await envOf());
    const file = await makeUser(opened);
    expect(file.startsWith(join(tmpdir(), "atlas-provision-mcp-"))).toBe(true);
    await opened.server.close();
    expect(existsSync(join(file, "..", ".."))).toBe(false);
    expect(readdirSync(home)).toEqual([]);
  });

  it("stay in the folder that is given", async () => {
    const home = newHome();
    const folder = join(home, "given");
    const opened = await open({ ATLAS_MCP_CREDENTIALS_DIR: folder });
    const file = await makeUser(opened);
    await opened.server.close();
    expect([file.startsWith(folder), existsSync(file)]).toEqual([true, true]);
    expect(readdirSync(home)).toEqual(["given"]);
  });

  it("are of two servers in two folders", async () => {
    newHome();
    const [one, two] = [await open({}), await open({})];
    const [first, second] = [await makeUser(one), await makeUser(two)];
    await one.server.close();
    expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  });

  it("include the secrets of ephemeral clusters", async () => {
    const home = newHome();
    const opened = await open({});
    const made = await opened.call("create_ephemeral_cluster", { clusterName: "try" });
    expect(made).toMatchObject({ outcome: "created" });
    expect(existsSync(made.credentialsFile)).toBe(true);
    await opened.server.close();
    expect([existsSync(made.credentialsFile), readdirSync(home)]).toEqual([false, []]);
  });
});
