/**
 * Checks a connection step by step: names, TCP and TLS by Node, then hello, login and ping by the official driver. No
 * connection is made to anything but the hosts of the connection string.
 */
import dns from "node:dns";
import { Resolver } from "node:dns/promises";
import type { Socket } from "node:net";
import { type Clock, systemClock } from "../common/deadline.ts";
import { createRedactor } from "../common/redact.ts";
import type { Secret } from "../common/secret.ts";
import { errorWith } from "./cause.ts";
import { readConnectionString } from "./connection-string.ts";
import { type DriverClient, loadDriver } from "./driver.ts";
import { type Endpoint, type NameResolver, resolveAddresses, resolveSrv } from "./names.ts";
import { openSocket, secureSocket } from "./sockets.ts";
import { FailedStep, type Host, type HostProblem, type Problem, type Step } from "./step.ts";
import { createTrack, type Track } from "./track.ts";

export type ConnectionCheck = {
  /** `mongodb+srv://host/...` or `mongodb://host:port,.../...`, without credentials. */
  connectionString: string;
  /** The hosts (`name:port`) that SRV records may name, where they are known; nothing is sent to others. */
  hosts?: readonly string[];
  /** Without a user the check ends after hello. */
  username?: string;
  password?: Secret;
  tls?: boolean;
  /** Ends the whole check. */
  signal: AbortSignal;
  /** Milliseconds that one step may take. */
  stepMs?: number;
  /** For this check alone: what it is still asked at the end is cancelled. */
  resolver?: NameResolver;
  /** Certificates to trust instead of those of Node and NODE_EXTRA_CA_CERTS. */
  ca?: string;
  clock?: Clock;
};

/** What came of a check. `problems` are hosts that failed where others got through. */
export type ConnectionReport = { steps: Step[]; problems: HostProblem[] } & (
  | { connected: true; loggedIn: boolean }
  | ({ connected: false; failedStep: Step["step"] } & Problem)
);

const defaultStepMs = 5000;

// A flex cluster has three.
const mostHosts = 50;

type Found = { hosts: Host[]; authSource: string };

/** Asks twice, and gives up within the time of a step, so that its own code is reported. */
const newResolver = (stepMs: number): NameResolver => {
  const resolver = new Resolver({ timeout: Math.ceil(stepMs / 4), tries: 2 });
  // A new resolver knows only the servers of the system, and not those that dns.setServers() has set. That replaces
  // dns.getServers too, so it is not imported by its name.
  const given = dns.getServers();
  // Only where they differ: setting a link-local address loses its interface.
  if (given.join() !== resolver.getServers().join()) resolver.setServers(given);
  return resolver;
};

const findHosts = async (
  { connectionString, hosts: known }: ConnectionCheck,
  resolver: NameResolver,
  track: Track,
): Promise<Found> => {
  const target = readConnectionString(connectionString);
  if (target !== undefined && "hosts" in target)
    return { hosts: target.hosts, authSource: target.authSource ?? "admin" };
  return track.once("dns_srv", async () => {
    if (target === undefined)
      throw errorWith("UNREADABLE", "This is not a connection string without credentials.");
    const { hosts, authSource } = await resolveSrv(resolver, target.srv, known);
    return { hosts, authSource: target.authSource ?? authSource ?? "admin" };
  });
};

/** The endpoints that a connection can be made to. The connections are closed again: the driver makes its own. */
const reach = async (
  endpoints: Endpoint[],
  { tls = true, ca }: ConnectionCheck,
  track: Track,
): Promise<Endpoint[]> => {
  const sockets: Socket[] = [];
  try {
    const open = await track.each("tcp", endpoints, async (endpoint, signal) => {
      const socket = await openSocket(endpoint, signal);
      sockets.push(socket);
      return { ...endpoint, endpoint, socket };
    });
    if (!tls) return open.map(({ endpoint }) => endpoint);
    return await track.each("tls", open, async ({ endpoint, socket }, signal) => {
      sockets.push(await secureSocket(socket, endpoint.host, ca, signal));
      return endpoint;
    });
  } finally {
    // TLS before what it runs on: the other way round Node crashes (docs/connections.md).
    for (const socket of sockets.reverse()) socket.destroy();
  }
};

const loginOf = ({ username, password }: ConnectionCheck, authSource: string) =>
  username === undefined || password === undefined
    ? {}
    : { login: { username, password, authSource } };

/** Hello, login and ping with the first host that answers hello. Returns whether a user was logged in. */
const talk = async (
  endpoints: Endpoint[],
  check: ConnectionCheck,
  authSource: string,
  track: Track,
): Promise<boolean> => {
  const { tls = true, ca, stepMs = defaultStepMs } = check;
  const login = loginOf(check, authSource);
  const clients: DriverClient[] = [];
  // Before the step, whose time is that of the network.
  const openClient = await loadDriver();
  try {
    const client = await track.first("hello", endpoints, async (endpoint) => {
      const client = openClient(endpoint, { tls, ca, ms: stepMs, ...login });
      clients.push(client);
      await client.hello();
      return client;
    });
    if (!("login" in login)) return false;
    await track.once("login", client.login);
    await track.once("ping", client.ping);
    return true;
  } finally {
    // Not awaited: a server that is silent would be waited for.
    for (const client of clients) client.close().catch(() => {});
  }
};

const runSteps = async (
  check: ConnectionCheck,
  resolver: NameResolver,
  track: Track,
): Promise<boolean> => {
  const { clock = systemClock } = check;
  const { hosts, authSource } = await findHosts(check, resolver, track);
  const endpoints = await track.each("dns_address", hosts.slice(0, mostHosts), (host) =>
    resolveAddresses(resolver, host, clock),
  );
  return talk(await reach(endpoints, check, track), check, authSource, track);
};

/** Checks a connection. It resolves to what came of it, whatever that is; the password is in no part of it. */
export const checkConnection = async (check: ConnectionCheck): Promise<ConnectionReport> => {
  const { signal, stepMs = defaultStepMs, clock = systemClock, password } = check;
  const { resolver = newResolver(stepMs) } = check;
  const { add, clean } = createRedactor();
  if (password !== undefined) add(password.reveal());
  const track = createTrack({ signal, stepMs, clock, clean });
  const { steps, problems } = track;
  try {
    const loggedIn = await runSteps(check, resolver, track);
    return { connected: true, loggedIn, steps, problems };
  } catch (error) {
    if (!(error instanceof FailedStep)) throw error;
    return { connected: false, failedStep: error.step, ...error.problem, steps, problems };
  } finally {
    // Ends the questions that nobody waits for any more.
    resolver.cancel();
  }
};
