/** Builds the parts of the server from a Config. Nothing is contacted or started before the first call. */

import { resolve } from "node:path";
import { attemptFields } from "./atlas/attempt-fields.ts";
import { type AtlasClient, createAtlasClient, type Endpoint } from "./atlas/client.ts";
import { createHttp, type HttpOptions, isLoopback, type SendHttp } from "./atlas/http.ts";
import { checkAudit, createAudit } from "./audit/log.ts";
import { type Credentials, createCredentials } from "./calls/credentials.ts";
import { createRunner, type EndedCall, type Runner } from "./calls/run.ts";
import { createAvailability } from "./calls/tool-availability.ts";
import { checkOffered, checkToolChoice } from "./calls/tool-choice.ts";
import { crypto } from "./common/crypto.ts";
import { type Clock, systemClock } from "./common/deadline.ts";
import { createLog, type Log, type LogTarget } from "./common/log.ts";
import { createRedactor } from "./common/redact.ts";
import { version } from "./common/version.ts";
import type { Config } from "./config/config.ts";
import { homeFolder } from "./config/home.ts";
import { createSigner } from "./consent/signer.ts";
import { signingCredential } from "./consent/signing-credential.ts";
import { createEphemeralFiles, sandboxAddress } from "./credential-files/ephemeral.ts";
import { createPasswordFiles } from "./credential-files/files.ts";
import { passwordsFolder } from "./credential-files/paths.ts";
import { whyNoPasswords } from "./credential-files/why-none.ts";
import { beganEmpty } from "./embedded-sandbox.ts";
import { createEndpoints } from "./endpoints.ts";
import { createSingleFlights } from "./operations/context.ts";
import { createMadeProjects } from "./operations/made-projects.ts";
import { operator } from "./policy/caller.ts";
import { readRules } from "./policy/read-rules.ts";
import { createReservations, createSharedReservations } from "./policy/reservations.ts";
import type { Rules } from "./policy/rules.ts";
import { openStore } from "./shared-store.ts";
import type { Store } from "./store/store.ts";
import type { Setup } from "./tools/define.ts";
import { tools } from "./tools/index.ts";

/** The settings that the container reads. */
export type ContainerSettings = Pick<
  Config,
  | "backend"
  | "baseUrl"
  | "credentials"
  | "ephemeral"
  | "scope"
  | "readOnly"
  | "allowDelete"
  | "toolChoice"
  | "confirm"
  | "confirmTimeoutMs"
  | "policy"
  | "audit"
  | "credentialsDir"
  | "sandboxState"
  | "secret"
  | "store"
  | "deadlineMs"
  | "requestTimeoutMs"
  | "logLevel"
  | "proxies"
  | "publicUrl"
  | "warnings"
>;

export type Container = {
  runner: Runner;
  /** Gives callers their passwords; undefined without a folder for them. */
  credentials: Credentials | undefined;
  /** Milliseconds for a user to answer. */
  consentMs: number;
  log: Log;
  /** How the server is set up for the operator. */
  setup: Setup;
  rules: Rules;
  /** What the user of this backend should know: that it began empty. */
  notice: string | undefined;
  /** The parts below the runner, for the doctor and for `sweep`. */
  atlas: AtlasClient;
  sendHttp: SendHttp;
  /** What this server shares with others; undefined if it is on its own. */
  store: Store | undefined;
  endpoint(): Promise<Endpoint>;
  close(): Promise<void>;
};

/** Callbacks for metrics: after each call, after each HTTP request to Atlas, and before each repeat. */
export type Observers = {
  onCall?(call: EndedCall): void;
  onAttempt?: HttpOptions["onAttempt"];
  onRetry?(): void;
  /** Whether the store answers, each time that this changes. */
  onStore?(answers: boolean): void;
};

const userAgent = `atlas-provision-mcp/${version} (node ${process.versions.node}; ${process.platform} ${process.arch})`;

export type ContainerOptions = {
  observers?: Observers;
  /** Whether callers are on other machines; passwords are then stored only in a folder that the operator sets. */
  remote?: boolean;
  /** Where the secrets of a sandbox go unless the operator sets a folder. Default: where those of Atlas go. */
  sandboxFolder?: string;
  /** Default: the system's clock. */
  clock?: Clock;
  /** Default: stderr. */
  logTarget?: LogTarget | undefined;
};

// How long a form may wait for a person where the host keeps no call open (milliseconds).
const formMs = 900_000;

/**
 * Creates the container. `close` revokes the token and ends the sandbox, and never throws. Rejects with `ConfigError` if
 * a file or a tool that the configuration names cannot be used.
 */
export const createContainer = async (
  settings: ContainerSettings,
  options: ContainerOptions = {},
): Promise<Container> => {
  const { observers = {}, remote = false, clock = systemClock, logTarget } = options;
  const { backend, baseUrl, credentials, ephemeral, scope, proxies, sandboxState } = settings;
  const { readOnly, allowDelete, toolChoice, confirm, confirmTimeoutMs } = settings;
  const { policy, audit, credentialsDir, deadlineMs, requestTimeoutMs, logLevel } = settings;
  const { secret: signingSecret } = settings;
  checkToolChoice(toolChoice, tools);
  const rules = await readRules(policy);
  if (audit) checkAudit(audit);
  const defaultFolder = remote ? undefined : passwordsFolder(process.env, homeFolder(process.env));
  const folderFor = (reached: Config["backend"]): string | undefined => {
    // Atlas itself is never on this machine.
    const isSandbox = reached === "sandbox" || isLoopback(baseUrl);
    return credentialsDir ?? (isSandbox ? options.sandboxFolder : undefined) ?? defaultFolder;
  };
  const folder = folderFor(backend);
  const ephemeralFolder = folderFor(ephemeral ? "atlas" : backend);
  const noPasswordsBecause =
    folder === undefined || ephemeralFolder === undefined ? whyNoPasswords(remote) : undefined;
  const availabilityFor = createAvailability({
    backend,
    baseUrl,
    ephemeral,
    scope,
    readOnly,
    allowDelete,
    toolChoice,
    confirm,
    rules,
    tools,
    noPasswordsBecause,
  });
  const { setup } = availabilityFor(operator);
  checkOffered(toolChoice, tools, setup);
  const redactor = createRedactor();
  const log = createLog(logLevel, redactor.clean, logTarget);
  for (const warning of settings.warnings) log.warn?.({}, warning);
  const http = createHttp({
    requestTimeoutMs,
    ...(proxies === undefined ? {} : { proxies }),
    redact: redactor.clean,
    onAttempt: (...attempted) => {
      observers.onAttempt?.(...attempted);
      log.debug?.(attemptFields(...attempted), "request to Atlas");
    },
  });
  const sendHttp = http.send;
  const endpoints = createEndpoints({
    baseUrl,
    credentials,
    scope,
    sandboxState,
    ephemeralBackend: setup.ephemeral.backend,
    sendHttp,
    clock,
    userAgent,
    redactor,
    log,
  });
  const client = { sendHttp, clock, userAgent, redact: redactor.clean, onRetry: observers.onRetry };
  const atlas = createAtlasClient({ ...client, endpoint: endpoints.admin });
  const notice = backend === "sandbox" && sandboxState === undefined ? beganEmpty : undefined;
  const which =
    sandboxState === undefined ? `process ${crypto().randomUUID()}` : resolve(sandboxState.path);
  const store = openStore(settings, {
    address: backend === "sandbox" ? sandboxAddress(which) : baseUrl,
    clock,
    log,
    redactor,
    onStore: observers.onStore,
  });
  const record = audit && createAudit(audit.path, signingSecret, clock);
  const passwordFiles = folder === undefined ? undefined : createPasswordFiles(folder);
  const runner = createRunner({
    atlas,
    unauthenticated: createAtlasClient({ ...client, endpoint: endpoints.ephemeral }),
    shared: {
      clock,
      scope,
      singleFlights: createSingleFlights(clock, store?.turns),
      madeProjects: createMadeProjects(store?.made),
      passwordFiles,
      noPasswordsBecause,
      ephemeralFiles:
        ephemeralFolder === undefined ? undefined : createEphemeralFiles(ephemeralFolder),
      ephemeralAddress: setup.ephemeral.backend === "atlas" ? baseUrl : sandboxAddress(which),
      isRemote: remote,
      redactor,
      notice,
      publicUrl: settings.publicUrl,
    },
    log,
    changes: {
      consent: {
        signer: createSigner(signingSecret, signingCredential(settings)),
        formMs: Math.max(formMs, confirmTimeoutMs + 60_000),
      },
      audit: record,
      reservations:
        store === undefined ? createReservations() : createSharedReservations(store.made),
      confirmations: store?.confirmations,
      checkStore: store?.check,
      log,
      userAgent,
    },
    availabilityFor,
    deadlineMs,
    onCall: observers.onCall,
  });
  const given = { atlas, clock, deadlineMs, availabilityFor, audit: record, log };
  return {
    runner,
    credentials: passwordFiles && createCredentials({ ...given, passwordFiles }),
    log,
    consentMs: confirmTimeoutMs,
    setup,
    rules,
    notice,
    atlas,
    sendHttp,
    store,
    endpoint: atlas.endpoint,
    close: async () => {
      await atlas.close();
      await endpoints.close();
      await http.close().catch(() => {});
      await store?.close();
      await record?.close().catch(() => {});
    },
  };
};
