import { expect, it } from "vitest";
import { until } from "../../../support/until.ts";
import { get, hold, probe, start } from "./held-connections.ts";

const answersOf = ({ got }: { got: string }) => got.split("HTTP/1.1 200 OK").length - 1;

it("closes a connection that sends many requests at once, and others go on", async () => {
  const host = await start({});
  const all = await Promise.all(Array.from({ length: 20 }, () => hold(host, get.repeat(100))));
  expect(await probe(host)).toBe(200);
  await until(() => all.every(({ open }) => !open), "the end of the connections");
  for (const one of all) expect(answersOf(one)).toBeLessThanOrEqual(1);
});

it("serves one request after another on the same connection", async () => {
  const host = await start({});
  const held = await hold(host);
  for (const count of [1, 2, 3]) {
    held.socket.write(get);
    await until(() => answersOf(held) === count, `answer ${count}`);
  }
  expect(held.open).toBe(true);
});
