/** The official Go SDK on the bundle: its newest release in both eras, and the last one before 2026-07-28. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import { actionsOf, callAll, toolNames } from "../support/contract.ts";
import { type HttpServed, serveHttp } from "../support/http.ts";
import { travel } from "../support/journey.ts";
import { aws, startSandbox } from "../support/live-sandbox.ts";
import { bearer, mint, tokenFile } from "../support/token-file.ts";
import { until } from "../support/until.ts";
import { buildClient, type Connecting, connectGo } from "./go-mcp/client.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "go-mcp-"));
  await buildClient(join(folder, "v1.8.0"));
  await buildClient(join(folder, "v1.6.1"), "v1.6.mod");
});
afterAll(() => rmSync(folder, { recursive: true }));

// A host that says no by itself is quicker.
const noAfterMs = 600;

const ways = (["stdio", "http"] as const).flatMap((transport) => [
  { release: "v1.8.0", protocol: "2026-07-28", transport },
  { release: "v1.8.0", protocol: "2025-11-25", transport },
  { release: "v1.6.1", protocol: "2025-11-25", transport },
]);

type Way = (typeof ways)[number];

type Served = HttpServed & { token: string; path: string };

/** Serves over HTTP to one token, until the test has finished; where it is told so, in the place of another server. */
const serve = async (
  env: Record<string, string>,
  { onTestFinished }: TestContext,
  before?: Served,
): Promise<Served> => {
  const { token, entry } = await mint("go");
  const tokens = tokenFile(entry);
  onTestFinished(tokens.remove);
  const args = ["--tokens", before?.path ?? tokens.path];
  const port = before === undefined ? [] : ["--port", new URL(before.url).port];
  const credentials = ["--credentials-dir", join(folder, "credentials")];
  const server = await serveHttp([...args, ...credentials, ...port], env);
  onTestFinished(async () => void (await server.end()));
  return { ...server, token, path: tokens.path };
};

/** A client of its own on an Atlas of its own, until the test has finished. */
const open = async (
  { release, protocol, transport }: Way,
  context: TestContext,
  more: Record<string, string> = {},
  reply?: Connecting["reply"],
) => {
  const sandbox = await startSandbox({ provisionMs: 500, rateLimits: false });
  context.onTestFinished(sandbox.close);
  const env = { ...sandbox.env, ATLAS_MCP_ALLOW_DELETE: "true", ...more };
  const http = transport === "http" ? await serve(env, context) : undefined;
  const program = join(folder, release);
  const how = { program, protocol, env, ...(http && { http }), ...(reply && { reply }) };
  const client = await connectGo(how);
  context.onTestFinished(client.close);
  const { id: groupId } = await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId });
  const cluster = { groupId, name: "db", providerSettings: aws };
  return { sandbox, client, http, cluster };
};

describe.concurrent.each(ways)("the Go SDK $release with $protocol over $transport", (way) => {
  it("knows the server, and drops none of its tools", async (context) => {
    const { client } = await open(way, context, { ATLAS_MCP_EPHEMERAL: "true" });
    const { expect } = context;
    expect(client.release).toBe(way.release);
    expect(client.server).toMatchObject({
      protocolVersion: way.protocol,
      serverInfo: { name: "atlas-provision-mcp", title: "MongoDB Atlas provisioning" },
    });
    expect(client.instructions()).toContain("get_account");
    // Each schema was resolved by the SDK's own package on the way.
    expect((await client.listTools()).map(({ name }) => name)).toEqual(toolNames);
    expect((await client.listPrompts()).map(({ name }) => name)).toEqual([
      "provision_flex_cluster",
    ]);
    const text = await client.getPrompt("provision_flex_cluster", { cluster: "orders" });
    expect(text).toContain("orders");
    expect(client.stderr()).toBe("");
  });

  it("goes the whole way there and back", async (context) => {
    const { client, sandbox } = await open(way, context, { ATLAS_MCP_EPHEMERAL: "true" });
    const { expect } = context;
    // Each result is checked against its schema on the way.
    const { results, progress, credentials, details } = await travel(client);
    const failed = results.filter(([, result]) => result.isError);
    expect(failed.map(([tool, { structured }]) => `${tool}: ${structured.error.code}`)).toEqual([
      "get_flex_cluster: not_found",
      "create_project: name_conflict",
      "delete_project: conflict",
      "delete_flex_cluster: not_found",
    ]);
    for (const [, { text, structured }] of results) expect(JSON.parse(text)).toEqual(structured);
    const [cluster] = details.structured.clusters;
    expect(cluster.connectionStrings.standardSrv).toBe(
      `mongodb+srv://${new URL(credentials.MONGODB_URI ?? "").hostname}`,
    );
    expect(progress[0]?.message).toMatch(/^Flex cluster db is CREATING \(0 of 30 s\)/);
    const { projects, clusters, users } = await sandbox.state();
    expect(projects).toMatchObject([{ name: "home" }]);
    expect({ clusters, users }).toEqual({ clusters: [], users: [] });
  });

  it("gets an error as a result, and its next action mends the call", async (context) => {
    const { client, cluster } = await open(way, context);
    const providerSettings = { ...aws, regionName: "us-east-1" };
    const failed = await client.call("create_flex_cluster", { ...cluster, providerSettings });
    context.expect(failed).toMatchObject({ isError: true });
    context.expect(failed.structured.error).toMatchObject({ code: "invalid_input" });
    const [mended] = await callAll(client, actionsOf(failed));
    context.expect(mended?.structured).toMatchObject({ outcome: "created" });
  });

  it("gets an unknown tool and a wrong prompt as errors of the protocol", async (context) => {
    const { client } = await open(way, context);
    await context.expect(client.call("drop_cluster")).rejects.toThrow("drop_cluster");
    await context.expect(client.getPrompt("drop_cluster")).rejects.toThrow("drop_cluster");
    const { structured } = await client.call("get_account");
    context.expect(structured).toMatchObject({ status: "ok" });
  });

  const auto = { ATLAS_MCP_CONFIRM: "auto" };

  it("creates and deletes what its user agrees to", async (context) => {
    const questions: string[] = [];
    const { client, cluster } = await open(way, context, auto, (question) => {
      questions.push(question);
      return { action: "accept", content: { agree: true } };
    });
    const { groupId, name } = cluster;
    const created = await client.call("create_flex_cluster", cluster);
    const deleted = await client.call("delete_flex_cluster", { groupId, name });
    for (const [result, outcome] of [
      [created, "created"],
      [deleted, "deleted"],
    ] as const)
      context.expect(result.structured).toMatchObject({ outcome, receipt: { approver: "user" } });
    context
      .expect(questions)
      .toEqual([
        context.expect.stringMatching(/^Create flex cluster "db".* costs 8 to 30 USD a month/),
        context.expect.stringMatching(/^Delete flex cluster "db"/),
      ]);
  });

  it.for([
    [{ action: "decline" }, "The user declined"],
    [{ action: "cancel" }, "closed the question"],
    // A handler that does not fill in the form.
    [{ action: "accept" }, '"agree": true'],
  ] as const)("creates nothing after %o", async ([answer, says], context) => {
    const later = () => delay(noAfterMs, answer);
    const { client, cluster, sandbox } = await open(way, context, auto, later);
    const { structured } = await client.call("create_flex_cluster", cluster);
    context.expect(structured).toMatchObject({ status: "error", error: { code: "declined" } });
    context.expect(structured.error.message).toContain(says);
    context.expect((await sandbox.state()).clusters).toEqual([]);
  });

  it("creates with a confirmation where nobody can be asked", async (context) => {
    const { client, cluster, sandbox } = await open(way, context, auto);
    const asked = await client.call("create_flex_cluster", cluster);
    context.expect(asked.structured).toMatchObject({ status: "needs_confirmation" });
    context.expect((await sandbox.state()).clusters).toEqual([]);
    const [created] = await callAll(client, actionsOf(asked));
    context.expect(created?.structured).toMatchObject({
      outcome: "created",
      receipt: { approver: "agent" },
    });
  });

  it("ends a wait with its context, and the same call finds what was created", async (context) => {
    const { client, http, cluster, sandbox } = await open(way, context);
    const args = { ...cluster, waitSeconds: 30 };
    const caller = new AbortController();
    const left = client.call("create_flex_cluster", args, {
      signal: caller.signal,
      onprogress: () => caller.abort(),
    });
    await context.expect(left).rejects.toThrow("context canceled");
    const log = http?.stderr ?? client.stderr;
    await until(() => log().includes('"cancelled":true'), "the end of the wait");
    const again = await client.call("create_flex_cluster", { ...args, ifExists: "return" });
    context.expect(again.structured).toMatchObject({ outcome: "existing", ready: true });
    context.expect((await sandbox.state()).clusters).toHaveLength(1);
  });

  it("ends the server, or its session", async (context) => {
    const { client, http } = await open(way, context);
    await client.call("get_account");
    const startedAt = performance.now();
    const ended = await client.end();
    // After five seconds the SDK would send SIGTERM, or give up.
    context.expect(performance.now() - startedAt).toBeLessThan(4000);
    context.expect(ended).toEqual(http ? {} : { exitCode: 0 });
    if (http === undefined) return;
    const metrics = await fetch(http.at("/metrics"), { headers: bearer(http.token) });
    context.expect(await metrics.text()).toMatch(/^atlas_mcp_sessions 0$/m);
  });
});

const overHttp = ways.filter(({ transport }) => transport === "http");

describe.concurrent.each(overHttp)("the Go SDK $release with $protocol", (way) => {
  const { release, protocol } = way;
  const program = () => join(folder, release);

  it("says that a token is unknown", async (context) => {
    const { url } = await serve({}, context);
    const http = { url, token: "another" };
    const connecting = connectGo({ program: program(), protocol, env: {}, http });
    await context.expect(connecting).rejects.toThrow("Unauthorized");
  });

  it("needs a new connection after a restart only where it has a session", async (context) => {
    const first = await serve({}, context);
    const client = await connectGo({ program: program(), protocol, env: {}, http: first });
    context.onTestFinished(client.close);
    await client.call("get_account");
    await first.end();
    await serve({}, context, first);
    const said = await client.call("get_account").then(({ text }) => text, String);
    context
      .expect(said)
      .toMatch(protocol === "2026-07-28" ? /"status":"ok"/ : /session not found/i);
  });
});
