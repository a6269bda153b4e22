import { readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { envOf, modeOf, openHome, srv } from "./folder.ts";

describe("a credential file after a refusal", () => {
  it("is removed by the call that made it", async () => {
    const { files, user } = await openHome();
    await files.discard(await files.keep(user));
    expect(await files.find(user)).toBeUndefined();
  });

  it("stays where another call uses its password: Atlas may accept that call at any moment", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    const shared = await files.keep(user);
    await files.discard(shared);
    await files.discard(made);
    expect((await envOf(made.path)).MONGODB_PASSWORD).toBe(shared.password.reveal());
  });

  it("stays where another call was accepted with it meanwhile", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    const shared = await files.keep(user);
    const { path } = await files.confirm(shared);
    await files.discard(made);
    expect((await envOf(path)).MONGODB_PASSWORD).toBe(shared.password.reveal());
  });

  it("stays while another call is accepted with it at the same moment", async () => {
    const { files, user } = await openHome();
    for (let round = 0; round < 20; round += 1) {
      const one = { ...user, username: `app-${round}` };
      const made = await files.keep(one);
      const shared = await files.keep(one);
      const [{ path }] = await Promise.all([files.confirm(shared), files.discard(made)]);
      expect((await envOf(path)).MONGODB_PASSWORD).toBe(shared.password.reveal());
    }
  });

  it("stays where its password is another one by now", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    await writeFile(made.path, "MONGODB_PASSWORD=typed-by-hand\n");
    await files.discard(made);
    expect(await readFile(made.path, "utf8")).toBe("MONGODB_PASSWORD=typed-by-hand\n");
  });

  it("is no trouble where it is gone already", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    await rm(made.path);
    await files.discard(made);
    expect(await files.find(user)).toBeUndefined();
  });
});

describe("a credential file that Atlas's acceptance confirms", () => {
  it("gets its connection string, and says no longer that it waits for Atlas", async () => {
    const { files, user } = await openHome();
    const kept = await files.keep(user);
    expect(await readFile(kept.path, "utf8")).toContain("# Atlas has not confirmed this user yet.");
    expect(await files.confirm(kept, srv)).toEqual({ path: kept.path, hasUri: true });
    expect(await envOf(kept.path)).toHaveProperty("MONGODB_URI");
    expect(await readFile(kept.path, "utf8")).not.toContain("not confirmed");
  });

  it("is there again where somebody has removed it meanwhile", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    await rm(made.path);
    expect((await files.confirm(made)).path).toBe(made.path);
    expect((await envOf(made.path)).MONGODB_PASSWORD).toBe(made.password.reveal());
  });

  it("stands beside another one that has taken its place, and neither password is lost", async () => {
    const { files, user } = await openHome();
    const made = await files.keep(user);
    await files.discard(made);
    const other = await files.keep(user);
    const { path } = await files.confirm(made, srv);
    expect(path).not.toBe(other.path);
    expect((await envOf(path)).MONGODB_PASSWORD).toBe(made.password.reveal());
    expect((await envOf(other.path)).MONGODB_PASSWORD).toBe(other.password.reveal());
    expect(await modeOf(path)).toBe("600");
  });
});
