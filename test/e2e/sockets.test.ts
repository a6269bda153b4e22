import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { bundle, programEnv, type Served, serveBundle } from "../support/bundle.ts";
import { openCertificates } from "../support/tls.ts";
import { until, within } from "../support/until.ts";
import { hasProc } from "./processes.ts";

/** The server as a process that may have only so many files and sockets. */
const serve = async (files: number) => {
  const command = `ulimit -n ${files} && exec "$0" "$@"`;
  const args = ["-c", command, process.execPath, bundle, "http", "--port", "0"];
  const child = spawn("sh", args, { env: programEnv() });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
  });
  await until(() => said.stdout.includes("\n"), "a line on stdout", 10_000);
  const { url } = JSON.parse(said.stdout);
  return {
    pid: child.pid ?? 0,
    port: Number(new URL(url).port),
    stderr: () => said.stderr,
    alive: () => child.exitCode === null,
    probe: async () => {
      const headers = { connection: "close" };
      const asked = fetch(new URL("/healthz", url), { headers });
      return (await within(3000, asked, "the probe")).status;
    },
  };
};

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/**
 * Opens connections that say nothing, and gives the number of those that are still open. Not all at once: of those that the
 * system drops because too many wait to be accepted, the client is not told.
 */
const flood = async (port: number, count: number, addressOf: (index: number) => string) => {
  const opened: Socket[] = [];
  while (opened.length < count) {
    const some = Array.from({ length: 100 }, (_, index) => {
      const localAddress = addressOf(opened.length + index);
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      return socket.on("error", () => {}).resume();
    });
    sockets.push(...some);
    opened.push(...some);
    await Promise.all(some.map((socket) => new Promise((done) => socket.once("connect", done))));
  }
  return () => opened.filter((socket) => !socket.destroyed).length;
};

const floods: [from: string, addressOf: (index: number) => string][] = [
  ["one address", () => "127.0.0.1"],
  ["many addresses", (index) => `127.0.${1 + (index >> 7)}.${1 + (index & 127)}`],
];

it.runIf(hasProc).each(floods)(
  "1,500 silent sockets from %s keep no probe out, exhaust no files, and are gone after 10 s",
  async (_from, addressOf) => {
    const server = await serve(120);
    const startedAt = performance.now();
    const left = await flood(server.port, 1500, addressOf);
    let most = 0;
    while (performance.now() < startedAt + 3000) {
      expect(await server.probe()).toBe(200);
      most = Math.max(most, readdirSync(`/proc/${server.pid}/fd`).length);
    }
    expect(most).toBeLessThan(115);
    await until(() => left() === 0, "the end of all", 12_000);
    expect(await server.probe()).toBe(200);
    expect(server.stderr().split("too_many_connections").length - 1).toBeLessThanOrEqual(11);
  },
);

it.runIf(hasProc)("a process without a file to spare goes on", async () => {
  const server = await serve(40);
  const left = await flood(server.port, 200, () => "127.0.0.1");
  await until(() => left() < 200, "the first end");
  await until(() => left() === 0, "the end of all", 15_000);
  expect(server.alive()).toBe(true);
  expect(await server.probe()).toBe(200);
});

it("the sandbox closes a socket without a complete request within 10 s, also under TLS", async () => {
  const certificates = openCertificates();
  onTestFinished(certificates.remove);
  const { keyPath, certPath } = certificates.make(["localhost"]);
  const tlsArgs = ["--tls-key", keyPath, "--tls-cert", certPath];
  const [plain, tls] = await Promise.all(
    [[], tlsArgs].map((args) => serveBundle(["sandbox", "--port", "0", ...args])),
  );
  onTestFinished(
    async () => void (await Promise.all([plain, tls].map((one) => one?.end("SIGTERM")))),
  );
  const startedAt = performance.now();
  const at = (served: Served | undefined) => ({
    port: Number(new URL(served?.line.url ?? "").port),
    host: "127.0.0.1",
  });
  const opened = [
    connect(at(plain)),
    connect(at(plain)),
    connect(at(tls)),
    connectTls({ ...at(tls), rejectUnauthorized: false }),
  ];
  sockets.push(...opened);
  opened[1]?.write("GET /api/private/ipinfo HTTP/1.1\r\nHost: localhost\r\nX-A: ");
  const drip = setInterval(() => opened[1]?.write("a"), 300);
  const closed = opened.map(
    (socket) =>
      new Promise((resolve) =>
        socket
          .on("error", () => {})
          .resume()
          .once("close", resolve),
      ),
  );
  await within(12_000, Promise.all(closed), "the end of all").finally(() => clearInterval(drip));
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
