import { randomBytes } from "node:crypto";
import { isObjectId } from "./api/fields.ts";
import { createIdentifiers, type Identifiers } from "./identifiers.ts";
import type { SavedState } from "./state/format.ts";
import { createResources, type Organization, type Resources } from "./state/resources.ts";

/** The secrets that a sandbox accepts: a service account and an API key. */
export type Credentials = {
  clientId: string;
  clientSecret: string;
  publicKey: string;
  privateKey: string;
};

/** The same as they are kept: the API key has an identifier too. */
export type StoredCredentials = Credentials & { apiKeyId: string };

/** How a sandbox is started; everything has a default. */
export type SandboxOptions = {
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** How long a cluster stays CREATING. */
  provisionMs?: number;
  /** How long a Digest nonce is good for. */
  nonceLifetimeMs?: number;
  /** Where not given, those of the state file; random where there is none. */
  credentials?: Partial<Credentials>;
  /** Overrides the id of the first organization; its projects go with it. */
  orgId?: string;
  /** Those of the state file win. */
  organizations?: readonly Organization[];
  /** Keeps credentials, organizations and resources in this file, so that they outlive the sandbox. */
  statePath?: string;
  /** Whether requests are counted against the documented limits; true where not given. */
  rateLimits?: boolean;
  /** Told what the caller of an operation cannot be told; stderr where not given. */
  warn?: (problem: string) => void;
  tls?: { key: string; cert: string };
  /** Milliseconds since 1970. */
  clock?: () => number;
  /** From 0 to below 1. */
  random?: () => number;
};

/** The options with every default filled in. */
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
  warn: (problem: string) => void;
  ids: Identifiers;
};

const lowerLetters = "abcdefghijklmnopqrstuvwxyz";
const secretCharacters = `${lowerLetters}${lowerLetters.toUpperCase()}0123456789_-`;

const randomCredentials = (ids: Identifiers, now: number): StoredCredentials => ({
  clientId: `mdb_sa_id_${ids.hex(24)}`,
  clientSecret: `mdb_sa_sk_${ids.text(secretCharacters, 40)}`,
  publicKey: ids.text(lowerLetters, 8),
  privateKey: ids.uuid(),
  apiKeyId: ids.objectId(now),
});

const withoutUndefined = (credentials: Partial<Credentials>): Partial<Credentials> =>
  Object.fromEntries(Object.entries(credentials).filter(([, value]) => value !== undefined));

const organizationsOf = (
  options: SandboxOptions,
  saved: SavedState | undefined,
  ids: Identifiers,
  now: number,
): Organization[] => {
  const random = [{ id: ids.objectId(now), name: "Sandbox" }];
  const given = saved?.organizations ?? options.organizations ?? random;
  const organizations = given.map(({ id, name }, index) => ({
    id: index === 0 ? (options.orgId ?? id) : id,
    name,
  }));
  if (organizations.length === 0) throw new Error("A sandbox needs at least one organization.");
  for (const { id } of organizations) {
    if (!isObjectId(id)) throw new Error(`Organization id "${id}" is not 24 hexadecimal digits.`);
  }
  return organizations;
};

// Another id for the first organization is that organization under another id.
const withOrganizationId = ({ organizations, resources }: SavedState, orgId: string): Resources => {
  const former = organizations[0]?.id;
  const projects = resources.projects.map((project) =>
    project.orgId === former ? { ...project, orgId } : project,
  );
  return { ...resources, projects };
};

const warnOnStderr = (problem: string): void => {
  process.stderr.write(`atlas-provision-mcp sandbox: ${problem}\n`);
};

const secureRandom = (): number => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

/** Fills in the defaults, first from what a file kept; refuses organizations that no Atlas could have. */
export const toSettings = (options: SandboxOptions, saved?: SavedState): Settings => {
  const ids = createIdentifiers(options.random ?? secureRandom);
  const clock = options.clock ?? Date.now;
  const organizations = organizationsOf(options, saved, ids, clock());
  const orgId = organizations[0]?.id ?? "";
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    provisionMs: options.provisionMs ?? 3000,
    nonceLifetimeMs: options.nonceLifetimeMs ?? 300_000,
    credentials: {
      ...(saved?.credentials ?? randomCredentials(ids, clock())),
      ...withoutUndefined(options.credentials ?? {}),
    },
    organizations,
    orgId,
    resources: saved === undefined ? createResources() : withOrganizationId(saved, orgId),
    rateLimits: options.rateLimits ?? true,
    tls: options.tls,
    clock,
    warn: options.warn ?? warnOnStderr,
    ids,
  };
};
