import { readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPasswordFiles, type Kept } from "../../src/credential-files/files.ts";
import { groupId } from "../support/atlas.ts";
import { passwordsIn } from "../support/passwords-in.ts";
import { envOf, openHome, srv } from "./folder.ts";

const revealed = (kept: Kept) => kept.password.reveal();

/** A user whose password Atlas has accepted. */
const openConfirmed = async () => {
  const home = await openHome();
  const first = await home.files.keep(home.user);
  await home.files.confirm(first);
  return {
    ...home,
    first,
    path: first.path,
    onPath: async () => (await envOf(first.path)).MONGODB_PASSWORD,
    names: async () => (await readdir(join(home.folder, groupId))).sort(),
  };
};

describe("a password that Atlas has accepted", () => {
  it("is not used again, and stays beside the new one", async () => {
    const { files, user, first, folder, onPath } = await openConfirmed();
    const second = await files.keep(user);
    expect(second).toMatchObject({ path: first.path, made: true });
    expect(revealed(second)).not.toBe(revealed(first));
    expect(await onPath()).toBe(revealed(second));
    expect(passwordsIn(folder).sort()).toEqual([revealed(first), revealed(second)].sort());
    const text = await readFile(first.path, "utf8");
    expect(text).toContain(`The password before this one is in ${basename(second.before ?? "")}.`);
  });

  it("goes once Atlas has accepted the new one", async () => {
    const { files, user, path, names, onPath } = await openConfirmed();
    const second = await files.keep(user);
    expect(await files.confirm(second, srv)).toEqual({ path, hasUri: true });
    expect(await names()).toEqual(["app.env"]);
    expect(await onPath()).toBe(revealed(second));
    expect(await readFile(path, "utf8")).not.toMatch(/before|confirmed/);
  });

  it("goes too where another process has the new one accepted", async () => {
    const { files, user, folder, names, onPath } = await openConfirmed();
    const second = await files.keep(user);
    const other = createPasswordFiles(folder);
    const shared = await other.keep(user);
    expect(revealed(shared)).toBe(revealed(second));
    await other.confirm(shared);
    await files.discard(second);
    expect(await names()).toEqual(["app.env"]);
    expect(await onPath()).toBe(revealed(second));
  });

  it("is put back after a refusal", async () => {
    const { files, user, first, path, names } = await openConfirmed();
    const text = await readFile(path, "utf8");
    await files.discard(await files.keep(user));
    expect(await names()).toEqual(["app.env"]);
    expect(await readFile(path, "utf8")).toBe(text);
    expect(revealed(await files.keep(user))).not.toBe(revealed(first));
  });

  it("is put back after a refusal, and the new one stays aside while another call uses it", async () => {
    const { files, user, first, folder, names, onPath } = await openConfirmed();
    const second = await files.keep(user);
    const shared = await files.keep(user);
    await files.discard(second);
    expect(await onPath()).toBe(revealed(first));
    expect(passwordsIn(folder).sort()).toEqual([revealed(first), revealed(second)].sort());
    await files.confirm(shared);
    expect(await onPath()).toBe(revealed(second));
    expect(await names()).toEqual(["app.env"]);
  });

  it("stays where the response was lost, and is named", async () => {
    const { files, user, first, folder, path } = await openConfirmed();
    const second = await files.keep(user);
    const onFile = await files.confirm(second, undefined, false);
    expect(onFile).toEqual({ path, hasUri: false, before: second.before });
    expect(passwordsIn(folder).sort()).toEqual([revealed(first), revealed(second)].sort());
  });

  it("is one of two where nobody knows which, and a later confirmation removes it", async () => {
    const { files, user, names, path } = await openConfirmed();
    const second = await files.keep(user);
    const { before } = second;
    expect(await files.find(user)).toEqual({ path, hasUri: false, unclear: true, before });
    await files.confirm(second);
    expect(await names()).toEqual(["app.env"]);
  });

  it("goes with those before it", async () => {
    const { files, user, names, onPath } = await openConfirmed();
    await files.keep(user);
    await files.find(user);
    const third = await files.keep(user);
    expect(await names()).toHaveLength(3);
    await files.confirm(third);
    expect(await names()).toEqual(["app.env"]);
    expect(await onPath()).toBe(revealed(third));
  });
});

it("a password whose user a look-up has shown is not used again", async () => {
  const { files, user } = await openHome();
  const first = await files.keep(user);
  await files.find(user);
  expect(revealed(await files.keep(user))).not.toBe(revealed(first));
});

describe("many processes at once", () => {
  it("renew a password once", async () => {
    const { folder, user, first } = await openConfirmed();
    const all = await Promise.all(
      Array.from({ length: 24 }, () => createPasswordFiles(folder).keep(user)),
    );
    expect(new Set(all.map(revealed)).size).toBe(1);
    expect(all.filter((one) => one.made)).toHaveLength(1);
    expect(passwordsIn(folder)).toHaveLength(2);
    expect(passwordsIn(folder)).toContain(revealed(first));
  });

  it("lose no password that one of them had accepted", async () => {
    for (let round = 0; round < 30; round += 1) {
      const { folder, user, first } = await openConfirmed();
      const kept = await Promise.all(
        [1, 2, 3].map(() => createPasswordFiles(folder).keep(user, round % 2 ? srv : undefined)),
      );
      const accepted = kept[round % 3] ?? first;
      await Promise.all(
        kept.map((one) => {
          const files = createPasswordFiles(folder);
          return one === accepted ? files.confirm(one, srv) : files.discard(one);
        }),
      );
      expect(passwordsIn(folder)).toContain(revealed(accepted));
    }
  });
});

describe("after a crash", () => {
  it.each(["keep", "find", "confirm"] as const)(
    "a file that was only moved is back for %s",
    async (next) => {
      const { files, user } = await openHome();
      const kept = await files.keep(user);
      await rename(kept.path, kept.path.replace(".env", "~moved-1.env"));
      const found = await (next === "find" ? files.find(user) : files[next](kept));
      expect(found?.path).toBe(kept.path);
      expect((await envOf(kept.path)).MONGODB_PASSWORD).toBe(revealed(kept));
      expect(await readdir(dirname(kept.path))).toEqual(["app.env"]);
    },
  );

  it("between the move of an old file and the new one, the old one is renewed again", async () => {
    const { files, user, first, path, folder } = await openConfirmed();
    await rename(path, path.replace(".env", "~moved-1.env"));
    const second = await files.keep(user);
    expect(revealed(second)).not.toBe(revealed(first));
    expect(passwordsIn(folder).sort()).toEqual([revealed(first), revealed(second)].sort());
  });

  it("a file that somebody removed is not replaced by one beside it", async () => {
    const { files, user, path } = await openConfirmed();
    await files.keep(user);
    await rm(path);
    expect(await files.find(user)).toBeUndefined();
  });
});
