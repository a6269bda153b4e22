/** Checks what `sandbox` would start with, by starting it for a moment. */
import { messageOf } from "../../common/errno.ts";
import { ConfigError, type Flags } from "../../config/config.ts";
import { dateProblem } from "../certificate.ts";
import { logLevelOf, optionsOf, startSandbox } from "../sandbox.ts";
import type { Check } from "./check.ts";
import { hasSandbox } from "./own-server.ts";
import { programChecks } from "./program.ts";
import { stateCheck } from "./state.ts";

const certificateCheck = (cert: string): Check => {
  const problem = dateProblem(cert);
  const check = "certificate";
  return problem === undefined
    ? { check, result: "ok", says: "fits its private key" }
    : { check, result: "warning", says: problem, fix: "Clients refuse it. Make a new one." };
};

const startCheck = async (flags: Flags): Promise<Check[]> => {
  logLevelOf(flags);
  const { host = "", port, statePath, tls } = await optionsOf(flags);
  const check = "sandbox";
  // Without the state file, which a sandbox writes when it starts.
  const started = await startSandbox({ host, port: port ?? 0, ...(tls && { tls }) }).then(
    async (sandbox): Promise<Check> => {
      await sandbox.close();
      const says = port === 0 ? `${host}, a free port` : `${sandbox.url} can be served`;
      return { check, result: "ok", says };
    },
    async (error: unknown): Promise<Check> => {
      if (!(error instanceof ConfigError)) throw error;
      if (port !== undefined && port !== 0 && (await hasSandbox(host, port)))
        return {
          check,
          result: "warning",
          says: `a sandbox runs on ${host} port ${port}`,
          fix: "Nothing, if that is the sandbox you mean. To start another one beside it, give it another --port.",
        };
      return { check, result: "failed", says: messageOf(error) };
    },
  );
  return [
    ...(tls === undefined ? [] : [certificateCheck(tls.cert)]),
    ...(await stateCheck(statePath, false)),
    started,
  ];
};

export const diagnoseSandbox = async (flags: Flags): Promise<Check[]> => [
  ...programChecks(),
  ...(await startCheck(flags)),
];
