/** One Atlas with one client of the bundle, shared by the tests of a file; each test finds it fresh. */

import type { SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll } from "vitest";
import { connect, type Driver, type DriverOptions, type Kind } from "./clients.ts";
import { type LiveSandbox, startSandbox } from "./live-sandbox.ts";
import { until } from "./until.ts";

export type World = {
  sandbox: LiveSandbox;
  driver: Driver;
  /** A project that is there already, so that the token and the connection are too. */
  groupId: string;
};

/** Starts both for the file; what it returns empties the Atlas but for one project, and hands both to a test. */
export const sharedWorld = ({
  kind,
  atlas = {},
  ...options
}: { kind: Kind; atlas?: SandboxOptions } & DriverOptions) => {
  let sandbox: LiveSandbox;
  let driver: Driver;

  beforeAll(async () => {
    sandbox = await startSandbox(atlas);
    driver = await connect(kind, { ...options, env: { ...sandbox.env, ...options.env } });
  });
  afterAll(async () => {
    await driver.close();
    await sandbox.close();
  });

  return async (use: (world: World) => Promise<void>): Promise<void> => {
    await sandbox.reset();
    // A client with a short deadline may need more than one call for its first token on a busy machine.
    const home = { name: "home", orgId: sandbox.orgId, ifExists: "return" };
    const groupId = await until(
      async () => (await driver.call("create_project", home)).structured.project?.id,
      "the first project",
      10_000,
    );
    await use({ sandbox, driver, groupId });
  };
};
