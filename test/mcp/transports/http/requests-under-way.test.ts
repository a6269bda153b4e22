import { describe, expect, it } from "vitest";
import { modern, openSession, post } from "../../../support/http.ts";
import { bearer } from "../../../support/token-file.ts";
import { until } from "../../../support/until.ts";
import {
  ask,
  type Held,
  type Host,
  head,
  hold,
  holdMany,
  type Limits,
  type More,
  openOf,
  plain,
  probe,
  refused,
  start,
} from "./held-connections.ts";
import { byName } from "./own-host.ts";

/** Opens a session and its stream, which stays open. */
const listen = async (host: Host): Promise<Held> => {
  const session = await openSession(host.url);
  const lines = ["Host: localhost", "Accept: text/event-stream", `Mcp-Session-Id: ${session}`];
  const held = await hold(host, `GET /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  await until(() => held.got.includes(" 200 "), "the stream");
  return held;
};

/** A server with a tool that ends when the test says so. */
const startSlow = async (limits: Limits, more: More = {}) => {
  const ends: (() => void)[] = [];
  const factory = () => {
    const server = plain();
    server.setRequestHandler(
      "tools/list",
      () =>
        new Promise<{ tools: [] }>((resolve) => {
          ends.push(() => resolve({ tools: [] }));
        }),
    );
    return server;
  };
  return { ends, host: await start(limits, factory, more) };
};

describe("requests that are under way", () => {
  const list = modern("tools/list");
  const statusOf = async (host: Host, headers = {}) => {
    const response = await post(host.url, list, headers);
    await response.text();
    return response.status;
  };

  it("are not closed for others, and leave room for probes", async () => {
    const { host, ends } = await startSlow({ connections: 16, connectionsEach: 16 });
    const running = Array.from({ length: 14 }, () => statusOf(host));
    await until(() => ends.length === 14, "all of them");
    expect(await ask(host, "/mcp")).toEqual({ status: 503, retryAfter: "1" });
    expect(refused).toContainEqual(["too_many_requests", undefined]);
    await holdMany(host, 20);
    expect(await probe(host)).toBe(200);
    for (const end of ends) end();
    expect(await Promise.all(running)).toEqual(running.map(() => 200));
    expect((await ask(host, "/mcp")).status).not.toBe(503);
  });

  it("go before those that have not arrived completely", async () => {
    const host = await start({ connections: 16, connectionsEach: 16 });
    const slow = await holdMany(host, 14, `${head}Content-Length: 100\r\n\r\n{`);
    const stream = await listen(host);
    expect(slow[0]?.open).toBe(false);
    expect([slow[13]?.open, stream.open]).toEqual([true, true]);
  });

  it("go before streams that only listen, of which the oldest is closed", async () => {
    const host = await start({ connections: 16, connectionsEach: 16 });
    const streams: Held[] = [];
    for (let count = 0; count < 14; count += 1) streams.push(await listen(host));
    expect((await ask(host, "/mcp")).status).toBe(405);
    await until(() => streams[0]?.open === false, "the end of the first");
    expect(openOf(streams).filter((open) => open)).toHaveLength(13);
  });

  it("are for one caller at most a fifth of what one address has", async () => {
    const { host, ends } = await startSlow({ connections: 32 }, { authentication: byName });
    const all = ["a", "a", "a", "b"].map((name) => statusOf(host, bearer(name)));
    await until(() => ends.length === 4, "all of them");
    expect(await statusOf(host, bearer("a"))).toBe(503);
    expect(refused).toContainEqual(["too_many_requests", { principal: "a" }]);
    ends[0]?.();
    await until(async () => {
      const another = statusOf(host, bearer("a"));
      return Promise.race([another, until(() => ends.length === 5, "the next")]).then(
        (status) => status !== 503,
      );
    }, "room for one more");
    for (const end of ends) end();
    expect(await Promise.all(all)).toEqual([200, 200, 200, 200]);
  });
});

describe("a client that reads none of its responses", () => {
  it("is cut off", async () => {
    // More than the system keeps for a client that does not read.
    const long = "x".repeat(2 ** 24);
    const factory = () => {
      const server = plain();
      server.setRequestHandler("tools/list", () => ({
        tools: [{ name: "long", description: long, inputSchema: { type: "object" } }],
      }));
      return server;
    };
    const host = await start({ unreadMs: 200 }, factory);
    const { headers, body } = modern("tools/list");
    const text = JSON.stringify(body);
    const fields = { host: "localhost", "content-length": `${text.length}`, ...headers };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
    const held = await hold(host);
    held.socket.pause();
    held.socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    held.socket.resume();
    await until(() => !held.open, "the end of the connection");
    expect(held.got).toContain(" 200 ");
    expect(held.got.length).toBeLessThan(long.length);
  });
});
