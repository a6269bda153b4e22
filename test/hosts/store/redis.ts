/** Debian's redis-server on a port of this run, and a wire to it that a test can cut. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "iovalkey";
import { until } from "../../support/until.ts";
import { freePort } from "../nginx.ts";

export type RedisServer = {
  port: number;
  url: string;
  /** Sends a command as an administrator. */
  command(name: string, ...args: string[]): Promise<unknown>;
  /** Stands still, and goes on. */
  pause(): void;
  resume(): void;
  /** Ends at once, with all that it knew. */
  stop(): Promise<void>;
  /** Starts again, empty. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** Starts it. Rejects where it is not installed. `args` are those of redis-server. */
export const startRedis = async (...args: string[]): Promise<RedisServer> => {
  const program = "/usr/bin/redis-server";
  if (!existsSync(program)) throw new Error("Redis is missing: apt-get install redis-server");
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const port = await freePort();
  let child: ChildProcess | undefined;
  let admin: Redis | undefined;
  const own = ["--port", String(port), "--save", "", "--appendonly", "no", "--dir", folder];
  const start = async () => {
    child = spawn(program, [...own, ...args], { stdio: "ignore" });
    admin = new Redis({ port, retryStrategy: () => 20, maxRetriesPerRequest: null });
    admin.on("error", () => {});
    await admin.ping();
  };
  const stop = async () => {
    admin?.disconnect();
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    child = undefined;
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command: async (name, ...words) => admin?.call(name, ...words),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    start,
    stop,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type Wire = {
  url: string;
  /** Lets nothing through any more, and says nothing of it; what was sent meanwhile is lost. */
  cut(): void;
  mend(): void;
  /** Resets all connections. */
  reset(): void;
  close(): void;
};

/** A wire to a port of this machine. */
export const openWire = async (to: number): Promise<Wire> => {
  const pairs = new Set<[Socket, Socket]>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    const pair: [Socket, Socket] = [near, far];
    // A connection that was open while the wire was cut has lost bytes, so it stays silent.
    let isLost = isCut;
    pairs.add(pair);
    const pass = (from: Socket, into: Socket) => {
      from.on("data", (bytes: Buffer) => {
        isLost ||= isCut;
        if (!isLost) into.write(bytes);
      });
      from.on("error", () => {});
      from.on("close", () => {
        pairs.delete(pair);
        into.destroy();
      });
    };
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const reset = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
    reset,
    close: () => {
      server.close();
      reset();
    },
  };
};

/** Until a server says that it is ready, or not. */
export const readiness = (url: string, ready: boolean, boundMs = 5000): Promise<unknown> =>
  until(
    async () => (await fetch(new URL("/readyz", url))).ok === ready,
    ready ? "a server that is ready" : "a server that is not ready",
    boundMs,
  );
