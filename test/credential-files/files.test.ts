import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { generatePassword } from "../../src/credential-files/generate.ts";
import { passwordsFolder } from "../../src/credential-files/paths.ts";
import { groupId } from "../support/atlas.ts";
import { envOf, modeOf, openHome, srv } from "./folder.ts";

describe("a generated password", () => {
  it("is of letters and digits, and long enough for 128 bits", () => {
    const all = Array.from({ length: 50 }, () => generatePassword().reveal());
    for (const one of all) expect(one).toMatch(/^[A-Za-z0-9]{22,}$/);
    expect(new Set(all).size).toBe(50);
    expect(new Set(all.join("")).size).toBe(62);
  });
});

describe("a credential file", () => {
  it("is made with a password, for its owner alone, below folders for their owner alone", async () => {
    const { home, folder, files, user } = await openHome();
    const kept = await files.keep(user);
    expect(kept).toMatchObject({ path: join(folder, groupId, "app.env"), made: true });
    expect(await envOf(kept.path)).toEqual({
      MONGODB_USERNAME: "app",
      MONGODB_PASSWORD: kept.password.reveal(),
    });
    expect(await modeOf(kept.path)).toBe("600");
    for (const one of [join(home, "data"), folder, dirname(kept.path)])
      expect(await modeOf(one)).toBe("700");
    expect(await readdir(dirname(kept.path))).toEqual(["app.env"]);
  });

  it("that Atlas has not confirmed is used again, and says so", async () => {
    const { files, user } = await openHome();
    const first = await files.keep(user);
    const env = await envOf(first.path);
    const second = await files.keep(user);
    expect(second.made).toBe(false);
    expect(second.password.reveal()).toBe(first.password.reveal());
    expect(await envOf(first.path)).toEqual(env);
    expect(await readFile(first.path, "utf8")).toContain("More than one call has used this");
  });

  it("is one, with one password, for all who ask for it at once", async () => {
    const { folder, user } = await openHome();
    const all = await Promise.all(
      Array.from({ length: 24 }, () => createPasswordFiles(folder).keep(user)),
    );
    expect(new Set(all.map((one) => one.password.reveal())).size).toBe(1);
    expect(all.filter((one) => one.made)).toHaveLength(1);
    expect(await readdir(join(folder, groupId))).toEqual(["app.env"]);
  });

  it("has the whole connection string where one is known", async () => {
    const { files } = await openHome();
    const kept = await files.keep({ groupId, username: "a b/c@d'e" }, srv);
    const { MONGODB_URI, MONGODB_USERNAME } = await envOf(kept.path);
    const url = new URL(MONGODB_URI ?? "");
    expect([url.protocol, url.host, url.pathname]).toEqual([
      "mongodb+srv:",
      "c-0.abcdefg.mongodb.invalid",
      "/",
    ]);
    expect(decodeURIComponent(url.username)).toBe("a b/c@d'e");
    expect(url.password).toBe(kept.password.reveal());
    // A quote cannot be had in a quoted value.
    expect(MONGODB_USERNAME).toBeUndefined();
  });

  it("gets its connection string later, and keeps all else", async () => {
    const { files, user } = await openHome();
    const kept = await files.keep(user);
    await writeFile(kept.path, `${await readFile(kept.path, "utf8")}MINE=1\n`);
    await files.keep(user, srv);
    const completed = await envOf(kept.path);
    expect(completed).toMatchObject({
      MINE: "1",
      MONGODB_PASSWORD: kept.password.reveal(),
      MONGODB_URI: `mongodb+srv://app:${kept.password.reveal()}@c-0.abcdefg.mongodb.invalid/?retryWrites=true&w=majority`,
    });
    expect(await modeOf(kept.path)).toBe("600");
  });

  it("gets the connection string of another cluster in place of its own, not of a person's", async () => {
    const { files, user } = await openHome();
    const kept = await files.keep(user, srv);
    await files.confirm(kept);
    const another = "mongodb+srv://another.abcdefg.mongodb.invalid";
    expect(await files.find(user, another)).toEqual({ path: kept.path, hasUri: true });
    expect((await envOf(kept.path)).MONGODB_URI).toContain("@another.abcdefg.mongodb.invalid/?");
    const mine = (await readFile(kept.path, "utf8")).replace("w=majority", "appName=mine!");
    await writeFile(kept.path, mine);
    await files.find(user, srv);
    expect(await readFile(kept.path, "utf8")).toBe(mine);
  });

  it.each(["http://evil.example", "mongodb+srv://a'b", "mongodb+srv://a\nMINE=2", ""])(
    "gets none of %j",
    async (standardSrv) => {
      const { files, user } = await openHome();
      const kept = await files.keep(user, standardSrv);
      const names = Object.keys(await envOf(kept.path)).sort();
      expect(names).toEqual(["MONGODB_PASSWORD", "MONGODB_USERNAME"]);
    },
  );

  it("is found, or not", async () => {
    const { files, user } = await openHome();
    expect(await files.find(user)).toBeUndefined();
    const kept = await files.keep(user);
    const onFile = { path: kept.path, hasUri: true };
    expect(await files.find(user, srv)).toEqual({ ...onFile, unclear: true });
    expect(await envOf(kept.path)).toHaveProperty("MONGODB_URI");
    await files.confirm(kept);
    expect(await files.find(user, srv)).toEqual(onFile);
  });
});

describe("the name of a credential file", () => {
  const nameFor = async (username: string) => {
    const { folder, files } = await openHome();
    const { path } = await files.keep({ groupId, username });
    expect(dirname(path)).toBe(join(folder, groupId));
    expect((await files.keep({ groupId, username })).made).toBe(false);
    return path.slice(dirname(path).length + 1);
  };

  it("is no path, and has nothing that a file system minds", async () => {
    for (const username of ["../../etc/passwd", "..", ".", "a/b", "C:\\x", "nul\u202e", "é", "a b"])
      expect(await nameFor(username)).toMatch(/^[a-z0-9_%-]+\.env$/);
  });

  it("is another one for every user, where case does not count either", async () => {
    const long = "x".repeat(1000);
    const users = ["app", "App", "APP", "a%70p", "é", "e\u0301", long, `${long}y`, `${long}Y`, "."];
    const names = await Promise.all(users.map(nameFor));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(users.length);
    for (const name of names) expect(name.length).toBeLessThan(150);
  });

  it("is below its own project", async () => {
    const { files, user } = await openHome();
    const other = "5e2211c17a3e5a48f5497de9";
    const [one, another] = [await files.keep(user), await files.keep({ ...user, groupId: other })];
    expect(one.path).not.toBe(another.path);
    await expect(files.keep({ ...user, groupId: "../x" })).rejects.toThrow();
  });
});

it("has its folder below XDG_DATA_HOME, or the home's own place for data", () => {
  const end = "/atlas-provision-mcp/credentials";
  expect(passwordsFolder({ XDG_DATA_HOME: "/data" }, "/home/a")).toBe(`/data${end}`);
  expect(passwordsFolder({}, "/home/a")).toBe(`/home/a/.local/share${end}`);
  expect(passwordsFolder({ XDG_DATA_HOME: "data" }, "/home/a")).toBe(`/home/a/.local/share${end}`);
  expect(passwordsFolder({ XDG_DATA_HOME: "/data" }, undefined)).toBe(`/data${end}`);
  expect(passwordsFolder({ XDG_DATA_HOME: "data" }, undefined)).toBeUndefined();
});
