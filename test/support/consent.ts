/** What is expected of a change that needs consent, for each way to ask and each way to answer. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Answering, ClientKind } from "./clients.ts";

export const modes = ["auto", "human", "token", "never", "always"] as const;
export const answers = ["accept", "decline", "cancel", "never", undefined] as const;

/** What a user does with a question. */
export type UserAnswer = Exclude<(typeof answers)[number], undefined>;

/** A host's user who always does the same, and the questions that they were shown. */
export const userWho = (answer: UserAnswer | undefined, answerMs = 0) => {
  const asked: string[] = [];
  const say: Answering = async (question) => {
    asked.push(question);
    await delay(answerMs);
    return answer === "never" || answer === undefined ? new Promise<never>(() => {}) : answer;
  };
  return { asked, answers: answer === undefined ? undefined : say };
};

export type Mode = (typeof modes)[number];

/** How a call ends: changed with somebody's consent, handed back as a token, refused calmly, or never answered by the host. */
export type Ending =
  | { approver: "user" | "operator" | "agent" }
  | { code: "declined" | "policy_denied"; retry: string; says: RegExp }
  | "silence";

const calm: Record<"decline" | "cancel" | "never", Ending> = {
  decline: { code: "declined", retry: "never", says: /The user declined/ },
  cancel: { code: "declined", retry: "same_arguments", says: /closed the question/ },
  never: { code: "declined", retry: "same_arguments", says: /Nobody answered/ },
};

export const endingOf = (
  mode: Mode,
  answer: UserAnswer | undefined,
  client: ClientKind,
): Ending => {
  if (mode === "never") return { approver: "operator" };
  if (mode === "token" || (answer === undefined && mode !== "human")) return { approver: "agent" };
  if (answer === undefined)
    return { code: "policy_denied", retry: "after_fix", says: /requires a person to agree/ };
  if (answer === "accept") return { approver: "user" };
  // In 2026-07-28 the server does not wait: a host that never answers never calls again.
  return answer === "never" && client === "v2 modern" ? "silence" : calm[answer];
};

/** The lines that a call with this ending leaves in the audit. */
export const linesOf = (ending: Ending): string[] => {
  if (ending === "silence") return [];
  if ("approver" in ending) return ["intent", "outcome"];
  return [ending.code === "declined" ? "declined" : "denied"];
};

/** A path for an audit file, its lines, and how to remove it. */
export const openAuditFile = () => {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  const path = join(folder, "audit.jsonl");
  const text = () => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  const lines = (): Record<string, any>[] =>
    text()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { path, text, lines, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** The same, removed by the running test. */
export const auditFile = () => {
  const file = openAuditFile();
  onTestFinished(file.remove);
  return file;
};
