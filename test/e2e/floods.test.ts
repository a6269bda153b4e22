import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type HttpServed, modern, openSession, post, serveHttp } from "../support/http.ts";
import { startRawBundle } from "../support/raw.ts";
import { hasProc } from "./processes.ts";

let server: HttpServed;
beforeAll(async () => {
  server = await serveHttp();
});
afterAll(() => server.end("SIGTERM"));

/** The most memory that a process has had so far (Linux). */
const mostMiB = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const list = modern("tools/list");
const serves = async () => expect((await post(server.url, list)).status).toBe(200);

const residentMiB = async (): Promise<number> => {
  const text = await (await fetch(server.at("/metrics"))).text();
  return Number(/^atlas_mcp_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
};

describe("too much for a process", () => {
  afterEach(serves);

  it("a body of 100 MB that comes in pieces is refused, and is not kept", async () => {
    const before = await residentMiB();
    const piece = new Uint8Array(1 << 20).fill(32);
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        if (sent > 100) controller.close();
        else controller.enqueue(piece);
      },
    });
    const init = { method: "POST", headers: list.headers, body, duplex: "half" } as RequestInit;
    const status = await fetch(server.url, init).then(
      (response) => response.status,
      () => "cut off",
    );
    expect([413, "cut off"]).toContain(status);
    expect((await residentMiB()) - before).toBeLessThan(60);
  });

  it("1,000 sessions of one caller leave no more than it may have, and the newest works", async () => {
    const sessions: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const opened = Array.from({ length: 50 }, () => openSession(server.url));
      sessions.push(...(await Promise.all(opened)));
    }
    expect(new Set(sessions).size).toBe(1000);
    const text = await (await fetch(server.at("/metrics"))).text();
    expect(text).toContain("atlas_mcp_sessions 250");
  });
});

describe("too much on one line of stdio", () => {
  it.runIf(hasProc)("100 MB without a line break are skipped, and are not kept", async () => {
    const raw = startRawBundle("2025");
    await raw.hello();
    const before = mostMiB(raw.pid);
    const piece = "x".repeat(1 << 20);
    for (let sent = 0; sent < 100; sent += 1)
      await new Promise((resolve) => raw.child.stdin.write(piece, resolve));
    raw.write("\n");
    expect((await raw.ask("tools/list")).result.tools.length).toBeGreaterThan(0);
    expect(mostMiB(raw.pid) - before).toBeLessThan(60);
    await raw.close();
  });
});
