import { afterEach, expect, test, vi } from "vitest";
import { start } from "../harness.ts";
import { ask } from "./stream.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const paths = ["/api/atlas/v2/groups", "/api/oauth/token", "/_sandbox/state", "/"];

test.each(paths)(
  "a whole URL with a password for %s is a bad request, and not printed",
  async (path) => {
    const { sandbox } = await start();
    const { host } = new URL(sandbox.url);
    const printed = [vi.spyOn(console, "error"), vi.spyOn(process.stderr, "write")];
    for (const user of ["app:pass-word-7@", "app@", ":pass-word-7@"]) {
      for (const scheme of ["http", "HTTP", "https"]) {
        const target = `${scheme}://${user}${host}${path}`;
        const answer = await ask(sandbox.url, {}, "GET", target);
        expect([target, answer.status, answer.text]).toEqual([target, 400, ""]);
      }
    }
    for (const print of printed) expect(print).not.toHaveBeenCalled();
    expect(JSON.stringify(sandbox.requests())).not.toContain("pass-word-7");
  },
);

test("a whole URL without one is served", async () => {
  const { sandbox } = await start();
  const answer = await ask(sandbox.url, {}, "GET", `${sandbox.url}/_sandbox/state`);
  expect(answer.status).toBe(200);
});
