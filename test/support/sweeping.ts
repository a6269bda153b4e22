/** A sweep in this process on a sandbox, both on one fast clock, so that its waits are short. */
import { createSandbox, type SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { onTestFinished } from "vitest";
import { boundsOf } from "../../src/calls/scope.ts";
import type { Ended } from "../../src/cli/sweep/deletes.ts";
import { sweep } from "../../src/cli/sweep/passes.ts";
import { type Report, reportOf } from "../../src/cli/sweep/report.ts";
import { createContainer } from "../../src/container.ts";
import type { Judged } from "../../src/operations/sweep-verdicts.ts";
import { operator } from "../../src/policy/caller.ts";
import { read } from "./config.ts";
import { createFastClock } from "./fast-clock.ts";
import { somebodyElse } from "./leased.ts";

export type SweepOptions = {
  apply?: boolean;
  /** Seconds. */
  wait?: number;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds by which the machine's clock is off. */
  off?: number;
  /** Runs before each delete is planned. */
  before?: (judged: Judged) => unknown;
  onEnd?: (judged: Judged, ended: Ended) => unknown;
};

/** `step`: milliseconds on the clock for each one of this machine. */
export const startSweeping = async (options: SandboxOptions = {}, step = 20) => {
  const clock = createFastClock(step);
  const sandbox = await createSandbox({ provisionMs: 0, clock: clock.now, ...options });
  onTestFinished(async () => {
    clock.stop();
    await sandbox.close();
  });
  const state = async () => (await fetch(`${sandbox.url}/_sandbox/state`)).json() as Promise<any>;
  const env = {
    MONGODB_ATLAS_BASE_URL: sandbox.url,
    MONGODB_ATLAS_CLIENT_ID: sandbox.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: sandbox.clientSecret,
    ATLAS_MCP_LOG_LEVEL: "silent",
  };
  return {
    sandbox,
    clock,
    ...somebodyElse(sandbox, clock.now),
    state,
    count: async (operation: string): Promise<number> =>
      (await state()).requests.filter((one: any) => one.operation === operation).length,
    /** The names of what there is: `shop`, `shop/orders`. */
    names: async (): Promise<string[]> => {
      const { projects, clusters } = await state();
      const nameOf = new Map(projects.map(({ id, name }: any) => [id, name]));
      return [
        ...projects.map(({ name }: any) => name),
        ...clusters.map(({ groupId, name }: any) => `${nameOf.get(groupId)}/${name}`),
      ].sort();
    },
    script: async (operation: string, fault: string, times = 1) => {
      const answer = await fetch(`${sandbox.url}/_sandbox/faults`, {
        method: "POST",
        body: JSON.stringify([{ operation, fault, times }]),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    run: async (how: SweepOptions = {}): Promise<Report> => {
      const { apply = true, wait = 120, signal = new AbortController().signal, off = 0 } = how;
      const config = read({ ...env, ...how.env });
      const own = { ...clock, now: () => clock.now() + off };
      const settings = { ...config, allowDelete: true, confirm: "never" } as const;
      const container = await createContainer(settings, { clock: own });
      const { runner, rules, atlas, notice } = container;
      const caller = runner.forCaller(operator);
      const swept = await sweep({
        atlas,
        clock: own,
        scope: runner.scope,
        bounds: boundsOf(runner.scope, [rules]),
        caller: {
          ...caller,
          run: async (tool, args, call) => {
            await how.before?.(args as Judged);
            return caller.run(tool, args, call);
          },
        },
        signal,
        apply,
        waitMs: wait * 1000,
        onEnd: async (judged, ended) => {
          await how.onEnd?.(judged, ended);
        },
      }).finally(container.close);
      return reportOf(swept, { apply, backend: config.backend, note: notice });
    },
  };
};

/** A report by names: what went, what would, what stays with its code, and what is due later. */
export const inShort = ({ deleted, wouldDelete, left, later, exitCode, error }: Report) => {
  const nameOf = ({
    kind,
    name,
    projectName,
  }: {
    kind: string;
    name: string;
    projectName?: string;
  }) => (kind === "project" ? name : `${projectName}/${name}`);
  return {
    deleted: deleted.map(nameOf).sort(),
    wouldDelete: wouldDelete.map(nameOf).sort(),
    left: Object.fromEntries(left.map((one) => [nameOf(one), one.code])),
    later: later.map(nameOf),
    exitCode,
    ...(error === undefined ? {} : { error: error.code }),
  };
};
