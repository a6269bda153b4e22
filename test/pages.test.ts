/** The pages hold together: every link between them leads to a file that is there, and to a heading in it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
const pages = tracked
  .split("\n")
  .filter((path) => path.endsWith(".md") && path !== "THIRD_PARTY_NOTICES.md")
  .filter((path) => existsSync(join(root, path)));

/** The text of a page without its blocks of code. */
const proseOf = (path: string): string => read(path).replace(/^```[\s\S]*?^```/gm, "");

/** The anchor that GitHub gives a heading: https://docs.github.com/en/get-started/writing-on-github */
const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (path: string): string[] =>
  [...proseOf(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

type Link = { page: string; target: string; anchor: string | undefined };

const linksOf = (page: string): Link[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, defined]) => inline ?? defined ?? "")
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : normalize(join(dirname(page), file));
      return { page, target, anchor };
    });

const links = pages.flatMap(linksOf);

it("finds the pages and their links", () => {
  expect(pages.length).toBeGreaterThan(20);
  expect(links.length).toBeGreaterThan(150);
});

it.each(pages)("leads on from %s to what is there", (page) => {
  const broken = linksOf(page).filter(
    ({ target, anchor }) =>
      !existsSync(join(root, target)) ||
      (anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

it("reaches every page of docs from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached)
    for (const { target } of linksOf(page)) if (target.endsWith(".md")) reached.add(target);
  const lost = pages.filter((page) => page.startsWith("docs/") && !reached.has(page));
  expect(lost).toEqual([]);
});

describe("a link of the program's own texts", () => {
  const sources = tracked
    .split("\n")
    .filter((path) => /^(src|sandbox\/src)\/.*\.ts$/.test(path) && existsSync(join(root, path)));
  const named = sources.flatMap((path) =>
    [...read(path).matchAll(/\bdocs\/([\w-]+\.md)(?:#([\w-]+))?/g)].map(([, page, anchor]) => ({
      path,
      page: `docs/${page}`,
      anchor,
    })),
  );

  it("names a page, and a heading in it", () => {
    expect(named.length).toBeGreaterThan(20);
    const broken = named.filter(
      ({ page, anchor }) =>
        !existsSync(join(root, page)) ||
        (anchor !== undefined && !anchorsOf(page).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });
});
