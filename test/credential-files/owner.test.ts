import { chmodSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { startDeadline, systemClock } from "../../src/common/deadline.ts";
import {
  createPasswordFiles,
  type Kept,
  type PasswordFiles,
} from "../../src/credential-files/files.ts";
import { readLogin } from "../../src/credential-files/login.ts";
import { groupId } from "../support/atlas.ts";
import { envOf, openHome, srv } from "./folder.ts";

const alice = "token:alice";
const bob = "oauth-user:https://login.example.com#bob";
const app = { groupId, username: "app" };
const ofAlice = { ...app, owner: alice };
const ofBob = { ...app, owner: bob };

const revealed = ({ password }: Kept) => password.reveal();

const passwordFor = async (files: PasswordFiles, owner: string) => {
  const read = await files.readFor({ ...app, owner });
  return typeof read === "string" ? read : read.variables.MONGODB_PASSWORD;
};

describe("the file of a user", () => {
  it("is its owner's alone, with exactly the variables that it has", async () => {
    const { files } = await openHome();
    const kept = await files.keep(ofAlice);
    const variables = { MONGODB_USERNAME: "app", MONGODB_PASSWORD: revealed(kept) };
    expect(await files.readFor(ofAlice)).toEqual({ variables, unclear: true });
    await files.confirm(kept, srv);
    const { MONGODB_URI = "" } = await envOf(kept.path);
    expect(MONGODB_URI).toContain(srv.slice(14));
    expect(await files.readFor(ofAlice)).toEqual({ variables: { ...variables, MONGODB_URI } });
    expect(await files.readFor(ofBob)).toBe("foreign");
    expect(await files.readFor({ ...ofAlice, username: "other" })).toBe("absent");
  });

  it("leaves out what a person has added, and the name that only the connection string has", async () => {
    const { files } = await openHome();
    const user = { groupId, username: "o'neil", owner: alice };
    const { path } = await files.keep(user, srv);
    await writeFile(path, `${await readFile(path, "utf8")}MONGODB_X='1'\nPATH='/tmp'\n`);
    const read = await files.readFor(user);
    expect(Object.keys(typeof read === "string" ? {} : read.variables)).toEqual([
      "MONGODB_PASSWORD",
      "MONGODB_URI",
    ]);
  });

  it.each<[string, (text: string) => string]>([
    ["of the operator", (text) => text],
    ["that a release before this one wrote", (text) => text],
    ["whose note is not where the server writes it", (text) => `${text}# ${note(alice)}\n`],
    ["with a note in its name", (text) => text.replace("='app'", `='\n# ${note(alice)}\n'`)],
  ])("%s is nobody's", async (_what, edited) => {
    const { files } = await openHome();
    const { path } = await files.keep(app);
    await writeFile(path, edited(await readFile(path, "utf8")));
    for (const owner of [alice, "operator", "undefined", ""])
      expect(await passwordFor(files, owner)).toBe("foreign");
  });
});

const note = (owner: string) => `Its password was generated for ${owner}.`;

const names: string[] = [
  "token:a\n# Atlas has not confirmed this user yet.",
  "token:alice.\nMONGODB_PASSWORD='stolen-password'",
  "token:alice\u2028x",
  "token:alice\r\nx",
  "token:\ud800",
  "token:\udfff",
  "token:\ufffd",
  "token:%ud800",
  "token:alice ",
  "token:alice.",
  "token:Alice",
  "token:álice",
  "token:a\u0301lice",
  "token:'\"`$(x)\\",
  "",
  "x".repeat(400),
];

describe("an owner", () => {
  it.each(names)("%j stays on its line, and is compared exactly", async (owner) => {
    const { files } = await openHome();
    const kept = await files.keep({ ...app, owner });
    expect(await envOf(kept.path)).toEqual({
      MONGODB_USERNAME: "app",
      MONGODB_PASSWORD: revealed(kept),
    });
    const lines = (await readFile(kept.path, "utf8")).split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[1]).toMatch(/^# Its password was generated for [\x21-\x7e]*\.$/);
    for (const other of [alice, ...names].filter((one) => one !== owner))
      expect(await passwordFor(files, other)).toBe("foreign");
    expect(await passwordFor(files, owner)).toBe(revealed(kept));
  });
});

describe("a pending password", () => {
  it("is used again by its owner alone; another gets its own, and the first stays beside", async () => {
    const { files } = await openHome();
    const first = await files.keep(ofAlice);
    expect(revealed(await files.keep(ofAlice))).toBe(revealed(first));
    const second = await files.keep(ofBob);
    expect([second.made, revealed(second) === revealed(first)]).toEqual([true, false]);
    expect((await envOf(second.before ?? "")).MONGODB_PASSWORD).toBe(revealed(first));
    expect(await passwordFor(files, bob)).toBe(revealed(second));
    expect(await passwordFor(files, alice)).toBe("foreign");
  });

  it("of the operator is not for a caller, nor a caller's for the operator", async () => {
    const { files } = await openHome();
    const own = await files.keep(app);
    const other = await files.keep(ofAlice);
    const again = await files.keep(app);
    expect(new Set([own, other, again].map(revealed)).size).toBe(3);
  });

  it("of another comes back where Atlas refuses the newer one, and goes where it accepts that", async () => {
    const { files } = await openHome();
    const first = await files.keep(ofAlice);
    await files.discard(await files.keep(ofBob));
    expect(await passwordFor(files, alice)).toBe(revealed(first));
    const second = await files.keep(ofBob);
    await files.confirm(second);
    expect(await passwordFor(files, bob)).toBe(revealed(second));
    expect(await readdir(dirname(second.path))).toEqual(["app.env"]);
  });

  it("that Atlas accepts while another has replaced it is confirmed once it is put back", async () => {
    const { files } = await openHome();
    const first = await files.keep(ofAlice);
    const second = await files.keep(ofBob);
    await files.confirm(first);
    await files.discard(second);
    const variables = { MONGODB_USERNAME: "app", MONGODB_PASSWORD: revealed(first) };
    expect(await files.readFor(ofAlice)).toEqual({ variables });
  });
});

it("two callers who create one user at once leave the right password, whoever is refused", async () => {
  for (let round = 0; round < 25; round += 1) {
    const { folder, files } = await openHome();
    const [one, other] = [createPasswordFiles(folder), createPasswordFiles(folder)];
    const [first, second] = [await one.keep(ofAlice), await other.keep(ofBob)];
    const [winner, loser] = round % 2 ? [first, second] : [second, first];
    await Promise.all([one.confirm(winner), other.discard(loser)]);
    const variables = { MONGODB_USERNAME: "app", MONGODB_PASSWORD: revealed(winner) };
    const owner = winner.owner ?? "";
    expect(await files.readFor({ ...app, owner })).toEqual({ variables });
    const names = await readdir(dirname(winner.path));
    expect(names.filter((name) => !name.endsWith(".env"))).toEqual([]);
    for (const name of names)
      expect(await envOf(`${dirname(winner.path)}/${name}`)).toEqual(variables);
  }
});

describe("a check of a connection", () => {
  const deadline = () => startDeadline(5000, new AbortController().signal, systemClock);

  it("uses a password for its owner and for the operator, and tells nobody else of it", async () => {
    const { files } = await openHome();
    const kept = await files.keep(ofAlice);
    const read = async (caller: string | undefined) =>
      (await readLogin(files, app, caller, deadline()))?.password.reveal();
    expect(await read(alice)).toBe(revealed(kept));
    expect(await read(undefined)).toBe(revealed(kept));
    expect(await read(bob)).toBeUndefined();
    chmodSync(kept.path, 0o644);
    expect(await read(bob)).toBeUndefined();
    await expect(read(undefined)).rejects.toThrow("chmod 600");
  });
});

describe("the note of the owner", () => {
  it.each<[string, (files: PasswordFiles, kept: Kept) => Promise<unknown>]>([
    ["a look-up", (files) => files.find(app, srv)],
    ["a confirmation", (files, kept) => files.confirm(kept)],
    ["a confirmation that is not certain", (files, kept) => files.confirm(kept, srv, false)],
    ["a share", (files) => files.keep(ofAlice, srv)],
    ["a refusal of what shares it", async (files) => files.discard(await files.keep(ofAlice))],
    ["a refused rotation", async (files) => files.discard(await files.renew(ofBob))],
    ["a password that is left", (files, kept) => files.leave(kept)],
  ])("outlasts %s", async (_what, act) => {
    const { files } = await openHome();
    const kept = await files.keep(ofAlice);
    await act(files, kept);
    expect(await passwordFor(files, alice)).toBe(revealed(kept));
    expect(await passwordFor(files, bob)).toBe("foreign");
  });

  it("goes with who rotates: the new password is that caller's", async () => {
    const { files } = await openHome();
    await files.confirm(await files.keep(ofAlice));
    const renewed = await files.renew(ofBob);
    const variables = { MONGODB_USERNAME: "app", MONGODB_PASSWORD: revealed(renewed) };
    expect(await files.readFor(ofBob)).toEqual({ variables, unclear: true });
    await files.confirm(renewed);
    expect(await files.readFor(ofBob)).toEqual({ variables });
    expect(await passwordFor(files, alice)).toBe("foreign");
    await files.confirm(await files.renew(app));
    for (const owner of [alice, bob]) expect(await passwordFor(files, owner)).toBe("foreign");
  });

  it("stands in a file that has to be written again", async () => {
    const { files } = await openHome();
    const first = await files.renew(ofAlice);
    const second = await files.renew(ofBob);
    const { path } = await files.leave(first);
    const beside = await readFile(path, "utf8");
    expect(path).not.toBe(second.path);
    expect(beside).toContain(`# ${note(alice)}\n`);
    const confirmed = await files.confirm(first);
    expect(await readFile(confirmed.path, "utf8")).toContain(`# ${note(alice)}\n`);
  });
});

it("reading during rotations gives one of the passwords that were set, whole", async () => {
  const { files, folder } = await openHome();
  await files.confirm(await files.keep(ofAlice, srv), srv);
  const known = new Set([await passwordFor(files, alice)]);
  let over = false;
  const rotate = async () => {
    const own = createPasswordFiles(folder);
    for (let round = 0; round < 12; round += 1) {
      const kept = await own.renew(ofAlice, srv);
      known.add(revealed(kept));
      if (round % 3 === 2) await own.discard(kept);
      else await own.confirm(kept, srv);
    }
    over = true;
  };
  const seen: unknown[] = [];
  const read = async () => {
    const own = createPasswordFiles(folder);
    while (!over) seen.push(await own.readFor(ofAlice));
  };
  await Promise.all([rotate(), read(), read()]);
  expect(seen.length).toBeGreaterThan(10);
  for (const one of seen) {
    const { variables } = one as { variables: Record<string, string> };
    expect(known).toContain(variables.MONGODB_PASSWORD);
    expect(variables.MONGODB_URI).toContain(`:${variables.MONGODB_PASSWORD}@`);
  }
});
