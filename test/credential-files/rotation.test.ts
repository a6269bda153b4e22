import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPasswordFiles, type Kept } from "../../src/credential-files/files.ts";
import { groupId } from "../support/atlas.ts";
import { passwordsIn } from "../support/passwords-in.ts";
import { crashAfter } from "./crashes.ts";
import { envOf, openHome, srv } from "./folder.ts";

afterEach(() => void vi.restoreAllMocks());

const revealed = (kept: Kept) => kept.password.reveal();

/** A user whose password Atlas has accepted, and the text of its file. */
const open = async () => {
  const home = await openHome();
  const first = await home.files.keep(home.user);
  const { path } = await home.files.confirm(first, srv);
  return {
    ...home,
    first,
    path,
    text: await readFile(path, "utf8"),
    onPath: async () => (await envOf(path)).MONGODB_PASSWORD,
    names: async () => (await readdir(join(home.folder, groupId))).sort(),
  };
};

describe("a new password for a user that exists", () => {
  it("is another one than any on file, whatever state that is in", async () => {
    const { files, user, first, folder } = await open();
    const unclear = await files.renew(user);
    const other = await files.renew(user);
    const pending = await files.keep({ ...user, username: "pending" });
    const renewed = await files.renew({ ...user, username: "pending" });
    expect(new Set([first, unclear, other, pending, renewed].map(revealed)).size).toBe(5);
    expect(passwordsIn(folder)).toHaveLength(5);
  });

  it("is never used by a create: the user may have been deleted to revoke it", async () => {
    const { files, user } = await open();
    const renewed = await files.renew(user);
    expect(revealed(await files.keep(user))).not.toBe(revealed(renewed));
  });

  it("has the address, and alone stays once Atlas has accepted it", async () => {
    const { files, user, path, onPath, names } = await open();
    const renewed = await files.renew(user, srv);
    expect((await envOf(path)).MONGODB_URI).toContain(revealed(renewed));
    expect(await files.confirm(renewed, srv)).toEqual({ path, hasUri: true });
    expect([await onPath(), await names()]).toEqual([revealed(renewed), ["app.env"]]);
    expect(await readFile(path, "utf8")).not.toMatch(/before|confirmed/);
  });

  it("leaves the old file as it was where Atlas refuses it", async () => {
    const { files, user, path, text, names } = await open();
    await files.discard(await files.renew(user));
    expect([await readFile(path, "utf8"), await names()]).toEqual([text, ["app.env"]]);
  });

  it("leaves no file where Atlas refuses it and there was none", async () => {
    const { files, user } = await openHome();
    await files.discard(await files.renew(user));
    expect(await files.find(user)).toBeUndefined();
  });

  it("stays with the one before it where nobody knows, and both are named", async () => {
    const { files, user, path, folder, first } = await open();
    const renewed = await files.renew(user);
    expect(await files.leave(renewed)).toEqual({ path, before: renewed.before });
    expect(await files.find(user)).toMatchObject({ unclear: true, before: renewed.before });
    expect(passwordsIn(folder).sort()).toEqual([revealed(first), revealed(renewed)].sort());
  });
});

describe("two servers that rotate at once", () => {
  const both = async () => {
    const opened = await open();
    const other = createPasswordFiles(opened.folder);
    return {
      ...opened,
      other,
      one: await opened.files.renew(opened.user),
      two: await other.renew(opened.user),
    };
  };

  it("keep both passwords where Atlas accepts both: the later one is right", async () => {
    const { files, other, one, two, path, folder, onPath } = await both();
    expect((await other.confirm(two)).path).toBe(path);
    const beside = await files.confirm(one);
    expect(beside.path).not.toBe(path);
    expect(await onPath()).toBe(revealed(two));
    expect(passwordsIn(folder).sort()).toEqual([revealed(one), revealed(two)].sort());
  });

  it("keep the one whose answer was lost where the other was accepted", async () => {
    const { files, other, one, two, path } = await both();
    await other.confirm(two);
    const left = await files.leave(one);
    expect(left).toMatchObject({ before: path });
    expect((await envOf(left.path)).MONGODB_PASSWORD).toBe(revealed(one));
  });

  it.each(["first", "second"])(
    "have the old file again where both are refused, the %s one first",
    async (which) => {
      const { files, other, one, two, path, text, names } = await both();
      const discards = [() => files.discard(one), () => other.discard(two)];
      for (const discard of which === "first" ? discards : discards.reverse()) await discard();
      expect([await readFile(path, "utf8"), await names()]).toEqual([text, ["app.env"]]);
    },
  );

  it("lose nothing where all are refused at the same moment, and say what is not certain", async () => {
    for (let round = 0; round < 30; round += 1) {
      const { folder, user, first, files, onPath } = await open();
      const rotations = [1, 2, 3].map(async () => {
        const own = createPasswordFiles(folder);
        await own.discard(await own.renew(user));
      });
      await Promise.all(rotations);
      expect(passwordsIn(folder)).toContain(revealed(first));
      if ((await onPath()) === revealed(first)) continue;
      expect(await files.find(user)).toMatchObject({ unclear: true, before: expect.any(String) });
    }
  });

  it("have the accepted one where the other is refused, before or after", async () => {
    for (const isBefore of [true, false]) {
      const { files, other, one, two, onPath, names } = await both();
      if (isBefore) await files.discard(one);
      await other.confirm(two);
      await files.discard(one);
      expect([await onPath(), await names()]).toEqual([revealed(two), ["app.env"]]);
    }
    const { files, other, one, two, onPath, names } = await both();
    await other.discard(two);
    await files.confirm(one);
    expect([await onPath(), await names()]).toEqual([revealed(one), ["app.env"]]);
  });
});

describe("a crash at any step of a rotation", () => {
  type Opened = Awaited<ReturnType<typeof open>> & { renewed: Kept };
  const work: [
    what: string,
    run: (one: Opened) => Promise<unknown>,
    needs: (one: Opened) => Kept,
  ][] = [
    ["renew", ({ files, user }) => files.renew(user, srv), ({ renewed }) => renewed],
    ["confirm", ({ files, renewed }) => files.confirm(renewed, srv), ({ renewed }) => renewed],
    ["discard", ({ files, renewed }) => files.discard(renewed), ({ first }) => first],
    ["leave", ({ files, renewed }) => files.leave(renewed), ({ renewed }) => renewed],
  ];

  it.each(work)("(%s) loses no password and leaves a file for the next process", async (...row) => {
    const [, run, needs] = row;
    for (let passing = 0; ; passing += 1) {
      const opened = await open();
      const all = { ...opened, renewed: await opened.files.renew(opened.user) };
      const stepsOf = crashAfter(passing);
      await run(all).catch(() => {});
      vi.restoreAllMocks();
      expect(passwordsIn(all.folder)).toContain(revealed(needs(all)));
      const next = createPasswordFiles(all.folder);
      expect(await next.find(all.user)).toMatchObject({ path: all.path });
      const renewed = await next.renew(all.user);
      expect([revealed(all.first), revealed(all.renewed)]).not.toContain(revealed(renewed));
      await next.confirm(renewed);
      if (stepsOf() <= passing) break;
    }
  });
});
