/** Where passwords of database users are kept: a file for each user, on disk before the user is asked for. */
import { isAbsolute, join } from "node:path";
import { crypto } from "../common/crypto.ts";
import { AtlasToolError } from "../common/failure.ts";
import type { Secret } from "../common/secret.ts";
import { generatePassword } from "./generate.ts";
import {
  isOwnFolder,
  openFolder,
  publish,
  readPrivate,
  removeIf,
  replace,
  unsafe,
} from "./private-file.ts";
import {
  completedText,
  confirmedText,
  credentialText,
  hasUri,
  isPending,
  passwordIn,
} from "./text.ts";

type User = { groupId: string; username: string };

/** A user's password on file; `made` where this very call has put it there. */
export type Kept = User & { path: string; password: Secret; made: boolean };

/** Where a user's password is, and whether a connection string stands beside it. */
export type OnFile = { path: string; hasUri: boolean };

export type CredentialFiles = {
  /** The password to create a user with: the one on file, else a new one. It is on disk when this resolves. */
  keep(user: User, standardSrv?: string): Promise<Kept>;
  /** After Atlas has accepted it: sees to it that it is on file, with the connection string if that is known. */
  confirm(kept: Kept, standardSrv?: string): Promise<OnFile>;
  /** After a plain refusal: removes the file if this call has made it, and no other has had it accepted. Never throws. */
  discard(kept: Kept): Promise<void>;
  /** The file of a user, if there is one; gets the connection string that is known. */
  find(user: User, standardSrv?: string): Promise<OnFile | undefined>;
};

/** Where the files are unless the operator says otherwise. */
export const credentialsFolder = (
  env: Record<string, string | undefined>,
  home: string,
): string => {
  const said = env.XDG_DATA_HOME ?? "";
  const data = isAbsolute(said) ? said : join(home, ".local", "share");
  return join(data, "atlas-provision-mcp", "credentials");
};

const longestName = 120;

/** A user's name as the name of a file: no two names are one, not even where case does not count. */
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

/** A path for a file that cannot have its own. */
const beside = (path: string): string => path.replace(/\.env$/, `~${crypto().randomUUID()}.env`);

const groupIdForm = /^[a-f0-9]{24}$/;

/** Keeps credential files below a folder. Nothing is made there before the first password is. */
export const createCredentialFiles = (folder: string): CredentialFiles => {
  const pathOf = ({ groupId, username }: User): string => {
    if (!groupIdForm.test(groupId)) throw new Error("A project's id was expected.");
    return join(folder, groupId, fileName(username));
  };

  /** What goes wrong with files is said with the path and the system's code. */
  const said = async <T>(user: User, work: () => Promise<T>): Promise<T> => {
    const path = pathOf(user);
    return work().catch((error: unknown) => {
      if (error instanceof AtlasToolError || !(error instanceof Error)) throw error;
      throw unsafe(path, `cannot be used for a password: ${error.message}`);
    });
  };

  const foldersOf = ({ groupId }: User) => [folder, join(folder, groupId)] as const;

  const openFolders = async (user: User) => {
    for (const one of foldersOf(user)) await openFolder(one);
  };

  const read = async (user: User): Promise<{ text: string; password: Secret } | undefined> => {
    const path = pathOf(user);
    for (const one of foldersOf(user)) if (!(await isOwnFolder(one))) return undefined;
    const text = await readPrivate(path);
    if (text === undefined) return undefined;
    const password = passwordIn(text, user.username);
    if (password === undefined)
      throw unsafe(path, `has no MONGODB_PASSWORD of this user, and is not overwritten`);
    return { text, password };
  };

  const rewrite = async (user: User, text: string, better: string): Promise<OnFile> => {
    const path = pathOf(user);
    if (better !== text) await replace(path, better);
    return { path, hasUri: hasUri(better) };
  };

  const complete = (user: User, text: string, password: Secret, standardSrv?: string) =>
    rewrite(user, text, completedText(text, { ...user, password }, standardSrv));

  const keep = async (user: User, standardSrv?: string): Promise<Kept> => {
    const path = pathOf(user);
    await openFolders(user);
    for (;;) {
      const there = await read(user);
      if (there !== undefined) {
        await complete(user, there.text, there.password, standardSrv);
        return { ...user, path, password: there.password, made: false };
      }
      const password = generatePassword();
      const text = credentialText(user.groupId, { ...user, password }, standardSrv);
      if (await publish(path, text)) return { ...user, path, password, made: true };
    }
  };

  const confirm = async (kept: Kept, standardSrv?: string): Promise<OnFile> => {
    const there = await read(kept);
    if (there?.password.reveal() === kept.password.reveal()) {
      const better = completedText(confirmedText(there.text), kept, standardSrv);
      return rewrite(kept, there.text, better);
    }
    await openFolders(kept);
    // Whoever made the file has removed it, and perhaps another one is there: this is the only copy of what Atlas took.
    const text = confirmedText(credentialText(kept.groupId, kept, standardSrv));
    const written = { path: kept.path, hasUri: hasUri(text) };
    if (there === undefined && (await publish(kept.path, text))) return written;
    const path = beside(kept.path);
    await publish(path, text);
    return { ...written, path };
  };

  const discard = async (kept: Kept) => {
    const isUnused = (text: string) =>
      isPending(text) && passwordIn(text, kept.username)?.reveal() === kept.password.reveal();
    const there = kept.made ? await read(kept) : undefined;
    if (there !== undefined && isUnused(there.text))
      await removeIf(kept.path, beside(kept.path), isUnused);
  };

  return {
    keep: (user, standardSrv) => said(user, () => keep(user, standardSrv)),
    confirm: (kept, standardSrv) => said(kept, () => confirm(kept, standardSrv)),
    discard: (kept) => discard(kept).catch(() => {}),
    find: (user, standardSrv) =>
      said(user, async () => {
        const there = await read(user);
        if (there === undefined) return undefined;
        return complete(user, there.text, there.password, standardSrv);
      }),
  };
};
