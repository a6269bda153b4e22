/** One sandbox for all processes of this machine that have the same state file. */
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError, type SandboxErrorCode } from "./error.ts";
import { openSandbox } from "./index.ts";
import type { SandboxOptions } from "./options.ts";
import type { SandboxAccess } from "./sandbox.ts";
import { readStateFile, realPathOf } from "./state/file.ts";
import { StateFileError } from "./state/file-error.ts";
import type { SavedState } from "./state/format.ts";
import { type Watch, watchLock } from "./state/lock.ts";

export type ShareOptions = SandboxOptions & { statePath: string };

/** The sandbox that this process has, or uses; `watch` if another process has it. */
type Part = { sandbox: SandboxAccess; watch?: Watch };

const hasCode = (error: unknown, code: SandboxErrorCode): boolean =>
  error instanceof SandboxError && error.code === code;

/** The organization of a state file, if it is another than the one that is asked for. */
const otherOrganization = (saved: SavedState, { orgId }: ShareOptions): string | undefined => {
  const id = saved.organizations[0]?.id;
  return orgId === undefined || orgId === id ? undefined : id;
};

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost):\d+$/;

/** Uses the sandbox of another process, with the credentials of the file: only who may read it gets them. */
const join = (path: string, watch: Watch, options: ShareOptions): Part => {
  const refuse = (why: string): never => {
    const who = `process ${watch.pid} at ${watch.url}`;
    const problem = `is in use by another sandbox (${who}) ${why}`;
    throw new StateFileError(path, problem, "state_file_in_use");
  };
  const saved = readStateFile(path);
  const [organization] = saved?.organizations ?? [];
  if (saved === undefined || organization === undefined) return refuse("that has lost its file");
  // Whoever listens on the lock could name any address, and gets the credentials and the passwords.
  if (!loopback.test(watch.url)) return refuse("that is not on plain http on this machine");
  const other = otherOrganization(saved, options);
  if (other !== undefined) return refuse(`whose organization is ${other}`);
  const { apiKeyId: _, ...credentials } = saved.credentials;
  const close = async () => watch.leave();
  return { sandbox: { ...credentials, url: watch.url, orgId: organization.id, close }, watch };
};

/** Others may share the file later: to give it another organization would take theirs away from them. */
const refuseOther = (saved: SavedState, options: ShareOptions): void => {
  const other = otherOrganization(saved, options);
  if (other === undefined) return;
  throw new StateFileError(
    options.statePath,
    `has the organization ${other}, not ${options.orgId}`,
  );
};

/** Starts a sandbox, or joins the one that another process has. Undefined while that process starts or ends. */
const openOrJoin = async (options: ShareOptions): Promise<Part | undefined> => {
  try {
    return { sandbox: await openSandbox(options, (saved) => refuseOther(saved, options)) };
  } catch (error) {
    if (!hasCode(error, "state_file_in_use")) throw error;
  }
  const path = realPathOf(options.statePath);
  const watch = await watchLock(path);
  try {
    return watch && join(path, watch, options);
  } catch (error) {
    watch?.leave();
    throw error;
  }
};

// Long enough for a process to end, and for the system to free its port.
const patienceMs = 3000;
const pauseMs = 50;

const open = async (options: ShareOptions): Promise<Part> => {
  const until = performance.now() + patienceMs;
  for (;;) {
    const isLast = performance.now() >= until;
    try {
      const part = await openOrJoin(options);
      if (part !== undefined) return part;
      if (isLast) {
        const problem = "is in use by another sandbox";
        throw new StateFileError(options.statePath, problem, "state_file_in_use");
      }
    } catch (error) {
      if (isLast || !hasCode(error, "port_in_use")) throw error;
    }
    await delay(pauseMs);
  }
};

/**
 * Starts a sandbox with a state file. If another process of this machine has the file, uses the sandbox of that one, and
 * takes over when it ends: on the same port, so that the address stays the same. Rejects with a SandboxError if that
 * cannot be done.
 */
export const shareSandbox = async (options: ShareOptions): Promise<SandboxAccess> => {
  const warn = options.warn ?? ((problem: string) => process.stderr.write(`${problem}\n`));
  let part = await open(options);
  let closed = false;
  const { url, orgId, clientId, clientSecret, publicKey, privateKey } = part.sandbox;

  const follow = async (): Promise<void> => {
    while (!closed && part.watch !== undefined) {
      await part.watch.released;
      if (closed) return;
      part = await open({ ...options, port: Number(new URL(url).port) });
      if (part.sandbox.url !== url)
        warn(`the sandbox is now at ${part.sandbox.url}, not at ${url}: restart this server`);
    }
  };
  const following = follow().catch((error: unknown) => {
    warn(`the sandbox at ${url} has ended, and this process cannot take over: ${error}`);
  });

  return {
    url,
    orgId,
    clientId,
    clientSecret,
    publicKey,
    privateKey,
    close: async () => {
      closed = true;
      part.watch?.leave();
      await following;
      await part.sandbox.close();
    },
  };
};
