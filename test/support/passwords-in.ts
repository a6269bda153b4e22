import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** The variables of a file; none if another call has moved the file meanwhile, which a rotation does. */
const variablesIn = (path: string): NodeJS.Dict<string>[] => {
  try {
    return [parseEnv(readFileSync(path, "utf8"))];
  } catch {
    return [];
  }
};

const filesBelow = (home: string): string[] =>
  (existsSync(home) ? readdirSync(home, { recursive: true, encoding: "utf8" }) : [])
    .filter((name) => name.endsWith(".env"))
    .map((name) => join(home, name));

/** The passwords in the files of database users below a folder, one for each file; none where there is no folder. */
export const passwordsIn = (home: string): string[] =>
  filesBelow(home)
    .flatMap(variablesIn)
    .flatMap(({ MONGODB_PASSWORD }) => MONGODB_PASSWORD ?? []);

/** The secrets in the files of ephemeral clusters below a folder, with what they are. */
export const ephemeralSecretsIn = (home: string): [secret: string, what: string][] =>
  filesBelow(home)
    .flatMap(variablesIn)
    .flatMap(({ MONGODB_URI = "", ATLAS_CLAIM_URL, ATLAS_EPHEMERAL_CLUSTER_ID: id }) =>
      id === undefined
        ? []
        : [
            [/:\/\/[^:]*:(.+)@/.exec(MONGODB_URI)?.[1] ?? "", "an ephemeral cluster's password"],
            [ATLAS_CLAIM_URL?.split("=").at(-1) ?? "", "a claim id"],
            [id, "an ephemeral cluster's id"],
          ],
    );
