/** Service accounts as Atlas shows them. */
import { toSingleAddress } from "../access-list/view.ts";
import type { JsonObject } from "../json.ts";
import type { ServiceAccount, ServiceAccountSecret } from "../state/administration.ts";
import { toAtlasTime } from "../state/resources.ts";

/** Converts a secret to the response to its create, which is the only one that has it. */
export const toNewSecretView = (secret: ServiceAccountSecret): JsonObject => ({
  createdAt: toAtlasTime(secret.createdAt),
  expiresAt: toAtlasTime(secret.expiresAt),
  id: secret.id,
  lastUsedAt: null,
  secret: secret.secret,
});

/** Converts a secret to a read: its first and last letters, as Atlas masks it in its documentation. */
const toMaskedView = ({ secret, lastUsedAt, ...rest }: ServiceAccountSecret): JsonObject => ({
  createdAt: toAtlasTime(rest.createdAt),
  expiresAt: toAtlasTime(rest.expiresAt),
  id: rest.id,
  lastUsedAt: lastUsedAt === undefined ? null : toAtlasTime(lastUsedAt),
  maskedSecretValue: `mdb_sa_sk_...${secret.slice(-4)}`,
});

const toView = (account: ServiceAccount, roles: string[], secrets: JsonObject[]): JsonObject => ({
  clientId: account.clientId,
  createdAt: toAtlasTime(account.createdAt),
  description: account.description,
  name: account.name,
  roles: [...roles],
  secrets,
});

/** Converts an account to the body of a read. */
export const toAccountView = (account: ServiceAccount, roles: string[]): JsonObject =>
  toView(account, roles, account.secrets.map(toMaskedView));

/** Converts an account to the response to its create, with its secret. */
export const toNewAccountView = (account: ServiceAccount, roles: string[]): JsonObject =>
  toView(account, roles, account.secrets.map(toNewSecretView));

/** Converts an entry of an account's access list. */
export const toAccessView = ({
  cidrBlock,
  createdAt,
}: ServiceAccount["accessList"][number]): JsonObject => {
  const ipAddress = toSingleAddress(cidrBlock);
  return {
    cidrBlock,
    createdAt: toAtlasTime(createdAt),
    ...(ipAddress === undefined ? {} : { ipAddress }),
    lastUsedAddress: null,
    lastUsedAt: null,
    requestCount: 0,
  };
};
