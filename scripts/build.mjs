// npm run build. The bundler's own command warns of the oldest Node that this project supports, to people who only want
// to run the program; its API does not.
import { build } from "tsdown";

await build({ logLevel: "error" });
