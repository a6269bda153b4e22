import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { permissionsOf } from "../../support/passwords-folder.ts";
import { run } from "../../support/program.ts";
import { type StoredUser, storeUser } from "../../support/stored-user.ts";

const write = (user: StoredUser, out: string, env: Record<string, string> = {}) =>
  run(["env", ...user.args, "--out", out], { ...user.env, ...env });

const variables = (path: string) => parseEnv(readFileSync(path, "utf8"));

/** What is true of every refusal: one line, nothing secret, and the file as it was. */
const refused = async (user: StoredUser, out: string, says: RegExp) => {
  const before = existsSync(out) ? readFileSync(out) : undefined;
  const { code, stdout, stderr } = await write(user, out);
  expect(stderr).toMatch(/^atlas-provision-mcp: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain(user.password);
  expect([code, stdout]).toEqual([1, ""]);
  expect(existsSync(out) ? readFileSync(out) : undefined).toEqual(before);
  expect(readdirSync(dirname(out)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
};

describe("a new file", () => {
  it("has the variables of the user's own file, for its owner alone", async () => {
    const user = await storeUser();
    const out = join(user.app, ".env");
    const { code, stdout, stderr } = await write(user, out);
    expect([code, stderr]).toEqual([0, ""]);
    expect(variables(out)).toEqual(variables(user.path));
    expect(permissionsOf(out)).toBe("600");
    expect(readdirSync(user.app)).toEqual([".env"]);
    expect(stdout).toBe(
      `MONGODB_URI, MONGODB_USERNAME and MONGODB_PASSWORD are in ${out}: node --env-file='${out}'\n`,
    );
  });

  it.each(["a b", "o'hara", 'say "hi"', "ünï🙂", "$HOME`x`", "#x=1", "..%2f", "a\\"])(
    "of the user %s can be read back, and be completed",
    async (name) => {
      const user = await storeUser(name);
      const out = join(user.app, "it's.env");
      const { code, stdout } = await write(user, out);
      expect(code).toBe(0);
      expect(stdout).toContain(`node --env-file='${out.replace("'", "'\\''")}'`);
      expect(variables(out)).toEqual(variables(user.path));
      const text = readFileSync(out, "utf8");
      expect(await write(user, out)).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(out, "utf8")).toBe(text);
    },
  );

  it("is not made in a folder that is not there", async () => {
    const user = await storeUser();
    const { code, stderr } = await write(user, join(user.app, "none", ".env"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/none does not exist\. Nothing was written/);
  });

  it("is made in the folder that a link leads to", async () => {
    const user = await storeUser();
    symlinkSync(user.app, join(user.home, "link"));
    expect((await write(user, join(user.home, "link", ".env"))).code).toBe(0);
    expect(permissionsOf(join(user.app, ".env"))).toBe("600");
  });
});

describe("a file of somebody else", () => {
  it.each([
    ["variables", "PORT=1\n"],
    ["nothing", ""],
    ["a connection string", "MONGODB_URI=mongodb://localhost\n"],
    ["a comment like the mark", "# Written by atlas-provision-mcp env\n"],
  ])("with %s is not changed", async (_what, text) => {
    const user = await storeUser();
    const out = join(user.app, ".env");
    writeFileSync(out, text, { mode: 0o644 });
    await refused(user, out, /was not written by this command.*--out/);
  });

  it("is not changed where it is the user's own credential file", async () => {
    const user = await storeUser();
    await refused(user, user.path, /was not written by this command/);
  });

  it("is not followed where it is a symbolic link, whether that leads anywhere or not", async () => {
    const user = await storeUser();
    const out = join(user.app, ".env");
    symlinkSync(join(user.home, "elsewhere"), out);
    const ran = await write(user, out);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("symbolic link") });
    expect(existsSync(join(user.home, "elsewhere"))).toBe(false);
    writeFileSync(join(user.home, "elsewhere"), "");
    await refused(user, out, /symbolic link/);
  });

  it("is not used where it is a folder", async () => {
    const user = await storeUser();
    mkdirSync(join(user.app, ".env"));
    const ran = await write(user, join(user.app, ".env"));
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/is a folder.*--out/) });
  });
});

describe("a file that this command wrote", () => {
  const made = async (name?: string, address?: string) => {
    const user = await storeUser(name, { address });
    const out = join(user.app, ".env");
    expect((await write(user, out)).code).toBe(0);
    return { user, out, text: readFileSync(out, "utf8") };
  };

  it("gets the connection string that it lacked, and keeps what a person added", async () => {
    const { user, out, text } = await made("app", "");
    const mine = `${text}PORT='8080' # mine`;
    writeFileSync(out, mine);
    const kept = await user.files.find(user, "mongodb+srv://later.mongodb.net");
    expect(kept?.hasUri).toBe(true);
    const { code, stdout, stderr } = await write(user, out);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("what was missing is added");
    const now = readFileSync(out, "utf8");
    expect(now.startsWith(`${mine}\nMONGODB_URI='`)).toBe(true);
    expect(variables(out)).toEqual({ ...variables(user.path), PORT: "8080" });
  });

  it("without an address says what to do about it", async () => {
    const user = await storeUser("app", { address: "" });
    const { code, stdout, stderr } = await write(user, join(user.app, ".env"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^MONGODB_USERNAME and MONGODB_PASSWORD are in /);
    expect(stderr).toMatch(
      /^[^\n]*No MONGODB_URI .*create_database_user.*repeat this command[^\n]*\n$/,
    );
  });

  it.each(["MONGODB_USERNAME", "MONGODB_PASSWORD", "MONGODB_URI"])(
    "gets %s back where a person took it out",
    async (name) => {
      const { user, out, text } = await made();
      const lines = text.split("\n").filter((line) => !line.startsWith(name));
      writeFileSync(out, lines.join("\r\n"));
      expect((await write(user, out)).code).toBe(0);
      expect(variables(out)).toEqual(variables(user.path));
    },
  );

  it("is left alone, and said so, after a rotation", async () => {
    const { user, out } = await made();
    const password = await user.rotate();
    await refused({ ...user, password }, out, /another password than the user has now.*--out/);
    const other = join(user.app, "new.env");
    expect((await write(user, other)).code).toBe(0);
    expect(variables(other).MONGODB_PASSWORD).toBe(password);
  });

  it("is left alone after a rotation where only its connection string has the old password", async () => {
    const { user, out, text } = await made();
    writeFileSync(out, text.replace(/^MONGODB_PASSWORD.*\n/m, ""));
    const password = await user.rotate();
    await refused({ ...user, password }, out, /another password/);
  });

  it("keeps the connection string that a person has changed, and says so", async () => {
    const { user, out, text } = await made();
    const mine = text.replace(/\?[^']*'/, "?appName=shop'");
    writeFileSync(out, mine);
    const { code, stderr } = await write(user, out);
    expect(code).toBe(0);
    expect(stderr).toMatch(/MONGODB_URI in .* is another one .* stays as it is/);
    expect(readFileSync(out, "utf8")).toBe(mine);
  });

  it("for another user is left alone", async () => {
    const { user, out } = await made();
    const other = { groupId: user.groupId, username: "other" };
    await user.files.confirm(await user.files.keep(other));
    const args = ["--project", user.groupId, "--user", "other"];
    await refused({ ...user, args }, out, /is for another database user or project/);
  });

  it("that others can read is not given more", async () => {
    const { user, out } = await made("app", "");
    chmodSync(out, 0o644);
    await refused(user, out, /can be read or written by others \(chmod 600\)/);
  });

  it("whose last quote does not end is not given what nobody would read", async () => {
    const { user, out, text } = await made("app", "");
    writeFileSync(out, text.replace(/'\n$/, "\nX='"));
    await user.files.find(user, "mongodb+srv://later.mongodb.net");
    await refused(user, out, /another password|hides what is added/);
  });
});

describe("without credentials", () => {
  it("says what to do where no file has the user", async () => {
    const user = await storeUser();
    const args = ["--project", user.groupId, "--user", "aap"];
    const out = join(user.app, ".env");
    await refused(
      { ...user, args },
      out,
      /no password of the user "aap".*mean "app".*create_database_user/,
    );
    const others = ["--project", "f".repeat(24), "--user", "arn:aws:iam::1:user/x"];
    await refused({ ...user, args: others }, out, /any user of the project.*\$external/);
  });

  it("refuses a folder and a file that others can write or read", async () => {
    const user = await storeUser();
    const out = join(user.app, ".env");
    chmodSync(user.path, 0o640);
    await refused(user, out, /can be read or written by others \(chmod 600\)/);
    chmodSync(dirname(user.path), 0o777);
    await refused(user, out, /can be written to by others \(chmod 700\)/);
  });
});

describe("a password that is in doubt is written, and said to be:", () => {
  it("pending", async () => {
    const user = await storeUser("app", { confirmed: false });
    const text = readFileSync(user.path, "utf8");
    const { code, stderr } = await write(user, join(user.app, ".env"));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/has not confirmed this user yet/)]);
    expect(readFileSync(user.path, "utf8")).toBe(text);
  });

  it("unclear, with the one before it", async () => {
    const user = await storeUser();
    const kept = await user.files.renew(user);
    const { code, stderr } = await write(user, join(user.app, ".env"));
    expect(code).toBe(0);
    expect(stderr).toMatch(/has not confirmed this password: .*rotatePassword/);
    expect(stderr).toContain(`The password before it is in ${kept.before}.`);
  });
});
