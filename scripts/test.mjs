// npm test: builds, then runs the tests with types and lint beside them. Fails where any of it fails.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const bin = (command) => `${root}node_modules/.bin/${command}`;

/** Runs a command; `quiet` keeps its output until somebody asks for it. */
const run = (name, [command, ...args], quiet = true) => {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  let output = "";
  for (const stream of quiet ? [child.stdout, child.stderr] : [])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ name, code: 1, output: error.message }));
    child.once("close", (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      resolve({ name, code: code ?? 1, output, seconds });
    });
  });
};

const build = run("build", [process.execPath, "scripts/build.mjs"]);
const checks = [
  build,
  run("types", [bin("tsc")]),
  run("biome", [bin("biome"), "check", "."]),
  run("knip", [bin("knip")]),
  // It reads what was built.
  build.then(() => run("publint", [bin("publint")])),
];

const { code } = await build;
const tests =
  code === 0
    ? await run("tests", [bin("vitest"), "run", ...process.argv.slice(2)], false)
    : undefined;

const ended = await Promise.all(checks);
const failed = ended.filter((one) => one.code !== 0);
for (const { name, output } of failed) console.error(`\n${name} failed:\n${output.trim()}`);
const told = ended.map(
  (one) => `${one.name} ${one.code === 0 ? "ok" : "FAILED"} (${one.seconds} s)`,
);
console.log(told.join(", "));
if (failed.length > 0 || tests?.code !== 0) process.exitCode = 1;
