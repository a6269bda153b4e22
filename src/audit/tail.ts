/** Reads the end of an audit file: what other processes have written. */
import type { FileHandle } from "node:fs/promises";

// The most bytes that are read to see what other processes have written.
const tailBytes = 65_536;

/** The end of a complete line: its chain and its hash. JSON escapes quotes, so no name can look like this. */
const lineEnd = /"chain":"([0-9a-f]{12})",[^\n]*"hash":"([0-9a-f]{64})"\}\n/g;

/** What stands in the file from `start`: the last hash of each chain, oldest first, and whether an incomplete line follows. */
export type Tail = { last: Map<string, string>; torn: boolean; end: number };

export const readTail = async (file: FileHandle, from: number): Promise<Tail> => {
  const { size } = await file.stat();
  const start = Math.max(0, from, size - tailBytes);
  const length = Math.max(0, size - start);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  const read = buffer.subarray(0, bytesRead);
  const complete = read.lastIndexOf("\n") + 1;
  const last = new Map<string, string>();
  for (const [, chain = "", hash = ""] of read.toString("utf8").matchAll(lineEnd)) {
    // Again, so that the order is that of the last lines.
    last.delete(chain);
    last.set(chain, hash);
  }
  return { last, torn: complete < bytesRead, end: start + complete };
};
