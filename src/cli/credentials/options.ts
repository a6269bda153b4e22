/** The flags of `env` and `run`: whose credentials, and where they come from. */
import type { Proxies } from "../../atlas/http.ts";
import { existingUsername } from "../../atlas/resources/database-user.ts";
import { AtlasToolError } from "../../common/failure.ts";
import { ConfigError, type Flags, readOne } from "../../config/config.ts";
import { homeFolder } from "../../config/home.ts";
import { readProxies } from "../../config/proxies.ts";
import { variablesIn } from "../../config/variables.ts";
import { passwordsFolder, type User } from "../../credential-files/paths.ts";
import { path, text } from "../flags.ts";
import { sayProblem } from "../problem.ts";
import { type Credentials, withPlace } from "./credentials.ts";
import { readLocal } from "./local.ts";
import type { Remote } from "./remote.ts";
import { readToken } from "./token-file.ts";

/** Where credentials come from: a folder of this machine, or a server. */
type Source = { folder: string } | { remote: Remote; proxies: Proxies | undefined };

export type Options = { user: User; source: Source };

/** A name is taken as it stands: spaces and quotes may belong to it. */
const usernameOf = ({ user }: Flags): string => {
  if (typeof user !== "string" || user === "")
    throw new ConfigError("--user NAME is needed: the name of the database user");
  const parsed = existingUsername.safeParse(user);
  if (parsed.success) return parsed.data;
  throw new ConfigError("--user is not a name that a database user can have");
};

const groupIdOf = ({ project = "" }: Flags): string => {
  const groupId = readOne("groupId", process.env, { project });
  if (groupId !== undefined) return groupId;
  throw new ConfigError("--project ID is needed: the id of the project of the database user");
};

const folderOf = (flags: Flags): string => {
  const named = readOne("credentialsDir", process.env, flags);
  const folder = named ?? passwordsFolder(process.env, homeFolder(process.env));
  if (folder !== undefined) return folder;
  throw new ConfigError(
    "the user that runs this program has no home for passwords: name their folder with --credentials-dir",
  );
};

const sourceOf = async (flags: Flags): Promise<Source> => {
  const [server, tokenFile] = [text(flags, "server"), path(flags, "token-file")];
  if (server === undefined && tokenFile === undefined) return { folder: folderOf(flags) };
  if (server === undefined || tokenFile === undefined)
    throw new ConfigError("--server and --token-file are needed together");
  if (text(flags, "credentials-dir") !== undefined)
    throw new ConfigError("--server and --credentials-dir are two places; give one of them");
  const { endpointOf } = await import("./remote.ts");
  const remote = { endpoint: endpointOf(server), token: readToken(tokenFile) };
  return { remote, proxies: readProxies(variablesIn(process.env)) };
};

/** Reads the flags. Rejects with `ConfigError`. */
export const readOptions = async (flags: Flags): Promise<Options> => ({
  user: { groupId: groupIdOf(flags), username: usernameOf(flags) },
  source: await sourceOf(flags),
});

/** The credentials of the user. Fails if there are none. */
export const readCredentials = async ({ user, source }: Options): Promise<Credentials> => {
  if ("folder" in source) return withPlace(await readLocal(user, source.folder));
  const { readRemote } = await import("./remote.ts");
  return withPlace(await readRemote(user, source.remote, source.proxies));
};

/** Does the work of a command. What fails on purpose is one line on stderr, and exit code 1. */
export const orSayWhy = (work: Promise<number>): Promise<number> =>
  work.catch((error: unknown) => {
    if (!(error instanceof AtlasToolError)) throw error;
    sayProblem(error.failure.message);
    return 1;
  });
