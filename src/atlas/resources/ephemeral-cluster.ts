/**
 * Ephemeral clusters: temporary free clusters, made and read without credentials (docs/atlas.md#ephemeral-clusters). Their
 * connection string, claim URL and id are secrets: whoever has one of them has the cluster.
 */
import { isRecord } from "../../common/json.ts";
import { decoded } from "../../common/percent.ts";
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

// What a path, a file and the log can have as it is: shorter ones could be words.
const idForm = /^[^\s'\p{Cc}]{6,}$/u;

/** Reads the answer to a create: Atlas's has an id, and what leads to the cluster; the connection string may be null. */
export const newEphemeralCluster = (json: unknown): Read<EphemeralCluster> => {
  if (!isRecord(json)) return undefined;
  const { clusterId, connectionString, claimUrl } = json;
  if (typeof clusterId !== "string" || !idForm.test(clusterId)) return undefined;
  const hasUri = typeof connectionString === "string" && uriForm.test(connectionString);
  const hasNoUri = connectionString === null || connectionString === undefined;
  return hasUri || (hasNoUri && isText(claimUrl)) ? clusterIn(json) : undefined;
};

/** Reads the answer to a look at the cluster with this id. */
export const ephemeralCluster =
  (clusterId: Secret) =>
  (json: unknown): Read<EphemeralCluster> =>
    isRecord(json) && json.clusterId === clusterId.reveal() ? clusterIn(json) : undefined;

/** The login and the hosts of a connection string. The login is before the last "@" of that part (RFC 3986, 3.2). */
const partsOf = (connectionString: Secret): { login: string; hosts: string } => {
  const [, rest = ""] = connectionString.reveal().split("://");
  const [authority = ""] = rest.split(/[/?#]/, 1);
  // A "/" that is not encoded belongs to the password.
  const whole = authority.includes("@") ? authority : rest;
  const at = whole.lastIndexOf("@");
  return { login: whole.slice(0, Math.max(0, at)), hosts: whole.slice(at + 1) };
};

/** The hosts of a connection string, without the user and the password; undefined if its form is unknown. */
export const hostOf = (connectionString: Secret): string | undefined =>
  /^[A-Za-z0-9.:,-]+(?=[/?]|$)/.exec(partsOf(connectionString).hosts)?.[0];

/** What is secret of a claim URL: the values of its query, or else the end of its path. */
const claimIdsOf = (claimUrl: string): string[] => {
  const [path = "", query] = claimUrl.split("?");
  if (query === undefined) return path.split("/").slice(-1);
  return query.split(/[&#]/).map((pair) => pair.slice(pair.indexOf("=") + 1));
};

/** Everything that no result or log may show, in each form in which it may appear. */
export const secretsOf = ({
  clusterId,
  claimUrl,
  connectionString,
}: {
  clusterId?: Secret | undefined;
  claimUrl?: Secret | undefined;
  connectionString?: Secret | undefined;
}): string[] => {
  const { login } = connectionString === undefined ? { login: "" } : partsOf(connectionString);
  const password = login.slice(login.indexOf(":") + 1);
  const claim = claimUrl?.reveal() ?? "";
  const id = clusterId?.reveal() ?? "";
  const all = [connectionString?.reveal() ?? "", password, claim, ...claimIdsOf(claim), id];
  return [...all, ...all.flatMap((one) => decoded(one) ?? []), encodeURIComponent(id)];
};
