import { describe, expect, it } from "vitest";
import { affordableConnections } from "../../../../src/mcp/transports/http/connections.ts";
import { until } from "../../../support/until.ts";
import { get, head, hold, holdMany, openOf, probe, refused, start } from "./held-connections.ts";

const waiting: [what: string, text: string][] = [
  ["that say nothing", ""],
  ["that stop within their headers", "POST /mcp HTTP/1.1\r\nHost: loc"],
  ["that stop within their body", `${head}Content-Length: 100\r\n\r\n{`],
  ["that have asked once and stay", get],
];

describe("connections from one address", () => {
  it.each(waiting)("%s never keep a probe out, however many they are", async (_what, text) => {
    const host = await start({ connections: 20 });
    await holdMany(host, 60, text);
    for (let round = 0; round < 5; round += 1) expect(await probe(host)).toBe(200);
    expect(refused).toContainEqual(["too_many_connections", { address: "127.0.0.1" }]);
  });

  it("are half of all, and the one that has waited longest goes", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 5);
    await until(() => all[0]?.open === false, "the end of the first");
    expect(openOf(all)).toEqual([false, true, true, true, true]);
  });

  it("can be as many as the operator says", async () => {
    const host = await start({ connections: 8, connectionsEach: 7 });
    const all = await holdMany(host, 7);
    expect(await probe(host)).toBe(200);
    expect(openOf(all)).toEqual([false, true, true, true, true, true, true]);
  });

  it("keep their order by the end of their last request", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 4);
    all[0]?.socket.write(get);
    await until(() => all[0]?.got.includes('"ok"'), "an answer");
    all.push(await hold(host));
    await until(() => all[1]?.open === false, "the end of the second");
    expect(openOf(all)).toEqual([true, false, true, true, true]);
  });
});

describe.runIf(process.platform === "linux")("connections from many addresses", () => {
  const each = (index: number) => `127.0.0.${index + 2}`;

  it.each(waiting)("%s never keep a probe out, however many they are", async (_what, text) => {
    const host = await start({ connections: 20 });
    await holdMany(host, 60, text, each);
    for (let round = 0; round < 5; round += 1) expect(await probe(host)).toBe(200);
  });

  it("are closed first where one address has most", async () => {
    const host = await start({ connections: 8, connectionsEach: 8 });
    const quiet = await hold(host, "", "127.0.0.9");
    const greedy = await holdMany(host, 7);
    await hold(host, "", "127.0.0.10");
    await until(() => greedy[0]?.open === false, "the end of the first");
    expect([quiet.open, ...openOf(greedy).slice(1)]).toEqual(greedy.map(() => true));
  });

  it("have their own shares: what one may not have, another one gets", async () => {
    const host = await start({ connections: 8 });
    const all = await holdMany(host, 8, "", (index) => (index < 4 ? "127.0.0.2" : "127.0.0.3"));
    await hold(host, "", "127.0.0.2");
    await until(() => all[0]?.open === false, "the end of the first");
    expect(openOf(all).filter((open) => open)).toHaveLength(7);
  });
});

describe("the connections that a process takes", () => {
  it.each([
    [undefined, 1024],
    [1_048_576, 1024],
    [1024, 512],
    [256, 128],
    [10, 8],
  ])("with a limit of %s files are %s", (limit, most) => {
    expect(affordableConnections(limit ?? Number.POSITIVE_INFINITY)).toBe(most);
  });
});
