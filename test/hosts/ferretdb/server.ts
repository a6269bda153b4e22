/** Builds the server in this folder with Go and starts it: MongoDB's protocol with TLS and one user who logs in. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildGo } from "../go.ts";

const source = fileURLToPath(new URL(".", import.meta.url));

export type User = { username: string; password: string };

export type FerretDb = {
  /** The port without TLS, and the one with it. */
  tcp: number;
  tls: number;
  close(): Promise<void>;
};

export type Starting = User & {
  /** The files of its certificate. */
  certificate: { certPath: string; keyPath: string };
  /** The host and port that it names as the member of its replica set, whatever its own is. */
  member: string;
};

/** Starts it, with one user. */
export const startFerretDb = async ({
  username,
  password,
  certificate: { certPath, keyPath },
  member,
}: Starting): Promise<FerretDb> => {
  const folder = mkdtempSync(join(tmpdir(), "ferretdb-"));
  const program = join(folder, "ferretdb");
  await buildGo(source, program, ["-tags", "ferretdb_no_postgresql"]);
  const files = ["-folder", folder, "-cert", certPath, "-key", keyPath];
  const flags = ["-username", username, "-member", member, ...files];
  const child = spawn(program, flags, {
    env: { FERRETDB_PASSWORD: password },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const line = await Promise.race([
    once(createInterface(child.stdout), "line"),
    ended.then(() => Promise.reject(new Error("FerretDB did not start."))),
  ]);
  const { tcp, tls } = JSON.parse(line[0]);
  const portOf = (address: string) => Number(address.split(":").at(-1));
  return {
    tcp: portOf(tcp),
    tls: portOf(tls),
    close: async () => {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
};
