/** Hello, login and ping, by the official driver, which is loaded only here. */

import type { MongoClient, MongoClientOptions } from "mongodb";
import { guarded } from "../common/guard.ts";
import type { Secret } from "../common/secret.ts";
import { urlHost } from "../common/url-host.ts";
import { errorWith } from "./cause.ts";
import { type Endpoint, lookupOf } from "./names.ts";

export type Login = { username: string; password: Secret; authSource: string };

export type DriverOptions = { tls: boolean; ca: string | undefined; ms: number; login?: Login };

/** The driver's three steps with one host, in this order, and the end. */
export type DriverClient = {
  hello(): Promise<void>;
  login(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
};

// Each by its name: the driver's variables, such as MONGODB_LOG_COMMAND, win over the default of the options.
const severities = {
  default: "off",
  command: "off",
  topology: "off",
  serverSelection: "off",
  connection: "off",
  client: "off",
} as const;

/** Where the driver's log would go: MONGODB_LOG_PATH=stdout would mix it with the messages of MCP. */
const nowhere = { write: () => {} };

const optionsFor = (endpoint: Endpoint, { tls, ca, ms, login }: DriverOptions) =>
  ({
    // The driver would follow what a server says of other hosts.
    directConnection: true,
    lookup: lookupOf(endpoint),
    tls,
    ...(ca === undefined ? {} : { ca }),
    ...(login === undefined
      ? {}
      : {
          auth: { username: login.username, password: login.password.reveal() },
          authSource: login.authSource,
        }),
    appName: "atlas-provision-mcp",
    maxPoolSize: 1,
    // One connection that asks, instead of one that waits for news and one that measures.
    serverMonitoringMode: "poll",
    retryReads: false,
    connectTimeoutMS: ms,
    serverSelectionTimeoutMS: ms,
    socketTimeoutMS: ms,
    mongodbLogComponentSeverities: severities,
    mongodbLogPath: nowhere,
  }) satisfies MongoClientOptions;

/** Settles with the first answer to hello. The driver itself would ask again until its time is over. */
const firstHello = (client: MongoClient, connected: Promise<unknown>): Promise<void> =>
  new Promise((resolve, reject) => {
    // The driver reads what it says after this event, and may throw.
    client.once("serverHeartbeatSucceeded", () => setImmediate(resolve));
    client.once("serverHeartbeatFailed", ({ failure }) => reject(failure));
    connected.catch(reject);
  });

/** The driver logs in nowhere where a server says that it is an arbiter, and a ping needs no login. */
const proveLogin = async (client: MongoClient, { username }: Login): Promise<void> => {
  const status = await client.db("admin").command({ connectionStatus: 1 });
  const users: unknown = status.authInfo?.authenticatedUsers;
  const isThere = Array.isArray(users) && users.some(({ user }) => user === username);
  if (!isThere) throw errorWith("NOT_LOGGED_IN", "The server says that nobody is logged in.");
};

/** Makes a client for one host. Nothing is sent until `hello`. */
export type OpenClient = (endpoint: Endpoint, options: DriverOptions) => DriverClient;

/** Loads the driver. */
export const loadDriver = async (): Promise<OpenClient> => {
  const { MongoClient } = await import("mongodb");
  return (endpoint, options) => {
    const { host, port } = endpoint;
    const uri = `mongodb://${urlHost(host)}:${port}/`;
    const client = new MongoClient(uri, optionsFor(endpoint, options));
    let connected: Promise<unknown> = Promise.resolve();
    return {
      // What a server says of itself can make the driver throw in a callback of its own.
      hello: () =>
        guarded(() => {
          // Hello first, on a connection of its own; then the driver logs in on another.
          connected = client.connect();
          return firstHello(client, connected);
        }),
      login: () =>
        guarded(async () => {
          await connected;
          if (options.login !== undefined) await proveLogin(client, options.login);
        }),
      ping: () => guarded(async () => void (await client.db("admin").command({ ping: 1 }))),
      close: () => client.close(),
    };
  };
};
