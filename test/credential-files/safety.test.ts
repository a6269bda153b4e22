import { chmod, link, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { failureOf, groupId } from "../support/atlas.ts";
import { openHome, srv } from "./folder.ts";

type Fixture = Awaited<ReturnType<typeof openHome>>;

describe("a password is put nowhere", () => {
  const spoil: [what: string, spoil: (fixture: Fixture) => Promise<unknown>, says: RegExp][] = [
    [
      "where others can write to the folder",
      async ({ folder }) => {
        await mkdir(folder, { recursive: true });
        await chmod(folder, 0o777);
      },
      /credentials can be written to by others \(chmod 700\)/,
    ],
    [
      "where others can write to the project's folder",
      async ({ folder }) => {
        await mkdir(join(folder, groupId), { recursive: true });
        await chmod(join(folder, groupId), 0o770);
      },
      /can be written to by others/,
    ],
    [
      "where the folder is a symbolic link",
      async ({ home, folder }) => {
        await mkdir(join(home, "elsewhere"));
        await mkdir(dirname(folder));
        await symlink(join(home, "elsewhere"), folder);
      },
      /symbolic link is not followed/,
    ],
    [
      "where the project's folder is a symbolic link",
      async ({ home, folder }) => {
        await mkdir(folder, { recursive: true });
        await symlink(home, join(folder, groupId));
      },
      /symbolic link is not followed/,
    ],
    [
      "where the folder is a file",
      async ({ home, folder }) => {
        await mkdir(join(home, "data"));
        await writeFile(folder, "");
      },
      /is not a folder/,
    ],
    [
      "where the file is a symbolic link",
      async ({ home, files, user }) => {
        const { path } = await files.keep(user);
        await rename(path, join(home, "real.env"));
        await symlink(join(home, "real.env"), path);
      },
      /is a symbolic link, which is not followed/,
    ],
    [
      "where the file is a link to nowhere",
      async ({ home, files, user }) => {
        const { path } = await files.keep(user);
        await rm(path);
        await symlink(join(home, "nowhere"), path);
      },
      /is a symbolic link, which is not followed/,
    ],
    [
      "where others can read the file",
      async ({ files, user }) => chmod((await files.keep(user)).path, 0o644),
      /can be read or written by others \(chmod 600\)/,
    ],
    [
      "where the file has no password",
      async ({ files, user }) => writeFile((await files.keep(user)).path, "# empty\n"),
      /has no MONGODB_PASSWORD of this user, and is not overwritten/,
    ],
    [
      "where the file is another user's",
      async ({ files, user }) => {
        const [mine, yours] = [
          await files.keep(user),
          await files.keep({ groupId, username: "b" }),
        ];
        await rm(mine.path);
        await link(yours.path, mine.path);
      },
      /of this user/,
    ],
  ];

  it.each(spoil)("%s, and that is said", async (_what, prepare, says) => {
    const fixture = await openHome();
    await prepare(fixture);
    const failure = await failureOf(fixture.files.keep(fixture.user, srv));
    expect(failure).toMatchObject({ code: "forbidden", retry: "after_fix" });
    expect(failure.message).toMatch(says);
    expect(failure.message).toContain(fixture.folder);
  });

  it("where the folder cannot be made, and that is said", async () => {
    const { home, user } = await openHome();
    await writeFile(join(home, "file"), "");
    const files = createPasswordFiles(join(home, "file", "credentials"));
    const failure = await failureOf(files.keep(user));
    expect(failure.message).toMatch(/cannot be used for a password: .*ENOTDIR/);
  });

  it.skipIf(process.platform !== "linux")(
    "where the system makes no folders, and that is said",
    async () => {
      const { user } = await openHome();
      const failure = await failureOf(createPasswordFiles("/proc/none/credentials").keep(user));
      expect(failure).toMatchObject({ code: "forbidden", retry: "after_fix" });
      expect(failure.message).toMatch(/cannot be used for a password: .*ENOENT/);
    },
  );
});
