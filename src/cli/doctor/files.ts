/** Checks the files and folders that the configuration names. */

import { execFile } from "node:child_process";
import { constants, existsSync, promises } from "node:fs";
import { dirname } from "node:path";
import type { Organization } from "../../atlas/resources/organization.ts";
import { errnoOf, messageOf } from "../../common/errno.ts";
import { homeFolder } from "../../config/home.ts";
import type { Container } from "../../container.ts";
import { passwordsFolder } from "../../credential-files/paths.ts";
import { isOwnFolder } from "../../credential-files/private-file.ts";
import type { Check } from "./check.ts";
import type { DoctorSettings } from "./settings.ts";

const answerMs = 3000;

/**
 * Whether a path is answered for in time: a file system that hangs, such as a network share, never is. Another process
 * asks, because Node cannot exit while one of its own threads waits.
 */
const answers = (path: string, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const look = "try { require('node:fs').statSync(process.argv[1]) } catch {}";
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = execFile(process.execPath, ["-e", look, path], { env }, () => done(true));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      child.unref();
      done(false);
    }, ms);
    const done = (answered: boolean) => {
      clearTimeout(timer);
      resolve(answered);
    };
  });

/** The folder, or the nearest one above it that exists, has to take a new file. */
const checkWritable = async (path: string): Promise<void> => {
  try {
    await promises.access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== "ENOENT" || dirname(path) === path)
      throw new Error(`${path} cannot be written to (${code ?? "unknown"})`);
    await checkWritable(dirname(path));
  }
};

/** The folder of the server, where it has one: callers from elsewhere could not read the files in the default one. */
const folderOf = ({ credentialsDir }: DoctorSettings, remote: boolean): string | undefined => {
  if (credentialsDir !== undefined || remote) return credentialsDir;
  return passwordsFolder(process.env, homeFolder(process.env));
};

/** Whether passwords of database users can be stored in their folder. The first password creates it. */
export const credentialsFolderCheck = async (
  settings: DoctorSettings,
  remote = false,
  ms = answerMs,
): Promise<Check[]> => {
  const path = folderOf(settings, remote);
  if (path === undefined) return [];
  const check = "passwords";
  try {
    if (!(await answers(path, ms))) throw new Error(`${path} did not answer within ${ms} ms`);
    const exists = await isOwnFolder(path);
    await checkWritable(path);
    return [{ check, result: "ok", says: exists ? path : `${path} (does not exist yet)` }];
  } catch (error) {
    return [
      {
        check,
        result: "failed",
        says: messageOf(error),
        fix: "Set ATLAS_MCP_CREDENTIALS_DIR to another folder, or fix this one.",
      },
    ];
  }
};

/** The audit file, which the start of the server has found to be usable. The first line creates it. */
export const auditCheck = ({ audit }: DoctorSettings): Check[] => {
  if (audit === undefined) return [];
  const says = existsSync(audit.path) ? audit.path : `${audit.path} (does not exist yet)`;
  return [{ check: "audit", result: "ok", says }];
};

/** Whether the credentials see the organizations that the policy allows. */
export const policyCheck = (
  { policy }: DoctorSettings,
  { rules }: Container,
  organizations: Organization[],
): Check[] => {
  if (policy === undefined) return [];
  const check = "policy";
  const { path } = policy;
  const allowed = rules.organizations ?? [];
  const invisible = allowed.filter((id) => !organizations.some((one) => one.id === id));
  if (invisible.length === 0) return [{ check, result: "ok", says: path }];
  const isAll = invisible.length === allowed.length;
  return [
    {
      check,
      // Without any of them no call would succeed.
      result: isAll ? "failed" : "warning",
      says: `${path} allows ${isAll ? "only " : ""}organizations that these credentials do not see: ${invisible.join(", ")}`,
      fix: "Correct organizations in the policy: the server works only in those.",
    },
  ];
};
