/** The sandbox that this process runs where no credentials are set. */
import type { Clock } from "./common/deadline.ts";
import { fail } from "./common/failure.ts";
import type { Config } from "./config/config.ts";

// The same in every process, so that the id still holds where a host starts a process for each call.
const sandboxOrganization = { id: "5a9db0c5a9db0c5a9db0c501", name: "Sandbox" };

/** What callers of a sandbox without a state file should know. */
export const beganEmpty =
  "This sandbox began empty with this server process and ends with it; the operator can keep its data with --state FILE (ATLAS_MCP_SANDBOX_STATE).";

/** Starts a sandbox on a free port of this machine. The client treats it like Atlas. */
export const startEmbeddedSandbox = async (
  scope: Config["scope"],
  sandboxState: Config["sandboxState"],
  clock: Clock,
) => {
  const sandbox = await import("@atlas-provision-mcp/sandbox");
  const options = {
    clock: clock.now,
    organizations: [sandboxOrganization],
    ...(scope.orgId === undefined ? {} : { orgId: scope.orgId }),
  };
  if (sandboxState === undefined) return sandbox.createSandbox(options);
  const shared = sandbox.shareSandbox({ ...options, statePath: sandboxState.path });
  return shared.catch((error: unknown) => {
    if (!(error instanceof sandbox.StateFileError)) throw error;
    const help = `Set ${sandboxState.from} to another file.`;
    // Fails the first call, not the start: hosts start a second process only to look (docs/atlas.md#hosts-and-protocol).
    return fail("unavailable", `The sandbox cannot keep its state: ${error.problem}. ${help}`);
  });
};
