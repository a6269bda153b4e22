import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { type Era, eras, type RawProcess, startRawBundle } from "../support/raw.ts";
import { within } from "../support/until.ts";
import { childrenOf, hasProc, isAlive, tcpSocketsOf } from "./processes.ts";

let home: string;
const started: RawProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "atlas-probe-"));
});
afterEach(() => {
  for (const raw of started.splice(0)) raw.child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

const start = (era: Era): RawProcess => {
  const raw = startRawBundle(era, { env: { HOME: home, TMPDIR: home }, cwd: home });
  started.push(raw);
  return raw;
};

// Node's own compile cache is no trace of ours: it is shared by all processes of the version.
const traces = (): string[] =>
  readdirSync(home, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith("node-compile-cache"),
  );

const ready = async (era: Era): Promise<RawProcess> => {
  const raw = start(era);
  await raw.hello();
  await raw.ask("tools/list");
  return raw;
};

describe.each(eras)("a sibling that is started only to probe, in the era of %s,", (era) => {
  it.each(["SIGKILL", "SIGTERM"] as const)("leaves nothing behind after %s", async (signal) => {
    const raw = await ready(era);
    const children = childrenOf(raw.pid);
    raw.child.kill(signal);
    await within(3000, raw.exited, "the end of the probe");
    expect([raw.pid, ...children].filter(isAlive)).toEqual([]);
    expect(traces()).toEqual([]);
  });

  it("starts no process of its own", async () => {
    expect(childrenOf((await ready(era)).pid)).toEqual([]);
  });

  it("has no TCP socket at all", async () => {
    expect(tcpSocketsOf((await ready(era)).pid)).toEqual([]);
  });
});

describe("the check for sockets", () => {
  it("sees the sandbox's port after the first call that needs one", async () => {
    expect(hasProc).toBe(true);
    const raw = await ready("2026");
    await raw.call("get_account", {});
    expect(tcpSocketsOf(raw.pid).some((socket) => socket.listens)).toBe(true);
  });

  it("finds the sandbox on loopback only", async () => {
    const raw = await ready("2026");
    await raw.call("get_account", {});
    const [socket] = tcpSocketsOf(raw.pid).filter((one) => one.listens);
    expect(socket?.address).toBe("127.0.0.1");
  });
});

describe("two servers at once", () => {
  it("both serve, each with an Atlas of its own", async () => {
    const [one, other] = [start("2025"), start("2026")];
    await Promise.all([one.hello(), other.hello()]);
    const made = await Promise.all(
      [one, other].map(async (raw) => {
        const account = await raw.call("get_account", {});
        const orgId = account.result.structuredContent.organizations[0].id;
        const project = await raw.call("create_project", { name: "shop", orgId });
        const groupId = project.result.structuredContent.project.id;
        return raw.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws });
      }),
    );
    const clusters = made.map(({ result }) => result.structuredContent);
    expect(clusters).toMatchObject([{ outcome: "created" }, { outcome: "created" }]);
    expect(clusters[0].cluster.groupId).not.toBe(clusters[1].cluster.groupId);
  });

  it("do not end with each other", async () => {
    const [one, other] = await Promise.all([ready("2025"), ready("2026")]);
    await one.close();
    expect((await other.ask("tools/list")).result.tools.length).toBeGreaterThan(0);
  });
});
