/** A sandbox, a TCP proxy in front of it, and servers in this process that meet both, all on one fast clock. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox, type SandboxOptions } from "@atlas-provision-mcp/sandbox";
// Loaded here and not by the first request, which would cost a fast clock most of a deadline.
import { request } from "undici";
import { behind } from "../support/behind.ts";
import { createFastClock, type FastClock } from "../support/fast-clock.ts";
import { type Provision, type ProvisionOptions, provision } from "./provision.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

export const aws = { backingProviderName: "AWS", regionName: "US_EAST_1" };

/** A request as the sandbox has logged it. */
type Logged = { operation: string | null; method: string; path: string; status: number };

type State = {
  projects: Record<string, any>[];
  clusters: Record<string, any>[];
  users: Record<string, any>[];
  accessList: Record<string, any>[];
  requests: Logged[];
  faultsFired: Record<string, number>;
};

/** A sandbox, a proxy in front of it and one clock for all; `process` makes one more server on it. */
export type Harness = {
  sandbox: Sandbox;
  /** Passwords of database users go below it. */
  passwords: string;
  proxy: TcpProxy;
  clock: FastClock;
  process(options?: Partial<ProvisionOptions>): Provision;
  script(operation: string, fault: string, times?: number): Promise<void>;
  state(): Promise<State>;
  reset(): Promise<void>;
  /** Makes something behind the server's back. */
  make(path: string, body: object): Promise<string>;
  /** A project made behind the server's back, by its id. */
  makeProject(name: string, more?: object): Promise<string>;
  makeCluster(groupId: string, name: string, more?: object): Promise<string>;
  close(): Promise<void>;
};

/** `step` is how many milliseconds a tick of the clock has. */
export const openHarness = async (step = 50, options: SandboxOptions = {}): Promise<Harness> => {
  const clock = createFastClock(step);
  const sandbox = await createSandbox({ clock: clock.now, provisionMs: 0, ...options });
  const proxy = await startTcpProxy(sandbox.url, clock);
  const passwords = await mkdtemp(join(tmpdir(), "harness-"));
  const processes: Provision[] = [];
  const control = async (method: string, path: string, body?: unknown): Promise<any> => {
    const text = body === undefined ? null : JSON.stringify(body);
    // Cheaper than fetch by half, which counts where a thousand runs ask for the state.
    const answer = await request(`${sandbox.url}/_sandbox${path}`, { method, body: text });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${await answer.body.text()}`);
    return answer.body.json();
  };
  const post = behind(sandbox);
  const make = async (path: string, body: object): Promise<string> => (await post(path, body)).id;
  return {
    sandbox,
    passwords,
    proxy,
    clock,
    process: (more = {}) => {
      const made = provision({
        baseUrl: proxy.url,
        account: sandbox,
        clock,
        passwords,
        ...more,
      });
      processes.push(made);
      return made;
    },
    script: async (operation, fault, times = 1) => {
      await control("POST", "/faults", [{ operation, fault, times }]);
    },
    state: () => control("GET", "/state"),
    reset: async () => {
      await control("POST", "/reset");
    },
    make,
    makeProject: (name, more = {}) => make("/groups", { name, orgId: sandbox.orgId, ...more }),
    makeCluster: (groupId, name, more = {}) =>
      make(`/groups/${groupId}/flexClusters`, { name, providerSettings: aws, ...more }),
    close: async () => {
      await Promise.all(processes.map((one) => one.close()));
      await proxy.close();
      await sandbox.close();
      await rm(passwords, { recursive: true });
      clock.stop();
    },
  };
};
