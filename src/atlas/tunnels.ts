/** Opens tunnels through a proxy, and tells what fails at the proxy from what fails behind it. */
import { isIP } from "node:net";
import type { buildConnector, Dispatcher, Pool } from "undici";

/** What failed at a proxy, before any request could leave: `status` is its answer if that was a refusal. */
type ProxyFailure = Error & { proxy: string; status?: number };

export const isProxyFailure = (error: Error): error is ProxyFailure => "proxy" in error;

// An error of its own: undici connects again and again after some of the codes that a connection to a proxy fails with.
const failureOf = (proxy: string, cause: unknown): ProxyFailure =>
  Object.assign(new Error("The proxy failed.", { cause }), { proxy });

const refusalOf = (proxy: string, status: number): ProxyFailure =>
  Object.assign(new Error("The proxy refused."), { proxy, status });

/** The host and port of a URL. A user and a password in it stay out. */
export const hostAndPort = ({ protocol, hostname, port }: URL): string =>
  `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;

type Connect = (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;

export type Tunnels = {
  /** Creates the client that asks a proxy for tunnels, as undici's proxy agent wants it. */
  clientFactory(proxyUrl: URL, options: object): Pool;
  /** The host and port of the proxy that an address was asked from, if it was. */
  proxyOf(url: URL): string | undefined;
  /** Whether a proxy is being asked for a tunnel to an address, and has not answered. */
  isAsking(url: URL): boolean;
};

// undici gives null for none, and brackets around IPv6.
const isAddress = (name: string | null | undefined): boolean =>
  isIP((name ?? "").replace(/^\[|\]$/g, "")) !== 0;

/** The options of a client without an IP address as a name for TLS: the RFC forbids that, and Node prints a warning. */
const withoutIpNames = ({ connect, ...others }: { connect?: buildConnector.connector }): object => {
  if (connect === undefined) return others;
  const withoutIpName: buildConnector.connector = (target, callback) => {
    const { servername, ...unnamed } = target;
    connect(isAddress(servername) ? unnamed : target, callback);
  };
  return { ...others, connect: withoutIpName };
};

/** `answerMs` is how long a proxy may take to answer (milliseconds). */
export const createTunnels = (
  { Pool }: Pick<typeof import("undici"), "Pool">,
  answerMs: number,
): Tunnels => {
  const proxies = new Map<string, string>();
  const asking: string[] = [];
  return {
    clientFactory: (proxyUrl, options) => {
      const proxy = hostAndPort(proxyUrl);
      const pool = new Pool(proxyUrl, { ...withoutIpNames(options), headersTimeout: answerMs });
      const ask: Connect = pool.connect.bind(pool);
      const connect: Connect = async (wanted) => {
        proxies.set(wanted.path, proxy);
        asking.push(wanted.path);
        const answer = await ask(wanted)
          .catch((error: unknown) => {
            throw failureOf(proxy, error);
          })
          .finally(() => asking.splice(asking.indexOf(wanted.path), 1));
        if (answer.statusCode === 200) return answer;
        answer.socket.on("error", () => {}).destroy();
        throw refusalOf(proxy, answer.statusCode);
      };
      return Object.assign(pool, { connect });
    },
    proxyOf: (url) => proxies.get(hostAndPort(url)),
    isAsking: (url) => asking.includes(hostAndPort(url)),
  };
};
