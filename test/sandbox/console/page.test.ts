import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { page } from "../../../sandbox/src/console/page.ts";
import { start } from "../harness.ts";
import { ask } from "./stream.ts";

const between = (start: string, end: string): string => page.split(start)[1]?.split(end)[0] ?? "";

const script = between('<script type="module">', "</script>");
const style = between("<style>", "</style>");

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("the page comes with a policy that lets in its own script and style, and nothing else", async () => {
  const { sandbox } = await start();
  const response = await ask(sandbox.url);
  expect(response.status).toBe(200);
  expect(response.text).toBe(page);
  const policy = `${response.headers["content-security-policy"]}`.split("; ");
  expect(policy).toEqual([
    "default-src 'none'",
    `script-src ${sha256(script)}`,
    `style-src ${sha256(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
});

test.each(["/", "/_sandbox/state", "/_sandbox/events"])("%s is kept from others", async (path) => {
  const { sandbox } = await start();
  expect((await ask(`${sandbox.url}${path}`)).headers).toMatchObject({
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
});

test("the page is one text without an address outside", () => {
  // The name of the icon's format is no address that anything is loaded from.
  const rest = page.replace("http://www.w3.org/2000/svg", "");
  expect(rest).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/i);
  expect([...page.matchAll(/<(script|link|img|iframe|object|embed)\b[^>]*>/g)].map(String)).toEqual(
    [expect.stringMatching(/^<link rel="icon" href="data:/), '<script type="module">,script'],
  );
  expect(Buffer.byteLength(page)).toBeLessThan(64_000);
});

test("the script is whole, and makes no markup of text", () => {
  expect(script.length).toBeGreaterThan(1000);
  expect(style.length).toBeGreaterThan(1000);
  expect(() => new Script(`"use strict"; ${script}`)).not.toThrow();
  expect(script).not.toMatch(/^(import|export) /m);
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
});

test("HEAD ends, of the page and of the stream", async () => {
  const { sandbox } = await start();
  for (const path of ["/", "/_sandbox/events"])
    expect(await ask(`${sandbox.url}${path}`, {}, "HEAD")).toMatchObject({ status: 200, text: "" });
});
