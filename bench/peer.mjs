// The official mongodb-mcp-server, installed on demand into a cache, and a certificate for the Atlas that it talks to.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const peerVersion = "3.0.4";

const cache = new URL("../node_modules/.cache/bench", import.meta.url).pathname;

/** Installs the peer unless it is there; the command that starts it, and what it brings along. */
export const installPeer = () => {
  const folder = join(cache, `mongodb-mcp-server-${peerVersion}`);
  const script = join(folder, "node_modules/mongodb-mcp-server/dist/esm/index.js");
  if (!existsSync(script)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    const how = { cwd: folder, stdio: "ignore" };
    execFileSync(
      "npm",
      ["install", "--no-audit", "--no-fund", `mongodb-mcp-server@${peerVersion}`],
      how,
    );
  }
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  // The lock names packages for other platforms too; what counts is what was installed.
  const packages = Object.keys(lock.packages).filter(
    (name) => name !== "" && existsSync(join(folder, name)),
  ).length;
  const kb = Number(
    execFileSync("du", ["-sk", join(folder, "node_modules")], { encoding: "utf8" }).split("\t")[0],
  );
  return { command: [process.execPath, script], packages, megabytes: kb / 1024 };
};

/** A certificate for 127.0.0.1 that is good for a day. */
export const certificate = () => {
  mkdirSync(cache, { recursive: true });
  const [key, cert] = [join(cache, "key.pem"), join(cache, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync(
    "openssl",
    ["req", ...made, "-days", "1", "-keyout", key, "-out", cert, ...subject],
    {
      stdio: "ignore",
    },
  );
  return { key, cert };
};

/** What the peer is told so that it meets this Atlas. */
export const peerEnv = ({ url, credentials }) => ({
  MDB_MCP_API_BASE_URL: `${url}/`,
  MDB_MCP_API_CLIENT_ID: credentials.clientId,
  MDB_MCP_API_CLIENT_SECRET: credentials.clientSecret,
  MDB_MCP_TELEMETRY: "disabled",
  MDB_MCP_CONFIRMATION_REQUIRED_TOOLS: "",
  // It reads the system's certificates and no others.
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
});
