/** What the kernel knows of a process: whether it lives, who its children are, which ports it listens on (Linux). */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const readOr = (path: string, otherwise: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
};

export const childrenOf = (pid: number): number[] =>
  readOr(`/proc/${pid}/task/${pid}/children`, "").split(" ").filter(Boolean).map(Number);

/** Whether this machine has what `listeningPorts` reads. */
export const hasProc = existsSync("/proc/self/net/tcp");

const inodesOf = (pid: number): Set<string> => {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      return "";
    }
  });
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
};

// The kernel writes an IPv4 address as one little-endian number in hexadecimal digits.
const addressOf = (hex: string): string =>
  hex.length === 8 ? [...Buffer.from(hex, "hex")].reverse().join(".") : hex;

/** All TCP sockets of a process: their local address and port, and whether they listen. */
export const tcpSocketsOf = (
  pid: number,
): { address: string; port: number; listens: boolean }[] => {
  const inodes = inodesOf(pid);
  return ["tcp", "tcp6"].flatMap((table) =>
    readOr(`/proc/${pid}/net/${table}`, "")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[9] ?? ""))
      .map((columns) => ({
        address: addressOf(columns[1]?.split(":")[0] ?? ""),
        port: Number.parseInt(columns[1]?.split(":")[1] ?? "", 16),
        listens: columns[3] === "0A",
      })),
  );
};
