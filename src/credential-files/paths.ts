/** The names of credential files and of their folder. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { crypto } from "../common/crypto.ts";

/** A user of a project, by its name. */
export type User = { groupId: string; username: string };

/** The default folder (XDG Base Directory Specification); undefined if the user has no home. */
export const passwordsFolder = (
  env: Record<string, string | undefined>,
  home: string | undefined,
): string | undefined => {
  const configured = env.XDG_DATA_HOME ?? "";
  const ofHome = home === undefined ? undefined : join(home, ".local", "share");
  const data = isAbsolute(configured) ? configured : ofHome;
  return data === undefined ? undefined : join(data, "atlas-provision-mcp", "credentials");
};

const longestName = 120;

/** The file name for a user. Different users get different names, even on a file system that ignores case. */
const fileName = (username: string): string => {
  const safe = [...Buffer.from(username, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
  if (safe.length <= longestName) return `${safe}.env`;
  const digest = crypto().createHash("sha256").update(username).digest("hex").slice(0, 32);
  return `${safe.slice(0, 80)}~${digest}.env`;
};

const groupIdForm = /^[a-f0-9]{24}$/;

/** The path of the file of a user. */
export const pathIn = (folder: string, { groupId, username }: User): string => {
  if (!groupIdForm.test(groupId)) throw new Error("The id of the project is not valid.");
  return join(folder, groupId, fileName(username));
};

/** Another path in the same folder, for the same user. */
export const pathBeside = (path: string, mark = ""): string =>
  path.replace(/\.env$/, `~${mark}${crypto().randomUUID()}.env`);

/** The path of another file of the same user, by its name; undefined if the name is not of that form. */
export const namedBeside = (path: string, name: string | undefined): string | undefined => {
  if (name === undefined || basename(name) !== name) return undefined;
  return name.startsWith(`${basename(path, ".env")}~`) ? join(dirname(path), name) : undefined;
};
