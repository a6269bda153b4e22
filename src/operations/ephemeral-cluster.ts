/**
 * Makes ephemeral clusters and looks at them. Atlas has no list of them and no look-up by name, so a lost answer cannot be
 * reconciled: what was made deletes itself (docs/atlas.md#ephemeral-clusters).
 */

import { sanitize } from "../atlas/classify.ts";
import type { AtlasClient, Sent } from "../atlas/client.ts";
import { createEphemeralCluster, getEphemeralCluster } from "../atlas/other-requests.ts";
import { type EphemeralCluster, hostOf, secretsOf } from "../atlas/resources/ephemeral-cluster.ts";
import { isDateTime } from "../atlas/resources/expiry-date.ts";
import { inSeconds } from "../atlas/resources/lease.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { Redactor } from "../common/redact.ts";
import type {
  Ephemeral,
  EphemeralFiles,
  EphemeralSecrets,
  Now,
  Reservation,
} from "../credential-files/ephemeral.ts";
import type { Timing } from "./context.ts";
import {
  goneEphemeral,
  lostEphemeral,
  type MadeFile,
  nameTaken,
  notKept,
  otherAddress,
  refusedEphemeral,
} from "./ephemeral-failures.ts";
import { cancelled } from "./failures.ts";

/** What both operations need. `address` says whose clusters these are: an id is sent to no other. */
export type EphemeralContext = Timing & {
  atlas: AtlasClient;
  files: EphemeralFiles;
  redactor: Redactor;
  address: string;
};

/** A cluster and its file. */
type KeptEphemeral = EphemeralSecrets & { path: string };

/** What may be shown of an ephemeral cluster: no secret. */
export type ShownEphemeral = {
  name: string;
  status: string | undefined;
  host: string | undefined;
  pausesAt: string;
  deletesAt: string;
  termsOfService: string | undefined;
  path: string;
  /** Whether the file has a connection string and a claim URL, and the name under which a look finds it. */
  hasUri: boolean;
  hasClaim: boolean;
  isNamed: boolean;
};

const dayMs = 86_400_000;
const pausedAfterDays = 2;
const deletedAfterDays = 7;

const longestTerms = 1000;

/** When and where a name may be taken. */
export const nowOf = ({ clock, atlas, address }: EphemeralContext): Now => ({
  machine: clock.now(),
  atlas: atlas.now(),
  address,
});

/** Whether Atlas's date can be when it pauses a cluster of this moment. */
const isBelievable = (expiresAt: string, now: number): boolean => {
  const ms = isDateTime(expiresAt) ? Date.parse(expiresAt) - now : Number.NaN;
  return ms > 0 && ms < deletedAfterDays * dayMs;
};

/** When Atlas pauses and deletes it: it says the first, and documents both. */
const endsOf = ({ expiresAt }: EphemeralCluster, now: number) => {
  const isSaid = expiresAt !== undefined && isBelievable(expiresAt, now);
  const pausesAt = isSaid ? expiresAt : inSeconds(now + pausedAfterDays * dayMs);
  const rest = (deletedAfterDays - pausedAfterDays) * dayMs;
  return { pausesAt, deletesAt: inSeconds(Date.parse(pausesAt) + rest) };
};

/** What may be shown of an answer and the file; each secret of both is known to the redactor. */
const shownOf = (
  { status, termsOfService }: EphemeralCluster,
  { clusterName: name, pausesAt, deletesAt, path, connectionString, claimUrl }: KeptEphemeral,
  { redactor }: EphemeralContext,
): ShownEphemeral => {
  const host = connectionString && hostOf(connectionString);
  const said = { status, host, termsOfService: sanitize(termsOfService, longestTerms) };
  const has = { hasUri: connectionString !== undefined, hasClaim: claimUrl !== undefined };
  return { name, pausesAt, deletesAt, path, ...has, isNamed: true, ...redactor.clean(said) };
};

/** The failure for a name that is taken. */
export const takenName = async (
  place: Ephemeral,
  context: EphemeralContext,
  gone?: Failure,
): Promise<Failure> => {
  const { files, address } = context;
  const file = await files.find(place);
  const free = await files.freeName(place, nowOf(context));
  return nameTaken(place, { path: files.pathOf(place), file, free, gone, address });
};

const send = async (
  place: Ephemeral,
  reservation: Reservation,
  { atlas, deadline, files }: EphemeralContext,
): Promise<Sent<EphemeralCluster>> => {
  if (deadline.callerSignal.aborted) {
    await files.release(reservation);
    return raise(cancelled("create"));
  }
  const sending = atlas.send(createEphemeralCluster(place.clusterName), deadline);
  const sent = await sending.catch(async (error: unknown) => {
    await files.release(reservation);
    throw error;
  });
  if (sent.fate !== "accepted") await files.release(reservation);
  return sent;
};

/** Makes one whose name is reserved until its credentials are stored. `aside` is the file of an earlier one of that name. */
export const makeEphemeral = async (
  place: Ephemeral,
  context: EphemeralContext,
): Promise<ShownEphemeral & { aside: string | undefined }> => {
  const { atlas, deadline, files, redactor, address } = context;
  if (deadline.cancelled()) return raise(cancelled("create"));
  const reservation = await files.reserve(place, nowOf(context));
  if (reservation === undefined) return raise(await takenName(place, context));
  const sent = await send(place, reservation, context);
  if (sent.fate === "unknown") return raise(lostEphemeral(place, sent.failure));
  if (sent.fate !== "accepted") return raise(refusedEphemeral(sent.failure));
  const made = sent.value;
  for (const one of secretsOf(made)) redactor.add(one);
  const { clusterId, claimUrl, connectionString } = made;
  const ends = endsOf(made, atlas.now());
  const kept = { ...place, address, ...ends, connectionString, claimUrl, clusterId };
  const path = await files.keep(reservation, kept).catch(async (error: unknown) => {
    await files.release(reservation);
    return raise(notKept(place, failureOf(error)));
  });
  const shown = shownOf(made, { ...kept, path }, context);
  return { ...shown, isNamed: path === reservation.path, aside: reservation.aside };
};

/** The cluster that has a name already. Throws `name_conflict` if Atlas no longer has it: an application may still use its file. */
export const existingEphemeral = (
  place: Ephemeral,
  file: MadeFile,
  context: EphemeralContext,
): Promise<ShownEphemeral> =>
  lookAtEphemeral(place, file, context).catch(async (error: unknown) => {
    const failed = failureOf(error);
    if (failed.code !== "not_found") throw error;
    return raise(await takenName(place, context, failed));
  });

/** Looks at the cluster of a file. Throws `not_found` if Atlas no longer has it. */
export const lookAtEphemeral = async (
  place: Ephemeral,
  file: MadeFile,
  context: EphemeralContext,
): Promise<ShownEphemeral> => {
  const { atlas, deadline, redactor, address, files } = context;
  if (file.address !== address) return raise(otherAddress(file, address));
  for (const one of secretsOf(file)) redactor.add(one);
  const look = getEphemeralCluster(file.clusterId);
  const found = await atlas.read(look, deadline).catch(async (error: unknown) => {
    const failed = failureOf(error);
    if (failed.atlas?.status !== 404) throw error;
    return raise(goneEphemeral(file, failed, await files.freeName(place, nowOf(context))));
  });
  for (const one of secretsOf({ claimUrl: found.claimUrl })) redactor.add(one);
  return shownOf(found, file, context);
};
