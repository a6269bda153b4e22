/** Writes the measured part of docs/mutation.md from Stryker's report; what is written by hand below it stays. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

const page = new URL("../../docs/mutation.md", import.meta.url);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

const { files } = JSON.parse(read("reports/mutation.json"));
const own = JSON.parse(read("package.json")).devDependencies;
const root = JSON.parse(read("../../package.json")).devDependencies;

const statuses = ["Killed", "Timeout", "Survived", "NoCoverage"];

const rowOf = (name, mutants) => {
  const counts = statuses.map((status) => mutants.filter((one) => one.status === status).length);
  const [killed, timedOut] = counts;
  // Detected of all that are valid: a mutant that was left out or does not run says nothing.
  const valid = counts.reduce((sum, count) => sum + count, 0);
  const score = ((100 * (killed + timedOut)) / valid).toFixed(1);
  return `| ${[name, valid, ...counts, `${score} %`].join(" | ")} |`;
};

const rows = Object.entries(files).map(([file, { mutants }]) => rowOf(`\`${file}\``, mutants));
const total = rowOf(
  "all",
  Object.values(files).flatMap(({ mutants }) => mutants),
);

const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.versions.node}`;
const versions = `Stryker ${own["@stryker-mutator/core"]}, vitest ${root.vitest}`;
const measured = [
  `Measured on ${new Date().toISOString().slice(0, 10)} with ${versions}, on ${machine}.`,
  "",
  "| file | mutants | killed | timed out | survived | no coverage | score |",
  "|---|---|---|---|---|---|---|",
  ...rows,
  total,
  "",
].join("\n");

const between = /(<!-- measured: [^\n]*-->\n)[\s\S]*?(<!-- \/measured -->)/;
const text = readFileSync(page, "utf8");
if (!between.test(text)) throw new Error("docs/mutation.md has no place for what was measured.");
writeFileSync(
  page,
  text.replace(between, (_all, start, end) => `${start}${measured}${end}`),
);
console.log(total);
