import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  answerOf,
  eras,
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../../../support/http.ts";
import { aws, type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
let server: HttpServed;
beforeAll(async () => {
  sandbox = await startSandbox({ provisionMs: 600_000 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  server = await serveHttp([], sandbox.env, { limits: { drainMs: 2500 } });
});
afterEach(() => server.end());

const arrived = (operation: string) =>
  until(
    async () => (await sandbox.state()).requests.some((one) => one.operation === operation),
    operation,
  );

const draining = () =>
  until(async () => (await fetch(server.at("/readyz"))).status === 503, "the drain");

const create = { name: "create_project", arguments: {} as object };
beforeEach(() => {
  create.arguments = { name: "shop", orgId: sandbox.orgId };
});

describe("a server that is told to end", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "with nothing to do ends at once with 0 on %s",
    async (signal) => {
      await answerOf(await post(server.url, modern("tools/list")));
      expect(await server.end(signal, 1500)).toBe(0);
    },
  );

  it("ends although clients of the 2025 era listen", async () => {
    const session = await openSession(server.url);
    const headers = { accept: "text/event-stream", "mcp-session-id": session };
    const stream = await fetch(server.url, { headers });
    expect(await server.end("SIGTERM", 1500)).toBe(0);
    expect(await stream.text()).toBe("");
  });

  it.each(eras)("answers a create that is under way first, in the era of %s", async (era) => {
    await sandbox.script("createGroup", "delay:700");
    const message =
      era === "2026"
        ? modern("tools/call", create)
        : legacy(await openSession(server.url), "tools/call", create);
    const call = post(server.url, message).then(answerOf);
    await arrived("createGroup");
    const ended = server.end("SIGTERM");
    expect((await call).result.structuredContent).toMatchObject({
      status: "ok",
      outcome: "created",
    });
    expect(await ended).toBe(0);
  });

  it("lets an answer to a question in, and no new call: 503, nothing done", async () => {
    await sandbox.script("createGroup", "delay:1500");
    const session = await openSession(server.url);
    const call = post(server.url, modern("tools/call", create)).then(answerOf);
    await arrived("createGroup");
    const ended = server.end("SIGTERM");
    await draining();
    const other = { ...create, arguments: { ...create.arguments, name: "other" } };
    const refused = await post(server.url, modern("tools/call", other));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    const told = legacy(session, "notifications/cancelled", { requestId: 9 }, null);
    expect((await post(server.url, told)).status).toBe(202);
    expect((await call).result.structuredContent.outcome).toBe("created");
    expect(await ended).toBe(0);
    expect((await sandbox.state()).projects.map(({ name }) => name)).toEqual(["shop"]);
  });

  it("is alive, and not ready, while it drains", async () => {
    await sandbox.script("createGroup", "delay:700");
    const call = post(server.url, modern("tools/call", create)).then(answerOf);
    await arrived("createGroup");
    const ended = server.end("SIGTERM");
    await draining();
    expect((await fetch(server.at("/healthz"))).status).toBe(200);
    await call;
    expect(await ended).toBe(0);
  });

  it("tells a call that would take longer how things stand", async () => {
    const made = await answerOf(await post(server.url, modern("tools/call", create)));
    const groupId = made.result.structuredContent.project.id;
    const args = { groupId, name: "db", providerSettings: aws, waitSeconds: 40 };
    const message = modern("tools/call", { name: "create_flex_cluster", arguments: args });
    const call = post(server.url, message).then(answerOf);
    await until(async () => (await sandbox.state()).clusters.length === 1, "the cluster");
    const ended = server.end("SIGTERM", 9000);
    expect((await call).result.structuredContent).toMatchObject({
      status: "ok",
      outcome: "created",
      ready: false,
    });
    expect(await ended).toBe(0);
  });
});
