import { readdirSync, readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { dirname } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { createPasswordFiles, type PasswordFiles } from "../../src/credential-files/files.ts";
import { failureOf } from "../support/atlas.ts";
import { passwordsIn } from "../support/passwords-in.ts";
import { until } from "../support/until.ts";
import { openTool } from "./user-tool.ts";

const srv = "mongodb+srv://db.abcdefg.mongodb.invalid";
const taken = { status: 409, errorCode: "USER_ALREADY_EXISTS" };
const open = async () => {
  const opened = await openTool();
  return { ...opened, env: () => parseEnv(readFileSync(opened.path, "utf8")) };
};

describe("a database user that was deleted and is created again", () => {
  it("has a new password, and only that one is on file", async () => {
    const { atlas, run, env, folder } = await open();
    await run();
    const { note } = await run();
    expect(note).toContain("this one has a new password");
    expect(new Set(atlas.sent).size).toBe(2);
    expect(env().MONGODB_PASSWORD).toBe(atlas.sent[1]);
    expect(passwordsIn(folder)).toEqual([atlas.sent[1]]);
  });

  it.each([
    ["a plain refusal", { status: 403, errorCode: "ACCESS_FORBIDDEN" }],
    ["a taken name that the look-up did not show", taken],
  ])("has its old file again after %s", async (_what, answer) => {
    const { atlas, run, env, folder } = await open();
    await run();
    atlas.answers = [answer];
    await failureOf(run());
    expect(new Set(atlas.sent).size).toBe(2);
    expect(env().MONGODB_PASSWORD).toBe(atlas.sent[0]);
    expect(passwordsIn(folder)).toEqual([atlas.sent[0]]);
  });

  it("has both files where the response was lost, and the message names the new one", async () => {
    const { atlas, run, env, folder, path } = await open();
    await run();
    atlas.answers = ["lost", "lost"];
    const failed = await failureOf(run());
    expect(failed).toMatchObject({ outcome: "unknown" });
    expect(failed.message).toContain(`its password is in ${path}.`);
    const [old = "", ...others] = atlas.sent;
    expect(new Set(others).size).toBe(1);
    expect(env().MONGODB_PASSWORD).toBe(others[0]);
    expect(passwordsIn(folder).sort()).toEqual([old, others[0]].sort());
    atlas.isThere = true;
    const { note } = await run({ ifExists: "return" });
    expect(note).toContain("has not confirmed");
    expect(note).toMatch(/An earlier password may be right: \S+app~\S+\.env\./);
  });

  it("leaves its new password where Atlas took the name after a lost response", async () => {
    const { atlas, run, folder, path } = await open();
    await run();
    atlas.answers = ["lost", taken];
    const failed = await failureOf(run());
    expect(failed).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(failed.message).toContain(path);
    expect(passwordsIn(folder).sort()).toEqual([...new Set(atlas.sent)].sort());
  });
});

describe("the address in the file", () => {
  const going = {
    name: "going",
    stateName: "DELETING",
    srv: srv.replace("db", "going"),
  };
  const db = { name: "db", stateName: "IDLE", srv };

  it.each(["IDLE", "UPDATING", "CREATING"])(
    "is that of a cluster that is %s",
    async (stateName) => {
      const { atlas, run, env } = await open();
      atlas.clusters = [{ ...db, stateName }];
      expect((await run()).note).toBeUndefined();
      expect(env().MONGODB_URI).toContain("@db.");
    },
  );

  it("is not that of a cluster that is being deleted, and the note says so", async () => {
    const { atlas, run, env } = await open();
    atlas.clusters = [going];
    expect((await run()).note).toContain("going is being deleted");
    expect(env()).not.toHaveProperty("MONGODB_URI");
  });

  it("is that of the other cluster where one is being deleted", async () => {
    const { atlas, run, env } = await open();
    atlas.clusters = [going, db];
    expect((await run()).note).toBeUndefined();
    expect(env().MONGODB_URI).toContain("@db.");
  });

  it("that is there may be that of a cluster that is being deleted now, and that is told", async () => {
    const { atlas, run } = await open();
    atlas.clusters = [db];
    await run();
    atlas.isThere = true;
    atlas.clusters = [{ ...db, stateName: "DELETING" }];
    const { note } = await run({ ifExists: "return" });
    expect(note).toContain("may point to a deleted cluster");
  });

  it("that is there is not said to be gone where the clusters cannot be read", async () => {
    const { atlas, run } = await open();
    atlas.clusters = [db];
    await run();
    atlas.isThere = true;
    atlas.hidesClusters = true;
    expect((await run({ ifExists: "return" })).note).not.toContain("deleted cluster");
  });

  it("that is there may be that of an older cluster while the only one has none yet", async () => {
    const { atlas, run } = await open();
    atlas.clusters = [db];
    await run();
    atlas.isThere = true;
    atlas.clusters = [{ name: "db", stateName: "CREATING" }];
    const { note } = await run({ ifExists: "return" });
    expect(note).toContain("may point to a deleted cluster: the address of db is not known yet");
  });
});

describe("a folder that does not answer", () => {
  const never = new Promise<never>(() => {});

  /** Runs the tool until it waits for the folder, and lets the time of the call pass but for its last 1.4 seconds. */
  const hang = async (
    opened: Awaited<ReturnType<typeof open>>,
    name: "keep" | "confirm" | "find",
    more: object = {},
    answers: Promise<unknown> = never,
  ) => {
    let isWaiting = false;
    const files = createPasswordFiles(opened.folder);
    const hanging = {
      ...files,
      [name]: (...args: never[]) => {
        isWaiting = true;
        return answers.then(() => (files[name] as (...args: never[]) => unknown)(...args));
      },
    } as PasswordFiles;
    const running = opened.run(more, hanging);
    running.catch(() => {});
    await until(async () => isWaiting, "the wait for the folder");
    opened.clock.pass(43_600);
    return running;
  };

  it("ends the call in time, and nothing is sent, then or later", async () => {
    const opened = await open();
    let answer: (value?: unknown) => void = () => {};
    const answers = new Promise((resolve) => {
      answer = resolve;
    });
    const failed = await failureOf(hang(opened, "keep", {}, answers));
    expect(failed).toMatchObject({
      code: "unavailable",
      retry: "same_arguments",
    });
    expect(failed.message).toContain(`${opened.path}: the folder did not answer in time.`);
    answer();
    const folder = dirname(opened.path);
    await until(async () => readdirSync(opened.folder).length > 0, "the folder");
    await until(async () => readdirSync(folder).length === 0, "the end of the late password");
    expect(opened.atlas.sent).toEqual([]);
  });

  it("after the create is told, with the file that was written before it", async () => {
    const opened = await open();
    const { outcome, credentialsFile, note } = await hang(opened, "confirm");
    expect({ outcome, credentialsFile }).toEqual({
      outcome: "created",
      credentialsFile: opened.path,
    });
    expect(note).toContain("could not be completed");
    expect(opened.env().MONGODB_PASSWORD).toBe(opened.atlas.sent[0]);
  });

  it("is told of a user that existed, without a file", async () => {
    const opened = await open();
    opened.atlas.isThere = true;
    const body = await hang(opened, "find", { ifExists: "return" });
    expect(body.outcome).toBe("existing");
    expect(body).not.toHaveProperty("credentialsFile");
    expect(body.note).toContain("did not answer in time");
  });
});

it("a file that cannot be completed is no failure of a create that Atlas has accepted", async () => {
  const { folder, path, run } = await open();
  const files = createPasswordFiles(folder);
  const spoilt: PasswordFiles = {
    ...files,
    confirm: async (...args) => {
      await chmod(path, 0o644);
      return files.confirm(...args);
    },
  };
  const body = await run({}, spoilt);
  expect(body).toMatchObject({ outcome: "created", credentialsFile: path });
  expect(body.note).toContain("chmod 600");
});
