/** Finds out whether a port is in use by a server of this program. */
import { isIP } from "node:net";
import { urlHost } from "../../common/url-host.ts";

const timeoutMs = 1000;

/** Where a server can be asked that listens on this address. */
const reachable = (host: string): string => {
  if (host === "0.0.0.0") return "127.0.0.1";
  return isIP(host) === 6 && /^[0:]+$/.test(host) ? "::1" : host;
};

/** The text that a path answers with, whatever its status; undefined if there is no answer. */
const textAt = (host: string, port: number, path: string): Promise<string | undefined> =>
  fetch(`http://${urlHost(reachable(host))}:${port}${path}`, {
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  }).then(
    (response) => response.text(),
    () => undefined,
  );

/** How ready a running server says it is; undefined if none of this program answers there. */
export const readinessAt = async (host: string, port: number): Promise<string | undefined> => {
  const [health, readiness = ""] = await Promise.all(
    ["/healthz", "/readyz"].map((path) => textAt(host, port, path)),
  );
  if (health !== '{"status":"ok"}') return undefined;
  const [, status] = /^\{"status":"(ready|draining|store_unavailable)"\}$/.exec(readiness) ?? [];
  return status?.replace("_", " ");
};

/** Whether the metrics of a running server are there. */
export const hasMetrics = async (host: string, port: number): Promise<boolean> =>
  (await textAt(host, port, "/metrics"))?.includes("\n# TYPE atlas_mcp_") === true;

/** Whether a running sandbox is there. */
export const hasSandbox = async (host: string, port: number): Promise<boolean> =>
  (await textAt(host, port, "/_sandbox/faults"))?.startsWith('{"faults":[') === true;
