/** The lock on a state file. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { statSync, unlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isObject, parseJson } from "../json.ts";
import { codeOf, type Holder, StateFileError } from "./file-error.ts";

/** A lock that this process has. */
export type Lock = {
  /** Tells the processes that wait for the lock where its sandbox is. */
  announce(url: string): void;
  release(): void;
};

/** A connection to the process that has a lock. */
export type Watch = Holder & {
  /** Resolves when that process has released the lock, or ended. */
  released: Promise<void>;
  leave(): void;
};

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

const listen = async (address: string): Promise<Lock | undefined> => {
  const watchers = new Set<Socket>();
  let announcement: string | undefined;
  const server = createServer((socket) => {
    watchers.add(socket);
    socket.unref();
    socket.on("error", () => {});
    socket.on("close", () => watchers.delete(socket));
    if (announcement !== undefined) socket.write(announcement);
  });
  server.listen({ path: address, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return {
    announce: (url) => {
      announcement = `${JSON.stringify({ pid: process.pid, url })}\n`;
      for (const socket of watchers) socket.write(announcement);
    },
    release: () => {
      server.close();
      for (const socket of watchers) socket.destroy();
    },
  };
};

const isHeld = async (address: string): Promise<boolean> => {
  const socket = connect(address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

// A process announces its sandbox as soon as that listens, which takes some milliseconds.
const announcementMs = 2000;

const holderIn = (line: string): Holder | undefined => {
  const value = parseJson(line);
  const { pid, url } = isObject(value) ? value : {};
  return typeof pid === "number" && typeof url === "string" ? { pid, url } : undefined;
};

/** Connects to the process that has the lock on a state file; undefined if there is none that says where its sandbox is. */
export const watchLock = async (path: string): Promise<Watch | undefined> => {
  const socket = connect(addressOf(path));
  socket.unref();
  socket.setEncoding("utf8");
  const released = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
  });
  const line = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve(""), announcementMs);
    let text = "";
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n") || text.length > 1000) resolve(text);
    });
    socket.on("error", () => resolve(""));
    socket.on("close", () => resolve(""));
    void released.then(() => clearTimeout(timer));
  });
  const holder = holderIn(line);
  if (holder !== undefined) return { ...holder, released, leave: () => socket.destroy() };
  socket.destroy();
  return undefined;
};

/** Where the socket is a file (macOS, BSD), a killed process leaves one that nobody listens on. */
const listenAfterCrash = async (address: string): Promise<Lock | undefined> => {
  if (!address.endsWith(".sock") || (await isHeld(address))) return undefined;
  unlinkSync(address);
  return listen(address);
};

const inUse = async (path: string): Promise<StateFileError> => {
  const watch = await watchLock(path);
  watch?.leave();
  const who = watch === undefined ? "" : ` (process ${watch.pid} at ${watch.url})`;
  return new StateFileError(path, `is in use by another sandbox${who}`, "state_file_in_use");
};

/** Rejects with a StateFileError if a sandbox has the lock. Takes no lock, so it keeps no sandbox from starting. */
export const checkLock = async (path: string): Promise<void> => {
  if (await isHeld(addressOf(path))) throw await inUse(path);
};

/**
 * Locks a state file. Throws a StateFileError if another sandbox has it. The lock is a socket that only one process can
 * listen on. The system closes it when the process is killed, so no lock is left behind, and no process id can be
 * mistaken for that of another process.
 */
export const lockStateFile = async (path: string): Promise<Lock> => {
  const address = addressOf(path);
  const lock = (await listen(address)) ?? (await listenAfterCrash(address));
  if (lock !== undefined) return lock;
  throw await inUse(path);
};
