/** The passwords in the credential files below a folder, one for each file; none where there is no folder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

export const passwordsIn = (home: string): string[] =>
  (existsSync(home) ? readdirSync(home, { recursive: true, encoding: "utf8" }) : [])
    .filter((name) => name.endsWith(".env"))
    .map((name) => parseEnv(readFileSync(join(home, name), "utf8")).MONGODB_PASSWORD ?? "");
