/** The failures of ephemeral clusters: the message and the data of each. */
import { type AtlasQuote, type Failure, failure, type Suggestion } from "../common/failure.ts";
import {
  type Ephemeral,
  type EphemeralFile,
  isSandboxAddress,
} from "../credential-files/ephemeral.ts";
import { words } from "./failures.ts";

/** The file of a cluster that Atlas has made. */
export type MadeFile = Extract<EphemeralFile, { kind: "made" }>;

const existingIn = ({ clusterName: name, path, pausesAt, deletesAt }: MadeFile) => ({
  existing: { name, credentialsFile: path, pausesAt, deletesAt },
});

const again = (why: string): Suggestion => ({ ...words.create.repeat, why });

const otherName = (clusterName: string): Suggestion => ({
  suggest: "repeat",
  with: { clusterName },
  why: "Makes another one, under a name that is free.",
});

const lookUp = (clusterName: string): Suggestion => ({
  suggest: "look_up_ephemeral",
  with: { clusterName },
  why: "Shows whether that one is there.",
});

/** What has a name: the file at this path, of a cluster that Atlas no longer has if `gone` says so. `free` is a name that is not taken. */
type Taken = {
  path: string;
  file: EphemeralFile | undefined;
  free: string | undefined;
  gone?: Failure | undefined;
  /** The address that this server reaches. */
  address: string;
};

const whoHas = ({ path, file, gone, address }: Taken): string => {
  if (gone !== undefined) return `${gone.message} That file is not overwritten.`;
  if (file?.kind === "reserved")
    return `Another call is making an ephemeral cluster of this name, or ended before Atlas answered; then the name is free again 15 minutes after it began. Its file is ${path}.`;
  if (file?.kind !== "made") return `${path} is there already, and is not overwritten.`;
  const has = `${path} has the credentials of one that exists or did, and is not overwritten.`;
  return file.address === address
    ? has
    : `${has} That one is from ${file.address}, and this server reaches ${address}.`;
};

/** The name is taken: nothing was made. */
export const nameTaken = ({ clusterName }: Ephemeral, taken: Taken): Failure => {
  const { file, free, gone, address } = taken;
  const isHere = gone === undefined && file?.kind === "made" && file.address === address;
  const other = free === undefined ? "Use another name." : `Use another name, such as ${free}.`;
  const done = gone === undefined ? "Nothing was sent to Atlas." : "Nothing was made.";
  return failure(
    "name_conflict",
    `The name ${clusterName} is taken. ${whoHas(taken)} ${other} ${done}`,
    {
      outcome: isHere ? "exists" : "not_created",
      ...(isHere ? existingIn(file) : {}),
      suggestions: [
        ...(isHere ? [again("Returns that one, if Atlas still has it.")] : []),
        ...(file?.kind === "reserved" ? [lookUp(clusterName)] : []),
        ...(free === undefined ? [] : [otherName(free)]),
      ],
    },
  );
};

/** What Atlas said, without its words: they could name a cluster whose secrets are not known here. */
const withoutWords = ({ status, errorCode, requestId }: AtlasQuote): { atlas: AtlasQuote } => ({
  atlas: {
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(requestId === undefined ? {} : { requestId }),
  },
});

/** The answer to a create was lost, and nothing can look up what became of it. */
export const lostEphemeral = ({ clusterName }: Ephemeral, failed: Failure): Failure => {
  const { message, atlas, retryAfterSeconds: seconds } = failed;
  return failure(
    "outcome_unknown",
    `The answer to the creation of ephemeral cluster ${clusterName} was lost or unclear, and cannot be looked up. One may exist that nobody can reach; it deletes itself within 7 days. Another one is safe to make. ${message}`,
    {
      outcome: "unknown",
      ...(seconds === undefined
        ? { retry: "same_arguments" }
        : { retry: "after_delay", retryAfterSeconds: seconds }),
      ...(atlas === undefined ? {} : withoutWords(atlas)),
      suggestions: [again("Makes another one; one that was lost deletes itself.")],
    },
  );
};

const waitFor = (seconds: number | undefined): string =>
  seconds === undefined ? "" : `Wait ${seconds} s first. `;

/** Atlas refused it, or nothing was sent. Atlas's rows for names are those of other tools' arguments. */
export const refusedEphemeral = (failed: Failure): Failure => {
  const fields = failed.fields?.map((field) => ({ ...field, path: "clusterName" }));
  const mayPass = failed.retry === "same_arguments" || failed.retry === "after_delay";
  const repeat = again(`${waitFor(failed.retryAfterSeconds)}Nothing was made.`);
  return {
    ...failed,
    ...(fields === undefined ? {} : { fields }),
    outcome: "not_created",
    suggestions: mayPass ? [repeat] : failed.suggestions,
  };
};

/** Atlas has made it, and nobody has its credentials. */
export const notKept = ({ clusterName }: Ephemeral, failed: Failure): Failure => ({
  ...failed,
  message: `Atlas made ephemeral cluster ${clusterName}, but its credentials could not be stored, so nobody can reach it; it deletes itself within 7 days. ${failed.message} Another one is safe to make once that is fixed.`,
  outcome: "exists",
  retry: "after_fix",
});

/** Atlas does not have the cluster of a file. `free` is the name of another one. */
export const goneEphemeral = (
  { clusterName, path }: MadeFile,
  failed: Failure,
  free: string | undefined,
): Failure => ({
  ...failed,
  code: "not_found",
  retry: "never",
  message: `Atlas no longer has ephemeral cluster ${clusterName}: it was deleted, or claimed by a person. If it was claimed, it goes on as an ordinary free cluster (M0) of that person, and the connection string in ${path} still works.`,
  suggestions:
    free === undefined ? [] : [{ suggest: "create_ephemeral", with: { clusterName: free } }],
});

/** The file is of another address than the one that this server reaches, where its id is not sent. */
export const otherAddress = ({ path, address, clusterName }: MadeFile, reached: string): Failure =>
  isSandboxAddress(address)
    ? failure(
        "not_found",
        `Ephemeral cluster ${clusterName} was of a sandbox that is not this one, so nothing of it was real. Its file ${path} is of no use.`,
        { suggestions: [{ suggest: "create_ephemeral", with: { clusterName } }] },
      )
    : failure(
        "conflict",
        `${path} is of an ephemeral cluster from ${address}, and this server reaches ${reached}. Start it for that address to look at the cluster. Nothing was sent.`,
      );
