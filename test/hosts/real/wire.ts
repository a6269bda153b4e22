/** What passed between a host and the server, as tap.cjs wrote it down. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { until } from "../../support/until.ts";

export const tap = fileURLToPath(new URL("tap.cjs", import.meta.url));

type Note = { at: number; pid: number; from: "start" | "end" | "host" | "server"; text: string };

/** A JSON-RPC message, and who sent it. */
export type Message = { pid: number; from: "host" | "server"; [member: string]: any };

const notesIn = (file: string): Note[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** The messages in their order. One may come in several pieces, and a piece may hold several. */
export const messagesIn = (file: string): Message[] => {
  const pieces = new Map<string, string>();
  return notesIn(file).flatMap(({ pid, from, text }) => {
    if (from !== "host" && from !== "server") return [];
    const lines = `${pieces.get(`${from} ${pid}`) ?? ""}${text}`.split("\n");
    pieces.set(`${from} ${pid}`, lines.pop() ?? "");
    return lines.filter((line) => line !== "").map((line) => ({ pid, from, ...JSON.parse(line) }));
  });
};

const stateOf = (pid: number): string | undefined =>
  existsSync(`/proc/${pid}/stat`)
    ? readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0]
    : undefined;

/** A process that has ended and that nobody has waited for is gone too. */
const isGone = (pid: number): boolean => [undefined, "Z"].includes(stateOf(pid));

/** Waits until every process of the server that the host has started is gone. */
export const untilGone = async (file: string): Promise<void> => {
  const pids = new Set(notesIn(file).map(({ pid }) => pid));
  await until(() => [...pids].every(isGone), "the end of the server", 5000);
};
