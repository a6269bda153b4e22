/** A folder of credential files with one database user in it, as the server writes them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { groupId } from "./atlas.ts";

const srv = "mongodb+srv://c-0.abcdefg.mongodb.net";

export type StoredUser = Awaited<ReturnType<typeof storeUser>>;

/** The user is confirmed, and reaches a cluster, unless it is said otherwise. */
export const storeUser = async (
  username = "app",
  { address = srv, confirmed = true }: { address?: string | undefined; confirmed?: boolean } = {},
) => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "stored user-")));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "credentials");
  const files = createPasswordFiles(folder);
  const user = { groupId, username };
  const kept = await files.keep(user, address || undefined);
  if (confirmed) await files.confirm(kept, address || undefined);
  const app = join(home, "app");
  mkdirSync(app);
  return {
    ...user,
    home,
    /** An empty folder for the application. */
    app,
    path: kept.path,
    password: kept.password.reveal(),
    env: { ATLAS_MCP_CREDENTIALS_DIR: folder },
    args: ["--project", groupId, "--user", username],
    files,
    /** Replaces the password, as a rotation does, and gives the new one. */
    rotate: async () => {
      const renewed = await files.renew(user, address || undefined);
      await files.confirm(renewed, address || undefined);
      return renewed.password.reveal();
    },
  };
};
