/** The lock on a state file. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { statSync, unlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { codeOf, StateFileError } from "./file-error.ts";

/** The address of the lock: the same for all paths to the same file. */
const addressOf = (path: string): string => {
  const { dev, ino } = statSync(dirname(path), { bigint: true });
  const hash = createHash("sha256")
    .update(`${dev} ${ino} ${basename(path)}`)
    .digest("hex");
  const name = `atlas-sandbox-${hash.slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

const listen = async (address: string): Promise<(() => void) | undefined> => {
  const server = createServer((socket) => socket.destroy());
  server.listen({ path: address, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return () => server.close();
};

/** Where the socket is a file (macOS, BSD), a killed process leaves one that nobody listens on. */
const listenAfterCrash = async (address: string): Promise<(() => void) | undefined> => {
  if (!address.endsWith(".sock")) return undefined;
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return undefined;
  } catch {
    unlinkSync(address);
    return listen(address);
  } finally {
    socket.destroy();
  }
};

/**
 * Locks a state file and returns the function that unlocks it. The lock is a socket that only one process can
 * listen on. The system closes it when the process is killed, so no lock is left behind, and no process id can
 * be mistaken for that of another process.
 */
export const lockStateFile = async (path: string): Promise<() => void> => {
  const address = addressOf(path);
  const release = (await listen(address)) ?? (await listenAfterCrash(address));
  if (release === undefined) throw new StateFileError(path, "is in use by another sandbox");
  return release;
};
