/** The program in this process: the parts that its commands put together, without a process and without the build. */

import { syncBuiltinESMExports } from "node:module";
import { PassThrough } from "node:stream";
import { parseArgs } from "node:util";
import v8 from "node:v8";
import { pino } from "pino";
import { vi } from "vitest";
import { flagsOf } from "../../src/cli/declare.ts";
import { type StartOptions, startHttp } from "../../src/cli/http.ts";
import { main } from "../../src/cli/main.ts";
import type { Clock } from "../../src/common/deadline.ts";
import { readConfig } from "../../src/config/config.ts";
import { createContainer } from "../../src/container.ts";
import { createServerFactory } from "../../src/mcp/server.ts";
import { serveConnection, type Transport } from "../../src/mcp/transports/connection.ts";
import { createLineTransport } from "../../src/mcp/transports/stdio-lines.ts";
import { operator } from "../../src/policy/caller.ts";
import { programEnv, type Ran } from "./bundle.ts";
import { recordRun } from "./output-record.ts";

export type ProgramOptions = {
  env?: Record<string, string>;
  args?: string[];
  /** The clock of the program, where it runs in this process; the bundle has the system's. */
  clock?: Clock | undefined;
  /** The limits of HTTP, in this process alone as well. */
  limits?: StartOptions["limits"];
};

const options = {
  ...flagsOf(() => true),
  host: { type: "string" },
  port: { type: "string" },
} as const;

const configure = ({ env = {}, args = [], clock }: ProgramOptions) => {
  const all = programEnv(env);
  const { values } = parseArgs({ args, options });
  const flags = { ...values } as Record<string, string | boolean>;
  let log = "";
  const logTarget = {
    write: (line: string) => {
      log += line;
    },
  };
  return {
    config: readConfig(all, flags),
    flags,
    parts: { logTarget, ...(clock === undefined ? {} : { clock }) },
    log: () => log,
    record: (stdout = "") => recordRun(args, all, { stdout, stderr: log }),
  };
};

/** The server without a transport. */
export const startServer = async (given: ProgramOptions = {}) => {
  const { config, parts, log, record } = configure(given);
  const container = await createContainer(config, parts);
  const factory = createServerFactory(container.runner, container);
  return {
    log,
    connect: (transport: Transport) =>
      serveConnection(
        transport,
        () => factory(operator, "public"),
        () => {},
      ),
    /** Gives the token back and ends the embedded sandbox; `stdout` is what the transport has said. */
    close: async (stdout?: string) => {
      await container.close();
      record(stdout);
    },
  };
};

/** The server on two streams, as over stdio. */
export const startOnStreams = (given: ProgramOptions = {}) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let stdout = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const starting = (async () => {
    const server = await startServer(given);
    const connection = await server.connect(
      createLineTransport({ input, output, onTooLong: () => {} }),
    );
    return { server, connection };
  })();
  let log = () => "";
  let problem: unknown;
  starting.then(
    ({ server }) => {
      log = server.log;
    },
    (error: unknown) => {
      problem = error;
    },
  );
  return {
    write: (text: string | Buffer) => void input.write(text),
    stdout: () => stdout,
    stderr: () => log(),
    check: () => {
      if (problem !== undefined) throw problem;
    },
    close: async () => {
      const { server, connection } = await starting;
      await connection.close();
      await server.close(stdout);
    },
  };
};

/** The server over HTTP, on a free port of this machine. */
export const startOverHttp = async ({ limits = {}, ...given }: ProgramOptions = {}) => {
  const { config, flags, parts, log, record } = configure(given);
  const server = await startHttp(config, { port: "0", ...flags }, { ...parts, limits });
  let ended: Promise<void> | undefined;
  return {
    url: server.url,
    metricsUrl: server.metricsUrl,
    reload: server.reload,
    stderr: log,
    end: () => {
      ended ??= server.end().then(() => record());
      return ended;
    },
  };
};

// V8's flags are for a process of the program's own.
v8.setFlagsFromString = () => {};
syncBuiltinESMExports();

const runNow = async (args: string[], env: Record<string, string>): Promise<Ran> => {
  const all = programEnv(env);
  const ran: { code: number | null; stdout: string; stderr: string } = {
    code: null,
    stdout: "",
    stderr: "",
  };
  const saying = (name: "stdout" | "stderr") =>
    ((text: string, written?: () => void) => {
      ran[name] += text;
      written?.();
      return true;
    }) as typeof process.stdout.write;
  const log = { write: saying("stderr") };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(saying("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(saying("stderr")),
    vi.spyOn(pino, "destination").mockImplementation((() => log) as never),
    vi.spyOn(process, "exit").mockImplementation(((code: number) => {
      ran.code = code;
    }) as never),
  ];
  const own = process.env;
  process.env = all;
  try {
    await main(args);
  } finally {
    process.env = own;
    for (const spy of spies) spy.mockRestore();
  }
  recordRun(args, all, ran);
  return ran;
};

let queue: Promise<unknown> = Promise.resolve();

/** Runs a command that ends by itself, one after the other: they share the process's output. */
export const runCommandLine = (args: string[], env: Record<string, string> = {}): Promise<Ran> => {
  const run = queue.then(() => runNow(args, env));
  queue = run.catch(() => {});
  return run;
};
