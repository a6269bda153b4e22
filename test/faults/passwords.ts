/** Whether the password on file is the one that a database user was made with. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { passwordsIn } from "../support/passwords-in.ts";
import { isUnclear } from "./model.ts";
import type { Answer, Exchanged } from "./provision.ts";

const isMade = ({ attempt }: Exchanged): boolean =>
  "response" in attempt && attempt.response.status === 201 && attempt.response.json !== undefined;

const readAt = (path: string): string | undefined => {
  try {
    return parseEnv(readFileSync(path, "utf8")).MONGODB_PASSWORD;
  } catch {
    return undefined;
  }
};

/** What is not true of the file that an answer names; `posts` are all of this user, of all calls so far. */
export const liesOfFile = (answer: Answer, posts: Exchanged[]): string[] => {
  const path: string | undefined =
    answer.credentialsFile ??
    /its password is in (\S+\.env)\./.exec(
      answer.error?.outcome === "unknown" ? answer.error.message : "",
    )?.[1];
  if (path === undefined) return answer.outcome === "created" ? ["created, without a file"] : [];
  const password = readAt(path);
  if (password === undefined) return [`${path} has no password`];
  const sure = posts.filter(isMade).map((one) => one.password);
  const maybe = posts.filter((one) => isUnclear(one, false)).map((one) => one.password);
  const right = sure.length > 0 ? sure : maybe;
  return right.includes(password) ? [] : [`${path} has another password than Atlas`];
};

/** Users that Atlas has, and whose password is in no file. */
export const lostPasswords = (folder: string, exchanged: Exchanged[]): string[] => {
  const onFile = passwordsIn(folder);
  return exchanged
    .filter((one) => one.method === "POST" && one.password !== undefined && isMade(one))
    .filter((one) => !onFile.includes(one.password ?? ""))
    .map((one) => `the password of ${one.name} is lost`);
};
