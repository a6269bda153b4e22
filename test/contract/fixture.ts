/** One Atlas with one client of the bundle, shared by the tests of a file; each test finds it fresh. */
import type { SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll } from "vitest";
import { connect, type Driver, type DriverOptions, type Kind } from "../support/clients.ts";
import { fileClock } from "../support/fast-clock.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";

export type Fixture = {
  sandbox: LiveSandbox;
  driver: Driver;
  /** A project that is there already, so that the token and the connection are too. */
  groupId: string;
};

type WorldOptions = Omit<DriverOptions, "clock"> & {
  kind: Kind;
  atlas?: SandboxOptions;
  /** Milliseconds that pass on the clock with each real one; by default both are the same. */
  step?: number;
};

/** Starts both for the file; what it returns empties the Atlas but for one project, and hands both to a test. */
export const sharedFixture = ({ kind, atlas = {}, step, ...options }: WorldOptions) => {
  const clock = step === undefined ? undefined : fileClock(step);
  let sandbox: LiveSandbox;
  let driver: Driver;

  beforeAll(async () => {
    sandbox = await startSandbox({ ...(clock && { clock: clock.now }), ...atlas });
    driver = await connect(kind, { ...options, clock, env: { ...sandbox.env, ...options.env } });
  });
  afterAll(async () => {
    await driver.close();
    await sandbox.close();
  });

  return async (use: (fixture: Fixture) => Promise<void>): Promise<void> => {
    await sandbox.reset();
    const { id: groupId } = await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId });
    // A client with a short deadline may need more than one call for its first token on a busy machine.
    await until(
      async () => (await driver.call("get_project", { groupId })).structured.project?.id,
      "the first project",
      10_000,
    );
    await use({ sandbox, driver, groupId });
  };
};
