import { networkInterfaces } from "node:os";
import { describe, expect, test } from "vitest";
import { start } from "../harness.ts";
import { ask, soon, watch } from "./stream.ts";

/** What a browser sends for a page of another origin, by what the page does. */
const foreign: Record<string, Record<string, string>> = {
  "a script that fetches": {
    Origin: "http://evil.example",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
  },
  "a page in a sandboxed frame": { Origin: "null" },
  "a page of another port of this machine": { Origin: "http://localhost:3000" },
  "an image": { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" },
  "a script tag on another port": { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors" },
  "a frame": {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "iframe",
  },
  "a proxy of this machine": { "X-Forwarded-For": "203.0.113.7" },
  "a proxy that says its own name": { Via: "1.1 proxy" },
  "a proxy that says for which host": { "X-Forwarded-Host": "sandbox.example" },
  "a proxy by RFC 7239": { Forwarded: "for=203.0.113.7" },
  "a name that now leads to this machine": { Host: "rebound.example" },
  "a name that begins like this machine": { Host: "localhost.evil.example" },
};

const paths = ["/", "/_sandbox/events", "/_sandbox/state", "/_sandbox/faults", "/_sandbox/clock"];

describe.each(Object.entries(foreign))("%s", (_what, headers) => {
  test.each(paths)("gets nothing from %s", async (path) => {
    const { sandbox } = await start();
    const response = await ask(`${sandbox.url}${path}`, headers);
    expect(response.status).toBe(403);
    expect(response.text).toMatch(/^\{"error":"[^"]*serve only this machine\."\}$/);
  });

  test("changes nothing", async () => {
    const { createProject, sandbox, script } = await start();
    await createProject("shop");
    await script("listOrgs", "reset");
    for (const [method, path] of [
      ["POST", "/reset"],
      ["DELETE", "/faults"],
    ] as const) {
      const response = await ask(`${sandbox.url}/_sandbox${path}`, headers, method);
      expect(response.status).toBe(403);
    }
    expect(sandbox.state().projects).toHaveLength(1);
    expect(sandbox.faults()).toHaveLength(1);
  });
});

test("the page's own requests are served, at each name of this machine", async () => {
  const { sandbox } = await start();
  const { port } = new URL(sandbox.url);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `sandbox.localhost:${port}`]) {
    const own = { Host: host, Origin: `http://${host}`, "Sec-Fetch-Site": "same-origin" };
    expect((await ask(`${sandbox.url}/_sandbox/reset`, own, "POST")).status).toBe(200);
    const other = { ...own, Origin: `https://${host}` };
    expect((await ask(`${sandbox.url}/_sandbox/reset`, other, "POST")).status).toBe(403);
  }
});

test("the page opens from an address that was typed, and by a link on any page", async () => {
  const { sandbox } = await start();
  const tab = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
  for (const site of ["none", "cross-site"])
    expect((await ask(sandbox.url, { ...tab, "Sec-Fetch-Site": site })).status).toBe(200);
  // Six tabs with a stream would take all connections that a browser opens.
  for (const path of paths.slice(1)) {
    const link = { ...tab, "Sec-Fetch-Site": "cross-site" };
    expect((await ask(`${sandbox.url}${path}`, link)).status).toBe(403);
  }
  // A form of another page opens a tab, too.
  const form = { ...tab, "Sec-Fetch-Site": "cross-site" };
  expect((await ask(`${sandbox.url}/_sandbox/reset`, form, "POST")).status).toBe(403);
});

const outward = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.internal === false && one.family === "IPv4")?.address;

test("another machine gets nothing, whatever it sends", async () => {
  // Without a network there is no other address to come from, and loopback is all that can reach it.
  const { sandbox } = await start({ host: outward === undefined ? "127.0.0.1" : "0.0.0.0" });
  const url = `http://${outward ?? "127.0.0.1"}:${new URL(sandbox.url).port}`;
  const wanted = outward === undefined ? 200 : 403;
  for (const path of ["/", "/_sandbox/events"]) {
    const headers = { Host: new URL(sandbox.url).host };
    expect((await ask(`${url}${path}`, headers)).status).toBe(wanted);
  }
});

test("twenty pages watch, another one is told so, and a place is free again when one leaves", async () => {
  const { sandbox } = await start();
  const pages = await Promise.all(Array.from({ length: 20 }, () => watch(sandbox.url)));
  const more = await ask(`${sandbox.url}/_sandbox/events`);
  expect([more.status, JSON.parse(more.text)]).toEqual([
    503,
    { error: expect.stringContaining("no other one can") },
  ]);
  pages[0]?.close();
  let status: number | undefined;
  await soon(() => {
    if (status !== 200)
      void ask(`${sandbox.url}/_sandbox/events`).then((response) => {
        status = response.status;
      });
    return status === 200;
  });
});
