/** What one run of a host needs: an Atlas, a model, a home of its own, and a proxy that refuses everything else. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundle, type Ran, runCommand } from "../../support/bundle.ts";
import { type LiveSandbox, startSandbox } from "../../support/live-sandbox.ts";
import { startProxy } from "../../support/proxy.ts";
import { node24 } from "../tools.ts";
import { type Model, type Script, startModel } from "./model/server.ts";
import { startTerminal, type Terminal } from "./terminal.ts";
import { type Message, messagesIn, tap, untilGone } from "./wire.ts";

export type Stage = {
  sandbox: LiveSandbox;
  model: Model;
  /** The folder in which the host works, below its home. */
  work: string;
  /** The environment of the server, which goes into the host's entry. */
  serverEnv: Record<string, string>;
  /**
   * Writes the host's entry with `setup`, whose file gets the tap. The server finds its credentials as the host passes them on.
   */
  setUp(host: string): Promise<void>;
  /** Writes a file below the host's home. */
  write(path: string, content: string | object): void;
  home: string;
  /** Runs the host to its end. */
  run(command: string, args: string[], env?: Record<string, string>): Promise<Ran>;
  /** Starts the host in a terminal. */
  open(command: string, args: string[], env?: Record<string, string>): Terminal;
  /** All that has passed between the host and the server. */
  messages(): Message[];
  /** What the host has asked for beyond this machine; it got none of it. */
  outside(): string[];
  /** Ends all of it, once the server's processes are gone: they end with their host. */
  close(): Promise<void>;
};

/** With these a host finds nothing but this machine. */
const refusing = (url: string): Record<string, string> => ({
  ...Object.fromEntries(
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
      [name, url],
      [name.toLowerCase(), url],
    ]),
  ),
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
});

/** Starts all of it; `script` is told the id of the organization. */
export const startStage = async (
  script: (orgId: string) => Script,
  settings: Record<string, string> = {},
): Promise<Stage> => {
  // Long enough for progress while a cluster is made.
  const sandbox = await startSandbox({ provisionMs: 1500 });
  const model = await startModel(script(sandbox.orgId));
  const proxy = await startProxy({}, 403);
  const home = mkdtempSync(join(tmpdir(), "host-"));
  const work = join(home, "work");
  const log = join(home, "tap.jsonl");
  for (const folder of [work, join(home, "tmp")]) mkdirSync(folder);
  writeFileSync(log, "");
  const terminals: Terminal[] = [];
  // Nothing of the environment of the tests: hosts behave differently where CI is set.
  const basis = {
    PATH: `${dirname(node24())}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: join(home, "tmp"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    ...refusing(proxy.url),
  };
  const { MONGODB_ATLAS_BASE_URL: url = "", ...credentials } = sandbox.env;
  const credentialsDir = join(home, "credentials");
  const { ATLAS_MCP_CONFIRM: confirm, ...others } = settings;
  return {
    sandbox,
    model,
    work,
    home,
    serverEnv: {
      ...sandbox.env,
      ATLAS_MCP_CREDENTIALS_DIR: credentialsDir,
      HOST_TAP: log,
      ...settings,
    },
    setUp: async (host) => {
      const flags = ["--base-url", url, "--credentials-dir", credentialsDir];
      const args = ["setup", host, ...flags, ...(confirm ? ["--confirm", confirm] : [])];
      const { code, stdout, stderr } = await runCommand(
        node24(),
        [bundle, ...args],
        basis,
        20_000,
        work,
      );
      const [, file = ""] = /^Written: (.+?)(?:, a new file\.)?$/m.exec(stdout) ?? [];
      if (code !== 0) throw new Error(`setup ${host}: ${stderr}`);
      const own = join(home, "tap.cjs");
      const variables = JSON.stringify({ HOST_TAP: log, ...others });
      const load = `Object.assign(process.env, ${variables}); require(${JSON.stringify(tap)});`;
      writeFileSync(own, load);
      const words = ["--require", own, bundle].map((word) => JSON.stringify(word)).join(", ");
      const text = readFileSync(file, "utf8");
      if (!text.includes(JSON.stringify(bundle))) throw new Error(`No entry in ${file}`);
      writeFileSync(file, text.replace(JSON.stringify(bundle), words));
    },
    write: (path, content) => {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    },
    run: (command, args, env = {}) =>
      runCommand(command, args, { ...basis, ...credentials, ...env }, 110_000, work),
    open: (command, args, env = {}) => {
      const terminal = startTerminal(command, args, { ...basis, ...credentials, ...env }, work);
      terminals.push(terminal);
      return terminal;
    },
    messages: () => messagesIn(log),
    outside: () => proxy.seen.map(({ what }) => what),
    close: async () => {
      for (const terminal of terminals) terminal.kill();
      await untilGone(log);
      model.close();
      await Promise.all([sandbox.close(), proxy.close()]);
      // Hosts have helpers that write a last line after them.
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
};
