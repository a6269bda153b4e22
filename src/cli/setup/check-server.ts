/** Whether the server would start with what an entry says. */
import { type Flags, readConfig, readOne } from "../../config/config.ts";
import { createContainer } from "../../container.ts";
import { hasAccount } from "./entry.ts";

/** Where the server of an entry works: on Atlas, where it does not start without credentials, or as they decide. */
export type Backend = "atlas" | "sandbox" | undefined;

/** Stands for the user's credentials, which this program may not have. */
const anyAccount = {
  MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_0123456789abcdef01234567",
  MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
};

/**
 * Checks the flags of an entry as the server does at its start, with the files that they name. Nothing is contacted.
 * `files` are those of its credentials. Rejects with the server's own `ConfigError`.
 */
export const checkServer = async (
  flags: Flags,
  files: Readonly<Record<string, string>>,
): Promise<Backend> => {
  const named = readOne("backend", {}, flags);
  const hasAddress = readOne("baseUrl", {}, flags) !== undefined;
  const isAtlas =
    named === undefined
      ? hasAccount(files) || (hasAddress && !readOne("ephemeral", {}, flags))
      : named === "atlas";
  const config = readConfig(isAtlas ? anyAccount : {}, flags);
  const container = await createContainer({ ...config, warnings: [] });
  await container.close();
  return isAtlas ? "atlas" : named;
};
