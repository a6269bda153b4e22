import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** The password in a file; none if another call has moved the file meanwhile, which a rotation does. */
const passwordIn = (path: string): string[] => {
  try {
    return [parseEnv(readFileSync(path, "utf8")).MONGODB_PASSWORD ?? ""];
  } catch {
    return [];
  }
};

/** The passwords in the credential files below a folder, one for each file; none where there is no folder. */
export const passwordsIn = (home: string): string[] =>
  (existsSync(home) ? readdirSync(home, { recursive: true, encoding: "utf8" }) : [])
    .filter((name) => name.endsWith(".env"))
    .flatMap((name) => passwordIn(join(home, name)));
