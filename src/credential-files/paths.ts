/** The names of credential files and of their folder. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { crypto } from "../common/crypto.ts";

/** A user of a project, by its name. `owner` is the caller for whom a password is generated; undefined for the operator. */
export type User = { groupId: string; username: string; owner?: string | undefined };

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

/** A name for a file or folder. Different texts get different names, even on a file system that ignores case. */
const safeName = (text: string, suffix: string): string => {
  const safe = [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
  if (safe.length <= longestName) return `${safe}${suffix}`;
  const digest = crypto().createHash("sha256").update(text).digest("hex").slice(0, 32);
  return `${safe.slice(0, 80)}~${digest}${suffix}`;
};

const groupIdForm = /^[a-f0-9]{24}$/;

/** The path of the file of a user. */
export const pathIn = (folder: string, { groupId, username }: User): string => {
  if (!groupIdForm.test(groupId)) throw new Error("The id of the project is not valid.");
  return join(folder, groupId, safeName(username, ".env"));
};

/** Another path in the same folder, for the same user. */
export const pathBeside = (path: string, mark = ""): string =>
  path.replace(/\.env$/, `~${mark}${crypto().randomUUID()}.env`);

/** Names that Windows keeps for devices, whatever follows a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Whether it is a name of an ephemeral cluster that a file can have: Atlas's form, and no device. */
export const isClusterName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9-]{0,63}$/i.test(name) && !device.test(name);

/** An ephemeral cluster of a caller; the operator's own has no owner. */
export type Ephemeral = { owner?: string | undefined; clusterName: string };

/** The folder of an ephemeral cluster's file, and those above it. */
export const ephemeralFolders = (folder: string, { owner }: Ephemeral): string[] => {
  const all = join(folder, "ephemeral");
  // Not ".env": it would be the file of a cluster with that name.
  return owner === undefined ? [folder, all] : [folder, all, join(all, safeName(owner, ".d"))];
};

/** The path of an ephemeral cluster's file. Names that differ only in case share it, as on a file system that ignores case. */
export const ephemeralPath = (folder: string, ephemeral: Ephemeral): string => {
  const { clusterName } = ephemeral;
  if (!isClusterName(clusterName))
    throw new Error("The name of the ephemeral cluster is no name of a file.");
  return join(
    ephemeralFolders(folder, ephemeral).at(-1) ?? folder,
    `${clusterName.toLowerCase()}.env`,
  );
};

/** The path of another file of the same user, by its name; undefined if the name is not of that form. */
export const namedBeside = (path: string, name: string | undefined): string | undefined => {
  if (name === undefined || basename(name) !== name) return undefined;
  return name.startsWith(`${basename(path, ".env")}~`) ? join(dirname(path), name) : undefined;
};
