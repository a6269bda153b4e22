/** The lock on a state file. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { statSync, unlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isObject, parseJson } from "../json.ts";
import { codeOf, type Holder, StateFileError } from "./file-error.ts";

/** A socket that this process listens on. */
type Held = {
  /** Tells the processes that wait for the lock where its sandbox is. */
  announce(url: string): void;
  release(): void;
};

/** A lock that this process has. */
export type Lock = Held & {
  /** Locks the file that has the name by now: saving replaces it. */
  follow(): void;
};

/** A connection to the process that has a lock. */
export type Watch = Holder & {
  /** Resolves when that process has released the lock, or ended. */
  released: Promise<void>;
  leave(): void;
};

const socketOf = (what: string): string => {
  const hash = createHash("sha256").update(what).digest("hex");
  const name = `atlas-sandbox-${hash.slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

/** The address of the lock on a name: the same for all paths to it. */
const nameAddress = (path: string): string => {
  const { dev, ino } = statSync(dirname(path), { bigint: true });
  return socketOf(`${dev} ${ino} ${basename(path)}`);
};

/** The address of the lock on the file that has the name: the same for its hard links. Undefined if there is none. */
const fileAddress = (path: string): string | undefined => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && socketOf(`file ${stats.dev} ${stats.ino}`);
};

const addressesOf = (path: string): string[] =>
  [nameAddress(path), fileAddress(path)].filter((address) => address !== undefined);

const listen = async (address: string): Promise<Held | undefined> => {
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

const watch = async (address: string): Promise<Watch | undefined> => {
  const socket = connect(address);
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

/** Connects to the process that has the lock on a state file; undefined if there is none that says where its sandbox is. */
export const watchLock = async (path: string): Promise<Watch | undefined> => {
  for (const address of addressesOf(path)) {
    const watched = await watch(address);
    if (watched !== undefined) return watched;
  }
  return undefined;
};

/** Where the socket is a file (macOS, BSD), a killed process leaves one that nobody listens on. */
const listenAfterCrash = async (address: string): Promise<Held | undefined> => {
  if (!address.endsWith(".sock") || (await isHeld(address))) return undefined;
  unlinkSync(address);
  return listen(address);
};

const inUse = async (path: string): Promise<StateFileError> => {
  const holder = await watchLock(path);
  holder?.leave();
  const who = holder === undefined ? "" : ` (process ${holder.pid} at ${holder.url})`;
  return new StateFileError(path, `is in use by another sandbox${who}`, "state_file_in_use");
};

/** Rejects with a StateFileError if a sandbox has the lock. Takes no lock, so it keeps no sandbox from starting. */
export const checkLock = async (path: string): Promise<void> => {
  const held = await Promise.all(addressesOf(path).map(isHeld));
  if (held.includes(true)) throw await inUse(path);
};

/**
 * Locks a state file. Throws a StateFileError if another sandbox has it. The lock is a socket that only one process can
 * listen on. The system closes it when the process is killed, so no lock is left behind, and no process id can be
 * mistaken for that of another process.
 */
export const lockStateFile = async (path: string): Promise<Lock> => {
  const take = async (address: string) =>
    (await listen(address)) ?? (await listenAfterCrash(address));
  const name = await take(nameAddress(path));
  if (name === undefined) throw await inUse(path);
  let locked = fileAddress(path);
  let file = locked === undefined ? undefined : await take(locked);
  if (locked !== undefined && file === undefined) {
    const error = await inUse(path);
    name.release();
    throw error;
  }
  let announced: string | undefined;
  let isReleased = false;

  const relock = async () => {
    const address = fileAddress(path);
    if (isReleased || address === undefined || address === locked) return;
    locked = address;
    const before = file;
    // The number of a file that is gone is used again, and its lock may not be released yet.
    file = await take(address).catch(() => undefined);
    before?.release();
    if (announced !== undefined) file?.announce(announced);
    if (isReleased) file?.release();
  };

  let following = Promise.resolve();
  return {
    announce: (url) => {
      announced = url;
      name.announce(url);
      file?.announce(url);
    },
    follow: () => {
      following = following.then(relock);
    },
    release: () => {
      isReleased = true;
      name.release();
      file?.release();
    },
  };
};
