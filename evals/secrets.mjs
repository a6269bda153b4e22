// The passwords that the server has written to files, and the host's own tool that could read them.
import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { parseEnv } from "node:util";

const filesIn = (folder) => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch {
    // No password has been written yet.
    return [];
  }
};

const isSecret = ([name]) => /PASSWORD|URI|CLAIM_URL|CLUSTER_ID/.test(name);

const secretsOf = (text) =>
  Object.entries(parseEnv(text))
    .filter(isSecret)
    .map(([, value]) => value)
    .filter((value) => value.length > 7);

/** The secret values in the files of a folder. */
export const secretsIn = (folder) =>
  filesIn(folder).flatMap((path) => secretsOf(readFileSync(path, "utf8")));

/** A tool of the host that reads files, as most hosts have one. */
export const fileTool = {
  name: "read_file",
  description: "Reads a text file of this machine.",
  inputSchema: {
    type: "object",
    properties: { path: { type: "string", description: "absolute path" } },
    required: ["path"],
  },
};

/** Reads a file for the model: only what lies in the folder of the task is there. */
export const readFileFor = (folder, { path }) => {
  const full = resolve(folder, String(path));
  const inside = relative(folder, full);
  if (inside.startsWith("..") || isAbsolute(inside))
    return { text: "There is no such file.", failed: true };
  try {
    const text = readFileSync(full, "utf8");
    return { text, isSecret: secretsOf(text).length > 0 };
  } catch {
    return { text: "There is no such file.", failed: true };
  }
};
