/** The page: one text of HTML with its style and its script in it. The build puts it into the bundle (bundle/evaluate.ts). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const read = (name: string): string =>
  readFileSync(new URL(`./page/${name}`, import.meta.url), "utf8");

/** In this order, each after those that it imports. */
const modules = ["text", "elements", "faults", "resource-items", "resources", "requests", "main"];

const styles = ["colors", "frame", "resources", "faults", "requests", "layout"];

/** The modules as one script. A name is used in one of them only, so nothing need be imported. */
const script = modules
  .map((name) => read(`${name}.js`))
  .map((text) => text.replace(/^import [^;]+;\n/gm, "").replace(/^export /gm, ""))
  .join("\n");

const style = styles.map((name) => read(`${name}.css`)).join("\n");

const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** What the browser may load and run: what is in the page, and requests to where it comes from. */
export const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export const page = read("page.html")
  .replace(/<style>(?=<\/style>)/, (tag) => tag + style)
  .replace(/<script type="module">(?=<\/script>)/, (tag) => tag + script);
