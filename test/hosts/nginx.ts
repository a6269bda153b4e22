/** Debian's nginx with the configuration of the examples, on ports of this run. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/until.ts";
import { repository } from "./tools.ts";

/** A port that is free at the moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

// nginx makes these folders when it starts, in places that belong to root.
const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** The file as it is in the examples, with the ports put in that it stands for. */
const configured = (ports: readonly number[], port: number): string => {
  const text = readFileSync(join(repository, "examples/nginx.conf"), "utf8");
  const placed = ports.reduce(
    (all, one, index) => all.replaceAll(`127.0.0.1:300${index + 1}`, `127.0.0.1:${one}`),
    text.replace("127.0.0.1:8080", `127.0.0.1:${port}`),
  );
  const paths = folders.map((name) => `${name}_temp_path ${name};`).join(" ");
  return placed.replace("http {", `http { ${paths}`);
};

export type Nginx = { url: string; close(): void };

/** Starts it in front of servers on these ports. Rejects where nginx is not installed. */
export const startNginx = async (ports: readonly number[]): Promise<Nginx> => {
  const program = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync);
  if (program === undefined) throw new Error("nginx is missing: apt-get install nginx-light");
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configured(ports, port));
  const args = ["-p", folder, "-c", "nginx.conf", "-g", "daemon off;"];
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      return fetch(url).then(
        () => true,
        () => false,
      );
    },
    "nginx",
    10_000,
  );
  return {
    url: `${url}/mcp`,
    close: () => {
      child.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
