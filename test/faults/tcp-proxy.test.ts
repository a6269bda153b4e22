import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createHttp } from "../../src/atlas/http.ts";
import { type FakeAtlas, json, startFakeAtlas } from "../support/fake-atlas.ts";
import { startTcpProxy, type TcpProxy, type WireFault } from "./tcp-proxy.ts";

const body = { id: "5e2211c17a3e5a48f5497de3", name: "shop" };

let server: FakeAtlas;
let proxy: TcpProxy;
let ask: (method?: string) => Promise<string>;

beforeEach(async () => {
  server = await startFakeAtlas((_seen, response) => json(response, 201, body));
  proxy = await startTcpProxy(server.url);
  const http = createHttp({ requestTimeoutMs: 300 });
  ask = async (method = "POST") => {
    const signal = new AbortController().signal;
    const url = `${proxy.url}/groups`;
    const attempt = await http.send({ method, url, headers: {}, body: "{}" }, signal);
    if ("error" in attempt) return attempt.error.sent ? "broken" : "not sent";
    return `${attempt.response.status} ${JSON.stringify(attempt.response.json)}`;
  };
  onTestFinished(async () => {
    await http.close();
    await proxy.close();
    await server.close();
  });
});

const strike = (fault: WireFault, on: number | "always" = 1) =>
  proxy.script({ method: "POST", path: /^\/groups/, fault, on });

const whole = `201 ${JSON.stringify(body)}`;

describe("the TCP proxy", () => {
  it.each<[fault: WireFault, answer: string, delivered: number]>([
    ["pass", whole, 1],
    ["reset_before_forward", "broken", 0],
    ["reset_before_answer", "broken", 1],
    ["reset_after_first_byte", "broken", 1],
    ["truncate:20", "broken", 1],
    ["truncate:-1", "broken", 1],
    ["black_hole_delivered", "broken", 1],
    ["black_hole_undelivered", "broken", 0],
    ["latency:30", whole, 1],
    ["latency:400", "broken", 1],
    ["garbage", "broken", 1],
    ["portal", "200 undefined", 0],
    ["drip", whole, 1],
  ])("does %s once: %s, %i delivered, and the next request passes", async (fault, answer, n) => {
    strike(fault);
    expect(await ask()).toBe(answer);
    expect(server.seen).toHaveLength(n);
    expect(await ask()).toBe(whole);
    expect(proxy.fired).toEqual({ [fault]: 1 });
    expect(proxy.passed.map((one) => one.fault)).toEqual([fault, "pass"]);
  });

  it("strikes the n-th request that matches, and no other", async () => {
    strike("reset_before_answer", 2);
    expect([await ask(), await ask("GET"), await ask(), await ask()]).toEqual([
      whole,
      whole,
      "broken",
      whole,
    ]);
  });

  it("strikes always where it is told so", async () => {
    strike("garbage", "always");
    expect([await ask(), await ask(), await ask("GET")]).toEqual(["broken", "broken", whole]);
    expect(proxy.fired).toEqual({ garbage: 2 });
  });

  it("is gone after an answer, so that nothing is sent, until it listens again", async () => {
    strike("then_gone");
    expect([await ask(), await ask()]).toEqual([whole, "not sent"]);
    await proxy.listen();
    expect(await ask()).toBe(whole);
    expect(server.seen).toHaveLength(2);
  });

  it("passes on that a server hung up in the middle of an answer", async () => {
    const cut = await startFakeAtlas((_seen, response) => {
      response.writeHead(201, { "content-length": "500" });
      response.write("{", () => response.socket?.destroy());
      return true;
    });
    const before = await startTcpProxy(cut.url);
    onTestFinished(async () => {
      await before.close();
      await cut.close();
    });
    await expect(fetch(before.url).then((answer) => answer.text())).rejects.toThrow();
  });
});
