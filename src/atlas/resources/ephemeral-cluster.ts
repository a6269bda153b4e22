/**
 * Ephemeral clusters: temporary free clusters, made and read without credentials (docs/atlas.md#ephemeral-clusters). Their
 * connection string, claim URL and id are secrets: whoever has one of them has the cluster.
 */
import { isRecord } from "../../common/json.ts";
import { type Secret, secret } from "../../common/secret.ts";
import { isText, type Read } from "./fields.ts";

/** An ephemeral cluster as Atlas returns it; `expiresAt` is when Atlas pauses it (ISO 8601). */
export type EphemeralCluster = {
  clusterId: Secret;
  connectionString?: Secret;
  claimUrl?: Secret;
  status?: string;
  expiresAt?: string;
  termsOfService?: string;
};

const uriForm = /^mongodb(?:\+srv)?:\/\/\S+$/;

const texts = (json: Record<string, unknown>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = json[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );

const secretIn = (json: Record<string, unknown>, name: string): Record<string, Secret> => {
  const value = json[name];
  return typeof value === "string" && value !== "" ? { [name]: secret(value) } : {};
};

const clusterIn = (json: Record<string, unknown>): { value: EphemeralCluster } => ({
  value: {
    clusterId: secret(String(json.clusterId)),
    ...secretIn(json, "connectionString"),
    ...secretIn(json, "claimUrl"),
    ...texts(json, ["status", "expiresAt", "termsOfService"]),
  },
});

/** Reads the answer to a create: Atlas's has an id, and a connection string. */
export const newEphemeralCluster = (json: unknown): Read<EphemeralCluster> => {
  if (!isRecord(json) || !isText(json.clusterId)) return undefined;
  const { connectionString } = json;
  const isUri = typeof connectionString === "string" && uriForm.test(connectionString);
  return isUri ? clusterIn(json) : undefined;
};

/** Reads the answer to a look at the cluster with this id. */
export const ephemeralCluster =
  (clusterId: Secret) =>
  (json: unknown): Read<EphemeralCluster> =>
    isRecord(json) && json.clusterId === clusterId.reveal() ? clusterIn(json) : undefined;

/** The hosts of a connection string, without the user and the password; undefined if its form is unknown. */
export const hostOf = (connectionString: Secret): string | undefined => {
  const [, rest = ""] = connectionString.reveal().split("://");
  const afterLogin = rest.slice(rest.lastIndexOf("@") + 1);
  return /^[A-Za-z0-9.:,-]+(?=[/?]|$)/.exec(afterLogin)?.[0];
};

const decoded = (text: string): string[] => {
  try {
    return [decodeURIComponent(text)];
  } catch {
    return [];
  }
};

/** Everything in it that no result or log may show, in each form in which it may appear. */
export const secretsOf = ({
  clusterId,
  claimUrl,
  connectionString,
}: EphemeralCluster): string[] => {
  const uri = connectionString?.reveal() ?? "";
  const login = uri.slice(uri.indexOf("://") + 3, Math.max(0, uri.lastIndexOf("@")));
  const password = login.slice(login.indexOf(":") + 1);
  const claim = claimUrl?.reveal() ?? "";
  const claimId = /[?&]claimId=([^&#]+)/i.exec(claim)?.[1] ?? "";
  const id = clusterId.reveal();
  return [uri, password, ...decoded(password), claim, claimId, id, encodeURIComponent(id)];
};
