/** Where requests go: to Atlas with the operator's credentials, to the sandbox of this process, or to what Atlas offers to anybody. */
import { createApiKeyAuth } from "./atlas/auth/api-key.ts";
import { noLogin } from "./atlas/auth/none.ts";
import { createServiceAccountAuth, type ServiceAccount } from "./atlas/auth/service-account.ts";
import type { Endpoint } from "./atlas/client.ts";
import type { SendHttp } from "./atlas/http.ts";
import type { Clock } from "./common/deadline.ts";
import type { Log } from "./common/log.ts";
import type { Redactor } from "./common/redact.ts";
import { isForTool } from "./common/running-tool.ts";
import { type Secret, secret } from "./common/secret.ts";
import type { Config } from "./config/config.ts";
import { startEmbeddedSandbox } from "./embedded-sandbox.ts";

export type EndpointOptions = Pick<Config, "baseUrl" | "credentials" | "scope" | "sandboxState"> & {
  /** Where ephemeral clusters are. */
  ephemeralBackend: Config["backend"];
  sendHttp: SendHttp;
  clock: Clock;
  userAgent: string;
  redactor: Redactor;
  log: Log;
};

export type Endpoints = {
  /** The Admin API with credentials. */
  admin(): Promise<Endpoint>;
  /** Ephemeral clusters, which take none. */
  ephemeral(): Promise<Endpoint>;
  /** Ends the sandbox, if there is one. */
  close(): Promise<void>;
};

/** The parts of the credentials, for redaction. */
const partsOf = (credentials: NonNullable<Config["credentials"]>): Secret[] =>
  credentials.kind === "api_key"
    ? [credentials.publicKey, credentials.privateKey]
    : [credentials.clientId, credentials.clientSecret];

/** Creates the endpoints. The first request that needs the sandbox starts it. */
export const createEndpoints = (options: EndpointOptions): Endpoints => {
  const { baseUrl, credentials, scope, sandboxState, clock, redactor } = options;
  const { sendHttp, userAgent, ephemeralBackend, log } = options;
  let starting: ReturnType<typeof startEmbeddedSandbox> | undefined;

  const sandbox = () => {
    starting ??= startEmbeddedSandbox(scope, sandboxState, clock).then(
      (started) => {
        // A warning, so that it is shown by default: a person may have meant live Atlas. The sandbox of a command ends with it.
        const console = `${started.url}/`;
        if (isForTool()) log.warn?.({ console }, `Sandbox console: ${console}`);
        return started;
      },
      (error: unknown) => {
        starting = undefined;
        throw error;
      },
    );
    return starting;
  };

  const asServiceAccount = (url: string, account: ServiceAccount): Endpoint => ({
    baseUrl: url,
    clientId: account.clientId.reveal(),
    auth: createServiceAccountAuth({
      account,
      baseUrl: url,
      sendHttp,
      clock,
      userAgent,
      onSecret: redactor.add,
    }),
  });

  const admin = async (): Promise<Endpoint> => {
    if (credentials === undefined) {
      const { url, clientId, clientSecret } = await sandbox();
      return asServiceAccount(url, {
        kind: "service_account",
        clientId: secret(clientId),
        clientSecret: secret(clientSecret),
      });
    }
    for (const part of partsOf(credentials)) redactor.add(part.reveal());
    return credentials.kind === "api_key"
      ? { baseUrl, auth: createApiKeyAuth(credentials) }
      : asServiceAccount(baseUrl, credentials);
  };

  const ephemeral = async (): Promise<Endpoint> => ({
    baseUrl: ephemeralBackend === "atlas" ? baseUrl : (await sandbox()).url,
    auth: noLogin,
  });

  return {
    admin,
    ephemeral,
    close: async () => {
      await starting?.then(({ close }) => close()).catch(() => {});
    },
  };
};
