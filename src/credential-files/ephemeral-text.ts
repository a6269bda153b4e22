/** The text of an ephemeral cluster's file: an `.env` file with its secrets, or a reservation until Atlas has answered. */
import { parseEnv } from "node:util";
import { type Secret, secret } from "../common/secret.ts";

/** What the file keeps. The address says whose cluster it is: its id is not sent to another one. Times are ISO 8601. */
export type EphemeralSecrets = {
  clusterName: string;
  address: string;
  pausesAt: string;
  deletesAt: string;
  connectionString?: Secret | undefined;
  claimUrl?: Secret | undefined;
  clusterId: Secret;
};

/** What a file says. `reserved`: a call had the name from that time on (milliseconds since 1970), and Atlas's answer is not there yet. */
export type Said =
  | { kind: "reserved"; at: number }
  | ({ kind: "made" } & EphemeralSecrets)
  | { kind: "foreign" };

const sandbox = "a sandbox of this machine";

/** The address of a sandbox that this machine runs; `which` tells it from others, such as one of an earlier process. */
export const sandboxAddress = (which: string): string => `${sandbox} (${which})`;

/** Whether nothing at this address is real. */
export const isSandboxAddress = (address: string): boolean => address.startsWith(sandbox);

const reservedForm = /^# Reserved at (\S+) for an ephemeral cluster of MongoDB Atlas\.$/m;
const madeForm = /^# The ephemeral cluster ([A-Za-z0-9-]+) of MongoDB Atlas, from (.+)\.$/m;
const endForm = /^# Atlas pauses it at (\S+) and deletes it at (\S+?)[,.](?: |$)/m;

/** The text of a reservation; `mark` makes it one call's own. */
export const reservationText = (now: number, mark: string): string =>
  [
    `# Reserved at ${new Date(now).toISOString()} for an ephemeral cluster of MongoDB Atlas.`,
    `# Its credentials follow once Atlas has answered (${mark}).`,
    "",
  ].join("\n");

/** A value in single quotes. What would end them, or the line, is percent-encoded as in any URL. */
const quoted = (value: Secret): string => {
  const safe = value
    .reveal()
    .replace(/[\s'\p{Cc}]/gu, (character) => encodeURIComponent(character).replace("'", "%27"));
  return `'${safe}'`;
};

const claimLine = ({ pausesAt, deletesAt, claimUrl }: EphemeralSecrets): string => {
  const unless =
    claimUrl === undefined
      ? "."
      : ", unless a person opens ATLAS_CLAIM_URL in a browser before and claims it.";
  return `# Atlas pauses it at ${pausesAt} and deletes it at ${deletesAt}${unless}`;
};

const variable = (name: string, value: Secret | undefined): string[] =>
  value === undefined ? [] : [`${name}=${quoted(value)}`];

/** The text with the secrets of a cluster. */
export const ephemeralText = (made: EphemeralSecrets): string =>
  [
    `# The ephemeral cluster ${made.clusterName} of MongoDB Atlas, from ${made.address}.`,
    isSandboxAddress(made.address)
      ? "# Nothing of it is real: no database is behind this address."
      : "# Anyone who has this file can use the database, and claim the cluster.",
    claimLine(made),
    ...variable("MONGODB_URI", made.connectionString),
    ...variable("ATLAS_CLAIM_URL", made.claimUrl),
    ...variable("ATLAS_EPHEMERAL_CLUSTER_ID", made.clusterId),
    "",
  ].join("\n");

const isDate = (text: string | undefined): text is string => !Number.isNaN(Date.parse(text ?? ""));

const secretIn = (value: string | undefined): Secret | undefined =>
  value === undefined ? undefined : secret(value);

/** What the text of a file says. */
export const readEphemeral = (text: string): Said => {
  const { MONGODB_URI, ATLAS_CLAIM_URL, ATLAS_EPHEMERAL_CLUSTER_ID: id } = parseEnv(text);
  const [, clusterName, address] = madeForm.exec(text) ?? [];
  const [, pausesAt, deletesAt] = endForm.exec(text) ?? [];
  if (clusterName && address && isDate(pausesAt) && isDate(deletesAt) && id)
    return {
      kind: "made",
      clusterName,
      address,
      pausesAt,
      deletesAt,
      connectionString: secretIn(MONGODB_URI),
      claimUrl: secretIn(ATLAS_CLAIM_URL),
      clusterId: secret(id),
    };
  const at = Date.parse(reservedForm.exec(text)?.[1] ?? "");
  return Number.isNaN(at) ? { kind: "foreign" } : { kind: "reserved", at };
};
