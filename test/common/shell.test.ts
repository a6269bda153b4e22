import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { quoteForShell } from "../../src/common/shell.ts";

it.each([
  "/home/me/a.env",
  "/tmp/my files/it's.env",
  '"$HOME" `id` $(id) \\',
  "~/x",
  "*?[a]{b,c}",
  "a\nb",
  "#x",
  "-n",
  "",
  "ünï🙂 !",
])("%s is one word for a shell, as it was", (word) => {
  const script = `printf '%s|' x ${quoteForShell(word, "linux")}`;
  expect(execFileSync("sh", ["-c", script]).toString()).toBe(`x|${word}|`);
});

it("leaves a word that needs no quotes as it is", () => {
  expect(quoteForShell("/home/me/app%20one.env", "linux")).toBe("/home/me/app%20one.env");
  expect(quoteForShell("C:\\Users\\me\\app.env", "win32")).toBe("C:\\Users\\me\\app.env");
});

it("takes the quotes that Windows knows", () => {
  expect(quoteForShell("C:\\My Files\\app.env", "win32")).toBe('"C:\\My Files\\app.env"');
});
