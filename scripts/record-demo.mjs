// npm run record: runs the demo in a terminal of its own and draws what it showed, in its colours and its pace, as
// docs/demo.svg. Where nothing moves, all of it is there at once. Needs `script` of util-linux.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

const columns = 118;
const line = 17;
const colours = { 32: "#7ee787", 33: "#f2cc60" };

/** Runs the demo; each line with the second at which it appeared. */
const record = () =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const shown = [];
    let rest = "";
    const child = spawn("script", ["-qefc", "node examples/demo.mjs", "/dev/null"], {
      env: { ...process.env, TERM: "xterm-256color", NO_COLOR: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      const at = (performance.now() - startedAt) / 1000;
      for (const one of lines) shown.push({ at, text: one });
    });
    child.on("close", (code) => (code === 0 ? resolve(shown) : reject(new Error(`exit ${code}`))));
  });

const escaped = (text) =>
  text.replace(/[&<>]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[one] ?? one);

/** A line of the terminal as spans: the few styles that the demo uses. */
const spansOf = (text) => {
  const spans = [];
  let left = columns;
  let style = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent.
  for (const part of text.split(/(\u001b\[[\d;]*m)/)) {
    const code = /\[([\d;]*)m$/.exec(part)?.[1];
    if (code !== undefined) {
      if (code === "0" || code === "") style = "";
      else if (code === "1") style += "font-weight:bold;";
      else if (code === "2") style += "fill-opacity:.6;";
      else if (colours[code]) style += `fill:${colours[code]};`;
      continue;
    }
    const cut = part.length > left ? `${part.slice(0, Math.max(0, left - 1))}…` : part;
    if (left > 0 && cut !== "")
      spans.push(`<tspan${style === "" ? "" : ` style="${style}"`}>${escaped(cut)}</tspan>`);
    left -= part.length;
  }
  return spans.join("");
};

const shown = await record();
const texts = shown.map(
  ({ at, text }, index) =>
    `<text x="16" y="${30 + index * line}" style="animation-delay:${at.toFixed(2)}s">${spansOf(text)}</text>`,
);
const height = 46 + shown.length * line;
writeFileSync(
  new URL("../docs/demo.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 900 ${height}" role="img" aria-label="The demo: from an empty organization to a connection string and back">
<style>text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#e6edf3;white-space:pre;animation:show .2s both}@keyframes show{from{opacity:0}}@media (prefers-reduced-motion:reduce){text{animation:none}}</style>
<rect width="900" height="${height}" rx="8" fill="#0d1117"/>
${texts.join("\n")}
</svg>
`,
);
console.log(`docs/demo.svg: ${shown.length} lines`);
