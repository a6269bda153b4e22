/** Sends requests through proxies. A proxy that cannot be used fails the requests that need it, and no others. */
import type { buildConnector, Dispatcher } from "undici";
import type { Proxies, ProxySetting } from "./http.ts";
import type { Tunnels } from "./tunnels.ts";

/** The code of the error if a proxy cannot be used. Its message is for the operator. */
export const unusableProxy = "PROXY_UNUSABLE";

type Undici = typeof import("undici");

/**
 * Creates the dispatcher. undici decides which proxy a request needs, by its scheme and `noProxy`, so a proxy that cannot
 * be used gets an address there too; connecting to it fails before anything is looked up or sent.
 */
export const createProxyAgent = (
  { EnvHttpProxyAgent, Pool }: Pick<Undici, "EnvHttpProxyAgent" | "Pool">,
  { httpProxy, httpsProxy, noProxy = "" }: Proxies,
  clientFor: Tunnels["clientFactory"],
  options: object,
): Dispatcher => {
  const problems = new Map<string, string>();
  const urlOf = (name: string, proxy: ProxySetting | undefined): string => {
    if (proxy === undefined) return "";
    if ("reveal" in proxy) return proxy.reveal();
    const url = new URL(`http://${name}.invalid`);
    problems.set(url.origin, proxy.unusable);
    return url.origin;
  };
  const failing =
    (problem: string): buildConnector.connector =>
    (_target, callback) =>
      callback(Object.assign(new Error(problem), { code: unusableProxy }), null);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: urlOf("http-proxy", httpProxy),
    httpsProxy: urlOf("https-proxy", httpsProxy),
    noProxy,
    clientFactory: (url, given) => {
      const problem = problems.get(url.origin);
      return problem === undefined
        ? clientFor(url, given)
        : new Pool(url, { connect: failing(problem) });
    },
  });
};
