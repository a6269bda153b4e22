/** A folder for the bundle's credential files, one for all tests of a file. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll } from "vitest";

export const passwordsFolder = () => {
  const home = mkdtempSync(join(tmpdir(), "passwords-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "credentials");
  const pathOf = (groupId: string, username: string) => join(folder, groupId, `${username}.env`);
  return {
    folder,
    env: { ATLAS_MCP_CREDENTIALS_DIR: folder },
    pathOf,
    has: (groupId: string, username: string) => existsSync(pathOf(groupId, username)),
    /** The variables of a user's file. */
    read: (groupId: string, username: string) =>
      parseEnv(readFileSync(pathOf(groupId, username), "utf8")),
  };
};

/** Permissions in octal digits. */
export const permissionsOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
