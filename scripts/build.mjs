// npm run build. The bundler's own command warns of the oldest Node that this project supports, to people who only want
// to run the program; its API does not.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";

await build({ logLevel: "error" });

// The bundler leaves a comment of the types behind the member before, where no editor takes it for that of the member
// after. Each gets a line of its own.
const types = fileURLToPath(new URL("../dist/index.d.cts", import.meta.url));
const behind = /([;{,])[ \t]*(\/\*\* [^\n]*? \*\/)[ \t]*\n([ \t]*)/g;
const before = /^([ \t]*)(\/\*\* [^\n]*? \*\/)(?=\S)/gm;
writeFileSync(
  types,
  readFileSync(types, "utf8").replace(behind, "$1\n$3$2\n$3").replace(before, "$1$2\n$1"),
);
