import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { createPasswordFiles, type PasswordFiles } from "../../src/credential-files/files.ts";
import { failureOf } from "../support/atlas.ts";
import { passwordsIn } from "../support/passwords-in.ts";
import { type Answer, openUpdating } from "./updating-user.ts";

const refused = { status: 403, errorCode: "ACCESS_FORBIDDEN" };

const open = async () => {
  const opened = await openUpdating();
  return {
    ...opened,
    first: await opened.givePassword(),
    onPath: () => parseEnv(readFileSync(opened.path, "utf8")).MONGODB_PASSWORD,
    sent: () => opened.atlas.bodies.map(({ password }) => password),
  };
};

describe("the password that Atlas has after a rotation", () => {
  it("is the one on file, which alone is left", async () => {
    const { atlas, run, first, folder } = await open();
    expect(await run()).toMatchObject({ outcome: "updated" });
    expect(atlas.right).not.toBe(first);
    expect(passwordsIn(folder)).toEqual([atlas.right]);
  });

  it("is on disk before its request leaves, beside the one that is right until then", async () => {
    const { atlas, run, folder, first } = await open();
    let onDisk: string[] = [];
    atlas.onPatch = async () => {
      onDisk = passwordsIn(folder);
    };
    await run();
    expect(onDisk.sort()).toEqual([first, atlas.right].sort());
  });

  it.each<[string, Answer[]]>([
    ["was lost", ["lost"]],
    ["was lost, and Atlas had acted", ["done and lost"]],
  ])("is the same in the second request, where the first answer %s", async (_what, answers) => {
    const { atlas, run, folder, sent } = await open();
    atlas.answers = answers;
    expect(await run()).toMatchObject({ outcome: "updated" });
    expect(sent()).toEqual([atlas.right, atlas.right]);
    expect(passwordsIn(folder)).toEqual([atlas.right]);
  });

  it.each<[string, Answer[]]>([
    ["no answer came, and Atlas never acted", ["lost", "lost"]],
    ["no answer came, and Atlas had acted", ["lost", "done and lost"]],
    ["the second request was refused", ["lost", refused]],
    ["the second request was refused after the first had its effect", ["done and lost", refused]],
    ["a 400 came that nobody can explain", [{ status: 400, errorCode: "SOMETHING_NEW" }]],
  ])("is in one of the two files that are named, where %s", async (_what, answers) => {
    const { atlas, run, folder, first, path, sent, onPath } = await open();
    atlas.answers = answers;
    const failed = await failureOf(run());
    expect(failed.outcome).toBe("unknown");
    const [, before = ""] = /the one before is in (\S+\.env)\./.exec(failed.message) ?? [];
    expect(failed.message).toContain(`The new password is in ${path}, and`);
    expect(onPath()).toBe(sent()[0]);
    expect(parseEnv(readFileSync(before, "utf8")).MONGODB_PASSWORD).toBe(first);
    expect(passwordsIn(folder)).toContain(atlas.right);
  });

  it.each<[string, Answer]>([
    ["refuses it", refused],
    ["refuses what comes with it", { status: 400, errorCode: "ATLAS_INVALID_ROLE" }],
  ])("is the old one, in the old file, where Atlas %s", async (_what, answer) => {
    const { atlas, run, folder, first } = await open();
    atlas.answers = [answer];
    expect((await failureOf(run())).outcome).toBe("not_updated");
    expect([atlas.right, passwordsIn(folder)]).toEqual([first, [first]]);
  });

  it("is never one that an earlier call has left", async () => {
    const { atlas, run, openServer, sent } = await open();
    atlas.answers = ["lost", "lost"];
    await failureOf(run());
    await openServer()();
    expect(new Set(sent()).size).toBe(2);
    expect(sent()[2]).not.toBe(sent()[0]);
  });

  it("has a file although that could not be completed", async () => {
    const { atlas, openServer, folder, path } = await open();
    const files = createPasswordFiles(folder);
    const spoilt: PasswordFiles = {
      ...files,
      confirm: async (...args) => {
        await chmod(path, 0o644);
        return files.confirm(...args);
      },
    };
    const body = await openServer(spoilt)();
    expect(body).toMatchObject({ outcome: "updated", credentialsFile: path });
    expect(body.note).toContain("chmod 600");
    expect(parseEnv(readFileSync(path, "utf8")).MONGODB_PASSWORD).toBe(atlas.right);
  });

  it("is kept where other values of the update were changed back", async () => {
    const { atlas, run, folder, sent } = await open();
    atlas.madeOfIt = { description: "of another program" };
    const failed = await failureOf(run({ description: "mine" }));
    expect(failed).toMatchObject({ code: "conflict", outcome: "unknown" });
    expect(failed.message).toContain("Atlas has accepted the new password");
    expect(passwordsIn(folder)).toEqual([atlas.right]);
    expect(sent()).toEqual([atlas.right, undefined]);
  });
});

describe("two servers that rotate at once", () => {
  it("say each which file is theirs, and the password that came last is in one of them", async () => {
    const { atlas, openServer, folder, path } = await open();
    let arrived = 0;
    atlas.onPatch = async () => {
      arrived += 1;
      while (arrived < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const bodies = await Promise.all([openServer()(), openServer()()]);
    expect(passwordsIn(folder)).toContain(atlas.right);
    const ofOthers = bodies.filter(({ credentialsFile }) => credentialsFile !== path);
    for (const { note } of ofOthers) expect(note).toContain("the later of the two is right");
  });

  it("keep the old password on file where both are refused", async () => {
    const { atlas, openServer, folder, first } = await open();
    atlas.answers = [refused, refused];
    await Promise.all([failureOf(openServer()()), failureOf(openServer()())]);
    expect(passwordsIn(folder)).toContain(first);
  });
});

describe("an update without a new password", () => {
  const more = { rotatePassword: false, description: "new" };

  it("sends none, and leaves the file alone", async () => {
    const { atlas, run, folder, first, sent } = await open();
    const body = await run(more);
    expect(body.outcome).toBe("updated");
    expect(body).not.toHaveProperty("credentialsFile");
    expect(sent()).toEqual([undefined]);
    expect([atlas.right, passwordsIn(folder)]).toEqual([first, [first]]);
  });

  it("takes lists that Atlas leaves out for empty ones", async () => {
    const { atlas, run } = await open();
    expect((await run({ rotatePassword: false, scopes: [] })).outcome).toBe("unchanged");
    delete atlas.user.roles;
    const roles = [{ roleName: "read", databaseName: "app" }];
    expect((await run({ rotatePassword: false, roles })).differences).toEqual([
      { field: "roles", yours: roles, existing: [] },
    ]);
  });
});

it("a user who logs in without a password gets none", async () => {
  const { atlas, run, first, folder } = await open();
  atlas.user.oidcAuthType = "IDP_GROUP";
  const failed = await failureOf(run());
  expect(failed).toMatchObject({ code: "invalid_input", fields: [{ path: "rotatePassword" }] });
  expect([atlas.bodies, passwordsIn(folder)]).toEqual([[], [first]]);
});
