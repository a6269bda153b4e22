import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { temporaryBeside } from "../../src/credential-files/leftovers.ts";
import { groupId } from "../support/atlas.ts";
import { openHome } from "./folder.ts";

/** A process that lives until the test ends it. */
const startOther = () => {
  const child = spawn("sleep", ["60"]);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  onTestFinished(kill);
  return { pid: child.pid ?? 0, kill };
};

const open = async (project = groupId) => {
  const { folder, files, user } = await openHome();
  await files.keep({ ...user, groupId: project });
  const inProject = join(folder, project);
  return {
    folder,
    /** Writes a file in the project where the folder was used before. */
    write: () => files.keep({ groupId: project, username: "next" }),
    /** Leaves a file as a process with this number does; the text replaces a part of its name. */
    leave: (pid: number, part = /$/, text = "") => {
      const path = temporaryBeside(join(inProject, "app.env"))
        .replace(`-${process.pid}-`, `-${pid}-`)
        .replace(part, text);
      writeFileSync(path, "MONGODB_PASSWORD='secret-secret'", { mode: 0o600 });
      return path;
    },
    left: () => readdirSync(inProject).filter((name) => name.includes(".tmp")),
  };
};

const mark = /[0-9a-f]{8}(?=\.[0-9a-f-]{36}\.tmp$)/;
const space = /[0-9a-f]{8}(?=-\d+-)/;

describe("a temporary file", () => {
  it("of a killed process goes with the next write", async () => {
    const { write, leave, left } = await open();
    const other = startOther();
    leave(other.pid);
    await write();
    expect(left()).toHaveLength(1);
    await other.kill();
    await write();
    expect(left()).toEqual([]);
  });

  it("of a killed process with the number of this one goes, as in a container", async () => {
    const { write, leave, left } = await open();
    leave(process.pid, mark, "00000000");
    await write();
    expect(left()).toEqual([]);
  });

  it("of another call stays", async () => {
    const { write, leave, left } = await open();
    leave(process.pid);
    await write();
    expect(left()).toHaveLength(1);
  });

  it("of another machine goes when it is a minute old", async () => {
    const { write, leave, left } = await open();
    const other = startOther();
    await other.kill();
    const path = leave(other.pid, space, "00000000");
    await write();
    expect(left()).toHaveLength(1);
    const old = Date.now() / 1000 - 61;
    utimesSync(path, old, old);
    await write();
    expect(left()).toEqual([]);
  });

  it("in any folder goes with the first write of a process", async () => {
    const { folder, leave, left } = await open("b".repeat(24));
    const other = startOther();
    await other.kill();
    leave(other.pid);
    await createPasswordFiles(folder).keep({ groupId, username: "app" });
    expect(left()).toEqual([]);
  });

  it("is told from what is not one", async () => {
    const { folder, write, leave, left } = await open();
    const other = startOther();
    await other.kill();
    const path = leave(other.pid, /\.tmp$/, ".tmp.keep");
    symlinkSync(path, path.replace(/\.keep$/, ""));
    writeFileSync(join(folder, groupId, "notes.tmp"), "");
    await write();
    expect(left()).toHaveLength(3);
  });

  it("never gets in the way of many calls at once", async () => {
    const { files, user } = await openHome();
    const names = Array.from({ length: 40 }, (_, index) => `user-${index % 10}`);
    const kept = await Promise.all(names.map((username) => files.keep({ ...user, username })));
    expect(kept).toHaveLength(40);
  });
});
