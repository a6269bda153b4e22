/** A host in a terminal of its own: what a person would see, and what they would type. */
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../support/until.ts";

const require = createRequire(import.meta.url);

export type Terminal = {
  /** Types as a person does, a key at a time. */
  type(keys: string): Promise<void>;
  /** Types a line, waits until it stands there, and sends it. */
  send(line: string): Promise<void>;
  /** Waits until the screen matches. */
  shows(pattern: RegExp, boundMs?: number): Promise<string>;
  exited: Promise<number>;
  /** Ends the host if it still runs. */
  kill(): void;
};

export const keys = {
  enter: "\r",
  escape: "\x1b",
  tab: "\t",
  space: " ",
  down: "\x1b[B",
  up: "\x1b[A",
  right: "\x1b[C",
};

/** A person takes longer than the half second after which a no is theirs and not the host's. */
export const readAsAPerson = () => delay(700);

const columns = 120;
const rows = 50;

export const startTerminal = (
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd: string,
): Terminal => {
  const { spawn } = require("@lydell/node-pty");
  const { Terminal: Screen } = require("@xterm/headless");
  const size = { cols: columns, rows };
  const screen = new Screen({ ...size, scrollback: 5000, allowProposedApi: true });
  const process = spawn(command, args, { name: "xterm-256color", ...size, env, cwd });
  let drawnAt = performance.now();
  process.onData((data: string) => {
    drawnAt = performance.now();
    screen.write(data);
  });
  // Answers of the terminal to what the program asks of it, such as the place of the cursor.
  screen.onData((data: string) => process.write(data));
  let hasExited = false;
  const exited = new Promise<number>((resolve) =>
    process.onExit(({ exitCode }: { exitCode: number }) => {
      hasExited = true;
      resolve(exitCode);
    }),
  );
  const text = (): string => {
    const { buffer } = screen;
    const lines = Array.from({ length: rows }, (_, row) =>
      buffer.active.getLine(buffer.active.baseY + row)?.translateToString(true),
    );
    return lines.join("\n");
  };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  // A program draws before it listens for keys again. What moves by itself is never still.
  const still = async () => {
    const latest = performance.now() + 600;
    while (performance.now() < latest && performance.now() - drawnAt < 150) await pause(20);
  };
  const type = async (typed: string) => {
    await still();
    const each = typed.startsWith("\x1b") ? [typed] : [...typed];
    for (const key of each) {
      process.write(key);
      await pause(15);
    }
  };
  return {
    type,
    send: async (line) => {
      await type(line);
      await until(() => text().includes(line), `${line} on the screen`, 20_000);
      await type(keys.enter);
    },
    shows: async (pattern, boundMs = 40_000) => {
      try {
        return await until(() => pattern.test(text()) && text(), String(pattern), boundMs);
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${text()}`);
      }
    },
    exited,
    kill: () => {
      if (!hasExited) process.kill("SIGKILL");
    },
  };
};
