import { connect as dial, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type HttpServed, modern, post, send, serveHttp } from "../../../support/http.ts";
import { until, within } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

let server: HttpServed;
beforeAll(async () => {
  server = await serveHttp();
});
afterAll(() => server.end("SIGTERM"));

const list = modern("tools/list");
const serves = async () => expect((await post(server.url, list)).status).toBe(200);

describe("too much of something", () => {
  afterEach(serves);

  it("a body of 100 MB, announced, is refused without being read", async () => {
    const headers = { ...list.headers, "content-length": String(100e6) };
    const answer = new Promise<string>((resolve, reject) => {
      const socket = dial(Number(new URL(server.url).port), "127.0.0.1");
      const lines = Object.entries({ host: "localhost", ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n{`);
      socket.once("data", (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(await within(3000, answer, "the answer")).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("10,000 headers are refused", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 10_000 }, (_one, index) => [`x-${index}`, "1"]),
    );
    const status = await send(server.url, "POST", { ...list.headers, ...many }).then(
      (response) => response.status,
      () => "cut off",
    );
    expect([431, "cut off"]).toContain(status);
  });

  it("a header of 20 KB is refused", async () => {
    const { status } = await send(server.url, "GET", { "x-long": "a".repeat(20_000) });
    expect(status).toBe(431);
  });

  const nested = (open: string, close: string, depth: number) =>
    open.repeat(depth) + close.repeat(depth);

  it.each([
    ["lists", nested("[", "]", 100_000)],
    ["objects", `${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`],
  ])("JSON that is nested deeper than anything is answered: %s", async (_what, deep) => {
    const around = JSON.stringify(
      modern("tools/call", { name: "list_projects", arguments: { name: "DEEP" } }).body,
    );
    const { headers } = modern("tools/call", { name: "list_projects" });
    const response = await post(server.url, { headers, body: around.replace('"DEEP"', deep) });
    expect(response.status).toBeLessThan(500);
    expect((await post(server.url, { headers, body: deep })).status).toBe(400);
  });
});

describe("connections that are kept open", () => {
  const sockets: Socket[] = [];
  const hold = (url: string, text: string): Promise<string> =>
    new Promise((resolve) => {
      let got = "";
      const socket = dial(Number(new URL(url).port), "127.0.0.1");
      sockets.push(socket);
      socket.on("data", (chunk: Buffer) => {
        got += chunk.toString();
      });
      socket.on("error", () => {});
      socket.once("close", () => resolve(got));
      socket.write(text);
    });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const limits = { requestMs: 300 };
  const nothing = () => {
    throw new Error("no server is made for them");
  };
  const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  it.each([
    ["that says nothing", ""],
    ["that stops within its headers", "POST /mcp HTTP/1.1\r\nHost: loc"],
    ["that stops within its body", `${head}Content-Length: 100\r\n\r\n{`],
    ["that stops within a piece of its body", `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{`],
  ])("one %s is closed in time", async (_what, text) => {
    const host = await hostOwn(nothing, limits);
    const got = await within(5000, hold(host.url, text), "the end of the connection");
    expect(got === "" || /^HTTP\/1\.1 4\d\d /.test(got)).toBe(true);
    await host.drain();
  });

  it("one that sends a byte now and then is closed in time", async () => {
    const host = await hostOwn(nothing, limits);
    const closed = hold(host.url, "POST /mcp HTTP/1.1\r\n");
    const drip = setInterval(() => sockets[0]?.write("x"), 20);
    const got = await within(5000, closed, "the end of the connection").finally(() =>
      clearInterval(drip),
    );
    expect(got === "" || got.startsWith("HTTP/1.1 408 ")).toBe(true);
    await host.drain();
  });

  it("one that breaks off within its body leaves no line in the log", async () => {
    const headers = `${head}Content-Length: 100\r\n\r\n{`;
    const gone = hold(server.url, headers);
    await until(() => sockets[0]?.bytesWritten === headers.length, "the request");
    sockets[0]?.destroy();
    await gone;
    await serves();
    expect(server.stderr()).not.toContain("unexpected failure");
  });
});
