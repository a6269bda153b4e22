/** Virtual environments with the pinned packages of examples/agents/python, made where they are missing or old. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { programEnv } from "../../support/bundle.ts";
import { repository } from "../tools.ts";

const execute = promisify(execFile);

export const examples = join(repository, "examples/agents/python");

/** The locks by the release of the MCP SDK that they have. */
const locks = { 1: "requirements-langchain.txt", 2: "requirements.txt" } as const;

export type Release = keyof typeof locks;

/** What a Python program is started with: node, which it starts the server with, is that of the tests. */
export const pythonEnv = (env: Record<string, string> = {}): Record<string, string> => {
  const { PATH, ...rest } = programEnv();
  return { ...rest, PATH: `${dirname(process.execPath)}:${PATH}`, ...env };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does the work while no other process does it: test files run beside each other. A lock that is left over is old. */
const alone = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? {};
      if (mtimeMs !== undefined && Date.now() - mtimeMs > 300_000)
        rmSync(lock, { recursive: true });
      await pause(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

/** The python that has the packages of this lock. */
export const pythonWith = async (release: Release): Promise<string> => {
  const lock = join(examples, locks[release]);
  const folder = fileURLToPath(new URL(`.venv/${release}`, import.meta.url));
  const python = join(folder, "bin/python");
  // Written last: an environment without it is not whole.
  const stamp = join(folder, "lock.sha256");
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const isWhole = (): boolean =>
    existsSync(python) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  if (isWhole()) return python;
  return alone(`${folder}.lock`, async () => {
    if (isWhole()) return python;
    await execute("python3", ["-m", "venv", "--clear", folder]);
    const how = ["--quiet", "--no-input", "--only-binary", ":all:"];
    await execute(python, ["-m", "pip", "install", ...how, "--require-hashes", "-r", lock]);
    writeFileSync(stamp, digest);
    return python;
  });
};
