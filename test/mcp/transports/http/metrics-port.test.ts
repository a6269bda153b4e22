import { connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { callTool, type HttpServed, send, serveHttp } from "../../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { run } from "../../../support/program.ts";
import { bearer, mint, type TokenFile, tokenFile } from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
let file: TokenFile;
let token: string;
let server: HttpServed;
beforeAll(async () => {
  sandbox = await startSandbox();
  const minted = await mint("ci");
  token = minted.token;
  file = tokenFile(minted.entry);
  server = await serveHttp(["--tokens", file.path, "--metrics-port", "0"], sandbox.env);
});
afterAll(async () => {
  await server.end("SIGTERM");
  await sandbox.close();
  file.remove();
});

const url = () => server.metricsUrl ?? "";

describe("the metrics on a port of their own", () => {
  it("are on this machine by default, for a collector without a token", async () => {
    expect(url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    await callTool(server.url, "2026", "get_account", {}, bearer(token));
    const response = await fetch(url());
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^atlas_mcp_calls_total\{tool="get_account",status="ok".*\} 1$/m);
    // What the main port answers is counted still.
    expect(text).toMatch(/^atlas_mcp_http_responses_total\{status="200"\} \d+$/m);
  });

  it("are no longer on the main port, also for a caller with a token", async () => {
    for (const headers of [{}, bearer(token)])
      expect((await send(server.at("/metrics"), "GET", headers)).status).toBe(404);
  });

  it.each(["/mcp", "/healthz", "/credentials", "/"])("leave %s to the main port", async (path) => {
    expect((await fetch(new URL(path, url()))).status).toBe(404);
  });

  it("are kept from web pages behind a rebound name", async () => {
    const { status } = await send(url(), "GET", { host: "evil.example.com" });
    expect(status).toBe(403);
  });

  it("answer whatever name a collector uses on another address", async () => {
    const args = ["--tokens", file.path, "--metrics-port", "0", "--metrics-host", "0.0.0.0"];
    const open = await serveHttp(args, sandbox.env);
    onTestFinished(async () => void (await open.end("SIGTERM")));
    const { status } = await send(open.metricsUrl ?? "", "GET", { host: "pod-7.example.com:9464" });
    expect(status).toBe(200);
  });

  it("are answered beside more silent sockets than the port takes, which end within 10 s", async () => {
    const sockets = new Set<Socket>();
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (let opened = 0; opened < 80; opened += 1) {
      const socket = connect({ port: Number(new URL(url()).port), host: "127.0.0.1" });
      sockets.add(socket);
      socket.resume();
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
      await new Promise((resolve) => socket.once("connect", resolve));
    }
    expect((await send(url(), "GET", {})).status).toBe(200);
    await until(() => sockets.size === 0, "the end of the silent sockets", 10_000);
  }, 20_000);

  it("stay while running calls are answered, and end with the server", async () => {
    const own = await serveHttp(["--metrics-port", "0"], sandbox.env);
    const inFlight = async () => {
      const text = await (await fetch(own.metricsUrl ?? "")).text();
      return Number(/^atlas_mcp_calls_in_flight (\d+)$/m.exec(text)?.[1]);
    };
    await sandbox.script("listGroups", "delay:1500");
    const answer = callTool(own.url, "2026", "list_projects", {});
    await until(async () => (await inFlight()) === 1, "a call in flight");
    const ended = own.end("SIGTERM");
    expect(await inFlight()).toBe(1);
    expect((await answer).result.structuredContent).toMatchObject({ status: "ok" });
    await ended;
    await expect(fetch(own.metricsUrl ?? "")).rejects.toThrow();
  });
});

describe("a port for the metrics that cannot be had", () => {
  const start = (...more: string[]) => run(["http", "--port", "0", ...more]);

  it("ends the start with one line that names the flag", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { code, stdout, stderr } = await start("--metrics-port", String(port));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`port ${port} is in use; --metrics-port 0 takes a free one`);
  });

  it.each([
    [["--metrics-port", "65536"], /--metrics-port must be a port from 0 to 65535/],
    [["--metrics-port", "tcp://10.0.0.1:80"], /--metrics-port must be a port/],
    [["--metrics-port", "0", "--metrics-host", "a/b"], /--metrics-host must be a host name/],
    [
      ["--metrics-port", "0", "--metrics-host", "192.0.2.1"],
      /--metrics-host 192.0.2.1 is not an address of this/,
    ],
  ])("is refused: %j", async (args, says) => {
    const { code, stderr } = await start(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) });
  });
});
