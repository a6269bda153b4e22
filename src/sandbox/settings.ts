import { randomBytes } from "node:crypto";
import { isObjectId } from "./fields.ts";
import { createIdentifiers, type Identifiers } from "./identifiers.ts";
import type { Organization } from "./world.ts";

/** The secrets that a sandbox accepts: a service account and an API key. */
export type Credentials = {
  clientId: string;
  clientSecret: string;
  publicKey: string;
  privateKey: string;
};

/** How a sandbox is started; everything has a default. */
export type SandboxOptions = {
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** How long a cluster stays CREATING. */
  provisionMs?: number;
  /** How long a Digest nonce is good for. */
  nonceLifetimeMs?: number;
  /** Random where not given. */
  credentials?: Partial<Credentials>;
  /** Overrides the id of the first organization. */
  orgId?: string;
  organizations?: readonly Organization[];
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
  credentials: Credentials & { apiKeyId: string };
  organizations: readonly Organization[];
  orgId: string;
  tls: { key: string; cert: string } | undefined;
  clock: () => number;
  ids: Identifiers;
};

const LOWER_LETTERS = "abcdefghijklmnopqrstuvwxyz";
const SECRET_CHARACTERS = `${LOWER_LETTERS}${LOWER_LETTERS.toUpperCase()}0123456789_-`;

/** Fills in the defaults; refuses organizations that no Atlas could have. */
export function settingsOf(options: SandboxOptions): Settings {
  const ids = createIdentifiers(options.random ?? secureRandom);
  const clock = options.clock ?? Date.now;
  const organizations = organizationsOf(options, ids, clock());
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    provisionMs: options.provisionMs ?? 3000,
    nonceLifetimeMs: options.nonceLifetimeMs ?? 300_000,
    credentials: {
      clientId: options.credentials?.clientId ?? `mdb_sa_id_${ids.hex(24)}`,
      clientSecret:
        options.credentials?.clientSecret ?? `mdb_sa_sk_${ids.text(SECRET_CHARACTERS, 40)}`,
      publicKey: options.credentials?.publicKey ?? ids.text(LOWER_LETTERS, 8),
      privateKey: options.credentials?.privateKey ?? ids.uuid(),
      apiKeyId: ids.objectId(clock()),
    },
    organizations,
    orgId: organizations[0]?.id ?? "",
    tls: options.tls,
    clock,
    ids,
  };
}

function organizationsOf(options: SandboxOptions, ids: Identifiers, now: number): Organization[] {
  const given = options.organizations ?? [{ id: ids.objectId(now), name: "Sandbox" }];
  const organizations = given.map(({ id, name }, index) => ({
    id: index === 0 ? (options.orgId ?? id) : id,
    name,
  }));
  if (organizations.length === 0) throw new Error("A sandbox needs at least one organization.");
  for (const { id } of organizations) {
    if (!isObjectId(id)) throw new Error(`Organization id "${id}" is not 24 hexadecimal digits.`);
  }
  return organizations;
}

function secureRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
