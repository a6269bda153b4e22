/** Builds the programs in this folder, and runs one against a sandbox. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programEnv, runCommand } from "../../support/bundle.ts";
import type { LiveSandbox } from "../../support/live-sandbox.ts";
import { buildGo } from "../go.ts";

const source = fileURLToPath(new URL(".", import.meta.url));

/** What came of a step, as the program prints it. */
export type Outcome = {
  step: string;
  status: number;
  answer?: any;
  /** Members that the SDK's type has no place for, and those that it requires and did not get. */
  unlike?: string[];
  errorCode?: string;
  detail?: string;
  retryAfter?: string;
};

export type GoSdk = {
  /** Runs the life cycle of a release to its end. */
  run(release: string, credentials: string, sandbox: LiveSandbox): Promise<Outcome[]>;
  remove(): void;
};

export const openGoSdk = async (): Promise<GoSdk> => {
  const folder = mkdtempSync(join(tmpdir(), "go-sdk-"));
  const program = join(folder, "go-sdk");
  // Without symbols it links faster.
  await buildGo(source, program, ["-ldflags=-s -w"]);
  return {
    run: async (release, credentials, { env, publicKey, privateKey, orgId }) => {
      const account = {
        MONGODB_ATLAS_PUBLIC_KEY: publicKey,
        MONGODB_ATLAS_PRIVATE_KEY: privateKey,
        MONGODB_ATLAS_ORG_ID: orgId,
      };
      const { code, stdout, stderr } = await runCommand(
        program,
        [release, credentials],
        programEnv({ ...env, ...account }),
        60_000,
      );
      if (code !== 0) throw new Error(`${stdout}${stderr}`);
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
};
