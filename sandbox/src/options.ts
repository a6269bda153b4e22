/** The options of a sandbox and their defaults. */
import { randomBytes } from "node:crypto";
import { type Credentials, createCredentials, type StoredCredentials } from "./auth/credentials.ts";
import { lastTime } from "./clock.ts";
import { SandboxError, shown } from "./error.ts";
import { createIdentifiers, type Identifiers } from "./identifiers.ts";
import type { SavedState } from "./state/format.ts";
import { createResources, type Organization, type Resources } from "./state/resources.ts";

/** How to start a sandbox. Everything has a default. */
export type SandboxOptions = {
  /** Default: 127.0.0.1. */
  host?: string;
  /** 0, the default, picks a free port. */
  port?: number;
  /** How long a cluster stays CREATING. Default: 3000. */
  provisionMs?: number;
  /** How long a Digest nonce is valid. Default: 300000. */
  nonceLifetimeMs?: number;
  /** Default: those of the state file; random if there is no file. */
  credentials?: Partial<Credentials>;
  /** Replaces the id of the first organization, also of `organizations` or the state file, and in its projects too. */
  orgId?: string;
  /** Default: one. Ignored if a state file has organizations. */
  organizations?: readonly Organization[];
  /** A file that keeps credentials, organizations and resources after the sandbox ends. */
  statePath?: string;
  /** Whether the documented rate limits apply. Default: true. */
  rateLimits?: boolean;
  /** Called with problems that no response can report. Default: writes them to stderr. */
  warn?: (problem: string) => void;
  /** Serves https with this private key and this certificate, both in PEM. */
  tls?: { key: string; cert: string };
  /** The time of day in milliseconds since 1970, as a number. Default: `Date.now`. */
  clock?: () => number;
  /** Random numbers of at least 0 and less than 1, from which, with the time, all ids and credentials are made. */
  random?: () => number;
};

/** The options with all defaults filled in. */
export type Settings = {
  host: string;
  port: number;
  provisionMs: number;
  nonceLifetimeMs: number;
  credentials: StoredCredentials;
  organizations: readonly Organization[];
  orgId: string;
  resources: Resources;
  rateLimits: boolean;
  tls: { key: string; cert: string } | undefined;
  clock: () => number;
  clockAheadMs: number;
  warn: (problem: string) => void;
  ids: Identifiers;
};

const withoutUndefined = (credentials: Partial<Credentials>): Partial<Credentials> =>
  Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined));

const organizationsOf = (
  options: SandboxOptions,
  saved: SavedState | undefined,
  ids: Identifiers,
  now: number,
): readonly Organization[] => {
  const random = [{ id: ids.objectId(now), name: "Sandbox" }];
  const source = saved?.organizations ?? options.organizations ?? random;
  const { orgId } = options;
  if (source.slice(1).some(({ id }) => id === orgId))
    throw new SandboxError(
      "invalid_option",
      `The option "orgId" replaces the id of the first organization, and another one has ${shown(orgId)}.`,
    );
  return source.map(({ id, name }, index) => ({ id: index === 0 ? (orgId ?? id) : id, name }));
};

/** Updates the resources of the saved first organization to its current id. */
const withOrganizationId = ({ organizations, resources }: SavedState, orgId: string): Resources => {
  const former = organizations[0]?.id;
  const update = <T extends { orgId: string }>(resource: T): T =>
    resource.orgId === former ? { ...resource, orgId } : resource;
  return {
    ...resources,
    projects: resources.projects.map(update),
    teams: resources.teams.map(update),
    serviceAccounts: resources.serviceAccounts.map(update),
    apiKeys: resources.apiKeys.map(update),
    invitedUsers: resources.invitedUsers.map(update),
    settings: resources.settings.map((settings) =>
      settings.ownerId === former ? { ...settings, ownerId: orgId } : settings,
    ),
  };
};

const warnOnStderr = (problem: string): void => {
  process.stderr.write(`atlas-provision-mcp sandbox: ${problem}\n`);
};

const secureRandom = (): number => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

/** A function of the options whose results are checked. `wanted` says in words what they must be. */
const checked =
  (name: string, wanted: string, isValid: (value: number) => boolean, call: () => number) =>
  (): number => {
    const value: unknown = call();
    if (typeof value === "number" && isValid(value)) return value;
    throw new SandboxError(
      "invalid_option",
      `The option "${name}" must return ${wanted}, not ${shown(value)}.`,
    );
  };

const checkedRandom = (random: () => number): (() => number) =>
  checked("random", "numbers of at least 0 and less than 1", (n) => n >= 0 && n < 1, random);

const checkedClock = (clock: () => number): (() => number) =>
  checked("clock", "milliseconds since 1970", (ms) => ms >= 0 && ms <= lastTime, clock);

/** Fills in the defaults, from the saved state if there is one. */
export const toSettings = (options: SandboxOptions, saved?: SavedState): Settings => {
  const ids = createIdentifiers(checkedRandom(options.random ?? secureRandom));
  const clock = checkedClock(options.clock ?? Date.now);
  const now = clock();
  const organizations = organizationsOf(options, saved, ids, now);
  const orgId = organizations[0]?.id ?? "";
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    provisionMs: options.provisionMs ?? 3000,
    nonceLifetimeMs: options.nonceLifetimeMs ?? 300_000,
    credentials: {
      ...(saved?.credentials ?? createCredentials(ids, now)),
      ...withoutUndefined(options.credentials ?? {}),
    },
    organizations,
    orgId,
    resources: saved === undefined ? createResources() : withOrganizationId(saved, orgId),
    rateLimits: options.rateLimits ?? true,
    tls: options.tls,
    clock,
    clockAheadMs: saved?.clockAheadMs ?? 0,
    warn: options.warn ?? warnOnStderr,
    ids,
  };
};
