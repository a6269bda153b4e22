import { afterEach, describe, expect, it } from "vitest";
import { startRecording } from "../contract/recording.ts";
import { auditFile } from "../support/consent.ts";
import { aws, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";
import { type Era, eras, type RawProcess, startRawBundle } from "../support/raw.ts";
import { until, within } from "../support/until.ts";
import { childrenOf, isAlive, tcpSocketsOf } from "./processes.ts";

const started: RawProcess[] = [];
const start = (era: Era, env: Record<string, string> = {}): RawProcess => {
  const raw = startRawBundle(era, { env });
  started.push(raw);
  return raw;
};
afterEach(() => {
  for (const raw of started.splice(0)) raw.child.kill("SIGKILL");
});

const clean = { code: 0, signal: null };
const boundMs = 3000;

/** Brings a server to a point of its life. */
const points: [string, (raw: RawProcess) => Promise<unknown>][] = [
  ["before any message", async () => {}],
  ["after its greeting", (raw) => raw.hello()],
  [
    "after a call that started its sandbox",
    (raw) => raw.hello().then(() => raw.call("get_account", {})),
  ],
];

describe.each(points)("a server %s", (_when, reach) => {
  it.each(eras)("ends with 0 when its input ends, in the era of %s", async (era) => {
    const raw = start(era);
    await reach(raw);
    raw.child.stdin.end();
    expect(await within(boundMs, raw.exited, "the end after EOF")).toEqual(clean);
  });
});

describe.each(points.slice(1))("a server %s", (_when, reach) => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("ends with 0 on %s", async (signal) => {
    const raw = start("2026");
    await reach(raw);
    raw.child.kill(signal);
    expect(await within(boundMs, raw.exited, `the end after ${signal}`)).toEqual(clean);
  });
});

describe("a server in the middle of a call", () => {
  /** A server that waits for a cluster which never comes to be. */
  const waiting = async (raw: RawProcess): Promise<void> => {
    const account = await raw.call("get_account", {});
    const orgId = account.result.structuredContent.organizations[0].id;
    const made = await raw.call("create_project", { name: "shop", orgId });
    const groupId = made.result.structuredContent.project.id;
    raw.send("tools/call", {
      name: "create_flex_cluster",
      arguments: { groupId, name: "db", providerSettings: aws, waitSeconds: 40 },
    });
  };

  it.each(eras)(
    "ends when its input ends, and leaves no child behind, in the era of %s",
    async (era) => {
      const sandbox = await startSandbox({ provisionMs: 60_000 });
      try {
        const raw = start(era, sandbox.env);
        await raw.hello();
        await waiting(raw);
        await until(async () => (await sandbox.state()).clusters.length === 1, "the cluster");
        const children = childrenOf(raw.pid);
        raw.child.stdin.end();
        expect(await within(boundMs, raw.exited, "the end after EOF")).toEqual(clean);
        expect([raw.pid, ...children].filter(isAlive)).toEqual([]);
      } finally {
        await sandbox.close();
      }
    },
  );

  it.each(["SIGTERM", "SIGINT"] as const)("ends with 0 on %s", async (signal) => {
    const sandbox = await startSandbox({ provisionMs: 60_000 });
    try {
      const raw = start("2026", sandbox.env);
      await waiting(raw);
      await until(async () => (await sandbox.state()).clusters.length === 1, "the cluster");
      raw.child.kill(signal);
      expect(await within(boundMs, raw.exited, `the end after ${signal}`)).toEqual(clean);
    } finally {
      await sandbox.close();
    }
  });

  it.each<[string, (raw: RawProcess) => void]>([
    ["its input ends", (raw) => raw.child.stdin.end()],
    ["SIGTERM comes", (raw) => void raw.child.kill("SIGTERM")],
  ])("answers a create that is under way when %s", async (_what, end) => {
    const sandbox = await startSandbox();
    try {
      await sandbox.script("createGroup", "delay:500");
      const raw = start("2026", sandbox.env);
      const id = raw.send("tools/call", {
        name: "create_project",
        arguments: { name: "shop", orgId: sandbox.orgId },
      });
      const arrived = async () =>
        (await sandbox.state()).requests.some((one) => one.operation === "createGroup");
      await until(arrived, "the post");
      end(raw);
      const { result } = await raw.answer(id);
      expect(result.structuredContent).toMatchObject({ status: "ok", outcome: "created" });
      expect(await within(boundMs, raw.exited, "the end")).toEqual(clean);
    } finally {
      await sandbox.close();
    }
  });

  it("ends although Atlas does not answer", async () => {
    const sandbox = await startSandbox();
    try {
      await sandbox.script("listGroups", "hang", 9);
      const raw = start("2026", sandbox.env);
      raw.send("tools/call", { name: "list_projects", arguments: {} });
      const arrived = async () =>
        (await sandbox.state()).requests.some((one) => one.operation === "listGroups");
      await until(arrived, "the request");
      raw.child.stdin.end();
      expect(await within(boundMs + 1000, raw.exited, "the end after EOF")).toEqual(clean);
    } finally {
      await sandbox.close();
    }
  });

  it("takes its sandbox's port with it", async () => {
    const raw = start("2026");
    await waiting(raw);
    const [socket] = tcpSocketsOf(raw.pid).filter((one) => one.listens);
    raw.child.stdin.end();
    await within(boundMs, raw.exited, "the end after EOF");
    const refused = await fetch(`http://127.0.0.1:${socket?.port}/_sandbox/state`).catch(
      (error: Error) => error.cause,
    );
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("the access token", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("is given back on %s", async (signal) => {
    const recording = await startRecording();
    try {
      const raw = start("2026", recording.env);
      await raw.call("list_projects", {});
      raw.child.kill(signal);
      expect(await raw.exited).toEqual(clean);
      const revoked = recording.seen.filter((one) => one.path === "/api/oauth/revoke");
      expect(revoked.map((one) => new URLSearchParams(one.body).get("token"))).toEqual([
        recording.token,
      ]);
    } finally {
      await recording.driver.close();
      await recording.close();
    }
  });
});

describe("the record", () => {
  it("shows a change whose process was killed before its end", async () => {
    const audit = auditFile();
    const sandbox = await startSandbox();
    try {
      await sandbox.script("createGroup", "hang");
      const raw = start("2026", { ...sandbox.env, ATLAS_MCP_AUDIT: audit.path });
      const shop = { name: "shop", orgId: sandbox.orgId };
      raw.send("tools/call", { name: "create_project", arguments: shop });
      await until(() => audit.text().includes("intent"), "the intent");
      raw.child.kill("SIGKILL");
      await raw.exited;
    } finally {
      await sandbox.close();
    }
    const { code, stdout } = await run(["audit", "verify", audit.path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 without an outcome[\s\S]*create_project project "shop"/);
  });
});

describe("a client that is gone without a word", () => {
  it("ends the server with the next answer where only stdout is closed", async () => {
    const raw = start("2026");
    await raw.hello();
    raw.child.stdout.destroy();
    raw.send("tools/list");
    raw.send("tools/list");
    await until(() => raw.child.exitCode !== null, "the end of the process", boundMs);
    expect(raw.child.exitCode).toBe(0);
  });

  it("ends the server where both pipes are closed", async () => {
    const raw = start("2025");
    await raw.hello();
    raw.child.stdout.destroy();
    raw.child.stdin.destroy();
    await until(() => raw.child.exitCode !== null, "the end of the process", boundMs);
    expect(raw.child.exitCode).toBe(0);
  });
});
