import { afterEach, describe, expect, it, vi } from "vitest";
import { createPasswordFiles, type Kept } from "../../src/credential-files/files.ts";
import { passwordsIn } from "../support/passwords-in.ts";
import { crashAfter } from "./crashes.ts";
import { envOf, openHome, srv } from "./folder.ts";

afterEach(() => void vi.restoreAllMocks());

const reveal = (kept: Kept) => kept.password.reveal();

/** A user whose password Atlas has accepted, and one to take its place. */
const open = async (isShared: boolean) => {
  const { files, folder, user } = await openHome();
  const first = await files.keep(user);
  await files.confirm(first);
  const second = await files.keep(user);
  if (isShared) await createPasswordFiles(folder).keep(user);
  return { files, folder, user, first, second };
};

type Opened = Awaited<ReturnType<typeof open>>;

const work: [
  what: string,
  run: (opened: Opened) => Promise<unknown>,
  needs: (one: Opened) => Kept,
][] = [
  ["keep", ({ files, user }) => files.keep(user, srv), ({ second }) => second],
  ["confirm", ({ files, second }) => files.confirm(second, srv), ({ second }) => second],
  ["discard", ({ files, second }) => files.discard(second), ({ first }) => first],
  ["find", ({ files, user }) => files.find(user, srv), ({ second }) => second],
  [
    "keep of the next one",
    async ({ files, user }) => {
      await files.find(user);
      await files.keep(user);
    },
    ({ second }) => second,
  ],
];

describe.each([false, true])("a crash at any step (shared: %s)", (isShared) => {
  it.each(work)(
    "of %s loses no password and leaves a file for the next process",
    async (...row) => {
      const [, run, needs] = row;
      for (let passing = 0; ; passing += 1) {
        const opened = await open(isShared);
        const stepsOf = crashAfter(passing);
        await run(opened).catch(() => {});
        vi.restoreAllMocks();
        expect(passwordsIn(opened.folder)).toContain(reveal(needs(opened)));
        const next = createPasswordFiles(opened.folder);
        const found = await next.find(opened.user);
        const left = [reveal(opened.first), reveal(opened.second)];
        if (row[0] !== "keep of the next one")
          expect(left).toContain((await envOf(found?.path ?? "")).MONGODB_PASSWORD);
        const renewed = await next.keep(opened.user);
        expect(left).not.toContain(reveal(renewed));
        if (stepsOf() <= passing) break;
      }
    },
  );
});
