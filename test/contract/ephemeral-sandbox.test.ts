import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, connectTo, type Driver } from "../support/clients.ts";
import { serveHttp } from "../support/http.ts";
import { startSandbox } from "../support/live-sandbox.ts";
import { bearer, mint, tokenFile } from "../support/token-file.ts";

const newFolder = (): string => {
  const home = mkdtempSync(join(tmpdir(), "ephemeral-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, "credentials");
};

const open = async (env: Record<string, string> = {}): Promise<Driver> => {
  const driver = await connect("v2 modern", {
    env: { ATLAS_MCP_CREDENTIALS_DIR: newFolder(), ...env },
  });
  onTestFinished(() => driver.close());
  return driver;
};

describe("an ephemeral cluster without an account, and without the operator's leave", () => {
  it("is one of the embedded sandbox, about which nobody is asked", async () => {
    const { call } = await open({ ATLAS_MCP_CONFIRM: "auto" });
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured).toMatchObject({
      backend: "sandbox",
      outcome: "created",
      cluster: { name: "Cluster0", status: "PROVISIONING" },
      receipt: { approver: "not_needed" },
    });
    expect(structured.host).toMatch(/\.invalid$/);
    expect(structured.note).toContain("Nothing of it is real");
    const { MONGODB_URI = "" } = parseEnv(readFileSync(structured.credentialsFile, "utf8"));
    expect(new URL(MONGODB_URI).hostname).toBe(structured.host);
    const account = (await call("get_account")).structured;
    expect(account).toMatchObject({ ephemeral: { on: true, backend: "sandbox" } });
  });

  it("that another process has made is not found, and why is said", async () => {
    const env = { ATLAS_MCP_CREDENTIALS_DIR: newFolder() };
    const first = await open(env);
    await first.call("create_ephemeral_cluster", {});
    const next = await open(env);
    const { structured } = await next.call("get_ephemeral_cluster", { clusterName: "Cluster0" });
    expect(structured.error).toMatchObject({ code: "not_found" });
    expect(structured.error.message).toContain("a sandbox that is not this one");
    expect(structured.error.message).toContain("began empty");
    const again = (await next.call("create_ephemeral_cluster", {})).structured;
    expect(again).toMatchObject({ outcome: "created" });
  });
});

describe("the life of an ephemeral cluster in a sandbox", () => {
  const hour = 3_600_000;

  it("goes from PROVISIONING to ACTIVE, PAUSED and gone, as its clock does", async () => {
    const sandbox = await startSandbox({ provisionMs: 60_000 });
    onTestFinished(sandbox.close);
    const advance = async (advanceMs: number) => {
      const body = JSON.stringify({ advanceMs });
      const moved = await fetch(`${sandbox.url}/_sandbox/clock`, { method: "POST", body });
      expect(moved.status).toBe(200);
    };
    const { call } = await open({ ...sandbox.env, ATLAS_MCP_EPHEMERAL: "true" });
    const look = async () =>
      (await call("get_ephemeral_cluster", { clusterName: "Cluster0" })).structured;
    const made = (await call("create_ephemeral_cluster", {})).structured;
    expect(made.cluster.status).toBe("PROVISIONING");
    await advance(61_000);
    expect(await look()).toMatchObject({ ready: true, cluster: { status: "ACTIVE" } });
    await advance(48 * hour);
    expect(await look()).toMatchObject({
      ready: false,
      cluster: { status: "PAUSED" },
      pausesAt: made.pausesAt,
      deletesAt: made.deletesAt,
    });
    await advance(5 * 24 * hour);
    expect((await look()).error).toMatchObject({ code: "not_found" });
    // By Atlas's time it is over, so its name is free.
    const again = (await call("create_ephemeral_cluster", {})).structured;
    expect(again).toMatchObject({ outcome: "created", credentialsFile: made.credentialsFile });
    expect(again.note).toContain("an earlier cluster of this name");
  });

  it("ends at the limit that all share, with what else there is", async () => {
    const sandbox = await startSandbox({ rateLimits: false });
    onTestFinished(sandbox.close);
    await sandbox.script("createEphemeralCluster", "rate_limit_no_header", 9);
    const { call } = await open({ ...sandbox.env, ATLAS_MCP_EPHEMERAL: "true" });
    const { structured } = await call("create_ephemeral_cluster", {});
    expect(structured.error).toMatchObject({ code: "quota_exceeded", outcome: "not_created" });
    expect(structured.error.message).toContain("flex cluster");
    const { requests } = await sandbox.state();
    expect(requests.map(({ operation }) => operation)).toEqual(["createEphemeralCluster"]);
  });
});

describe("over HTTP", () => {
  it("each caller has files of its own, whatever its name is", async () => {
    const callers = [await mint("alice"), await mint("Alice"), await mint("bob.d")];
    const file = tokenFile(...callers.map(({ entry }) => entry));
    onTestFinished(file.remove);
    const folder = newFolder();
    const server = await serveHttp(["--tokens", file.path], { ATLAS_MCP_CREDENTIALS_DIR: folder });
    onTestFinished(async () => {
      await server.end("SIGTERM");
    });
    const files = await Promise.all(
      callers.map(async ({ token }) => {
        const driver = await connectTo(server.url, "v2 modern", { headers: bearer(token) });
        const { structured } = await driver.call("create_ephemeral_cluster", {});
        await driver.close();
        return structured.credentialsFile as string;
      }),
    );
    expect(new Set(files.map((path) => path.toLowerCase())).size).toBe(3);
    for (const path of files) expect(dirname(dirname(path))).toBe(join(folder, "ephemeral"));
    const uris = files.map((path) => parseEnv(readFileSync(path, "utf8")).MONGODB_URI);
    expect(new Set(uris).size).toBe(3);
  });
});
