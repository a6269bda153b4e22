import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Attempt, Proxies } from "../../src/atlas/http.ts";
import { secret } from "../../src/common/secret.ts";
import { openHttp } from "../support/atlas.ts";
import { startProxy } from "../support/proxy.ts";
import { until } from "../support/until.ts";

const never = new AbortController().signal;
const most = 64;

/** A server that counts its connections and keeps its answers until the test lets go. */
const start = async () => {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  let isHolding = true;
  let sockets = 0;
  const server = createServer(({ url = "" }, response) => {
    seen.push(url);
    const answer = () => response.writeHead(200, { "content-type": "application/json" }).end("{}");
    if (isHolding) waiting.push(answer);
    else answer();
  });
  server.on("connection", () => {
    sockets += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    seen,
    sockets: () => sockets,
    letGo: () => {
      isHolding = false;
      for (const answer of waiting.splice(0)) answer();
    },
  };
};

const get = (url: string) => ({ method: "GET", url, headers: {} });
const statusOf = (attempt: Attempt) =>
  "error" in attempt ? attempt.error.code : attempt.response.status;

describe("requests to one address", () => {
  it.each(["on their own", "through a proxy"])(
    "share a bounded number of sockets, and the others wait: %s",
    async (way) => {
      const server = await start();
      let proxies: Proxies | undefined;
      let origin = `http://127.0.0.1:${server.port}`;
      if (way === "through a proxy") {
        const proxy = await startProxy({ "atlas.test:80": server.port });
        onTestFinished(() => proxy.close());
        proxies = { httpProxy: secret(proxy.url) };
        origin = "http://atlas.test";
      }
      const http = openHttp(20_000, proxies);
      const all = Array.from({ length: 200 }, (_, index) =>
        http.send(get(`${origin}/${index}`), never),
      );
      await until(() => server.seen.length >= most, "as many as there are sockets");
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect([server.seen.length, server.sockets()]).toEqual([most, most]);
      server.letGo();
      expect(new Set((await Promise.all(all)).map(statusOf))).toEqual(new Set([200]));
    },
  );

  it("that wait until their time is over were never sent, and do not go out later", async () => {
    const server = await start();
    const origin = `http://127.0.0.1:${server.port}`;
    const http = openHttp(20_000);
    const all = Array.from({ length: most }, (_, index) =>
      http.send(get(`${origin}/${index}`), never),
    );
    await until(() => server.seen.length === most, "as many as there are sockets");
    const late = await http.send(get(`${origin}/late`), AbortSignal.timeout(100));
    expect(late).toMatchObject({ error: { sent: false } });
    const next = http.send(get(`${origin}/next`), never);
    server.letGo();
    expect(statusOf(await next)).toBe(200);
    await Promise.all(all);
    expect(server.seen).not.toContain("/late");
  });
});
