/** The page: one text of HTML with its style and its script in it. The build puts it into the bundle (bundle/evaluate.ts). */
import { readFileSync } from "node:fs";
import { hidden } from "../../common/visible.ts";

const read = (name: string): string =>
  readFileSync(new URL(`./page/${name}`, import.meta.url), "utf8");

/** In this order, each after those that it imports. */
const modules = ["results", "host", "watch", "words", "questions", "views", "elements", "main"];

/** In place of page/hidden.js. */
const hiddenModule = `const hidden = ${JSON.stringify(hidden)};`;

const styles = ["colors", "card"];

/** Without indentation and comments of their own lines: a host gets the whole text with each reading. */
const small = (text: string): string =>
  text
    .replace(/^\s*\/\*[\s\S]*?\*\/\n/gm, "")
    .replace(/^\s*\/\/.*\n/gm, "")
    .replace(/^\s+/gm, "");

/** The modules as one script. A name is used in one of them only, so nothing need be imported. */
const script = [hiddenModule]
  .concat(modules.map((name) => read(`${name}.js`).replace(/^import [^;]+;\n/gm, "")))
  .map((text) => small(text.replace(/^export /gm, "")))
  .join("\n");

const style = styles.map((name) => small(read(`${name}.css`))).join("\n");

export const page = small(read("page.html"))
  .replace(/<style>(?=<\/style>)/, (tag) => tag + style)
  .replace(/<script type="module">(?=<\/script>)/, (tag) => tag + script);
