/** Stores the secrets of ephemeral clusters: one file for each name, reserved before anything is sent. */
import { crypto } from "../common/crypto.ts";
import {
  type EphemeralSecrets,
  ephemeralText,
  isSandboxAddress,
  readEphemeral,
  reservationText,
  type Said,
} from "./ephemeral-text.ts";
import { removeLeftoversBelow } from "./leftovers.ts";
import { readOrRecover, removeIf, replaceIf } from "./moves.ts";
import { type Ephemeral, ephemeralFolders, ephemeralPath, pathBeside } from "./paths.ts";
import { isOwnFolder, openFolder, publish, withPath } from "./private-file.ts";

export { type EphemeralSecrets, isSandboxAddress, sandboxAddress } from "./ephemeral-text.ts";
export { type Ephemeral, isClusterName } from "./paths.ts";

/** A name that a call has reserved; `aside` is the file of an earlier cluster of that name. */
export type Reservation = Ephemeral & { path: string; text: string; aside?: string | undefined };

/**
 * The time of day (milliseconds since 1970): of this machine, for reservations, and Atlas's, for clusters; and the address
 * that this server reaches.
 */
export type Now = { machine: number; atlas: number; address: string };

/** The file of a name. */
export type EphemeralFile = { path: string } & Said;

export type EphemeralFiles = {
  pathOf(ephemeral: Ephemeral): string;
  /** The file that has the name at this time: not one that a crash has left, nor one that is over. */
  holder(ephemeral: Ephemeral, now: Now): Promise<EphemeralFile | undefined>;
  /** The file of a name, also if it is over. */
  find(ephemeral: Ephemeral): Promise<EphemeralFile | undefined>;
  /** Reserves a name with a new file; undefined if another file has it. One that is over stays beside it. */
  reserve(ephemeral: Ephemeral, now: Now): Promise<Reservation | undefined>;
  /** Writes the secrets in place of the reservation, or beside if that has gone, and returns where. */
  keep(reservation: Reservation, made: EphemeralSecrets): Promise<string>;
  /** Gives a reserved name up. Never throws. */
  release(reservation: Reservation): Promise<void>;
  /** A name like this one that no file has. */
  freeName(ephemeral: Ephemeral, now: Now): Promise<string | undefined>;
};

// Longer than any call may take (10 minutes): its process has gone, and the reservation holds no secret.
const abandonedMs = 15 * 60_000;

/** Whether a file no longer has its name: what it was for has ended. */
const isOver = (said: Said, now: Now): boolean => {
  if (said.kind === "reserved") return now.machine - said.at > abandonedMs;
  if (said.kind === "foreign") return false;
  const isOfOtherSandbox = said.address !== now.address && isSandboxAddress(said.address);
  return isOfOtherSandbox || Date.parse(said.deletesAt) <= now.atlas;
};

const longestName = 64;
const mostNames = 1000;

/** Other names: with the next number, so that a person sees what belongs together. */
const namesLike = function* (clusterName: string): Generator<string> {
  const [, stem = "", digits = ""] = /^(.*?)(\d{0,6})$/s.exec(clusterName) ?? [];
  const [start, first] =
    digits === "" || stem === "" ? [`${clusterName}-`, 2] : [stem, Number(digits) + 1];
  for (let number = first; number < first + mostNames; number += 1)
    yield `${start.slice(0, longestName - String(number).length)}${number}`;
};

/** Stores the files below a folder. The first reservation creates it. */
export const createEphemeralFiles = (folder: string): EphemeralFiles => {
  const pathOf = (ephemeral: Ephemeral) => ephemeralPath(folder, ephemeral);

  const named = <T>(path: string, work: () => Promise<T>) => withPath(path, "credentials", work);

  let cleaning: Promise<void> | undefined;
  const openFolders = async (ephemeral: Ephemeral) => {
    cleaning ??= removeLeftoversBelow(folder);
    await cleaning;
    for (const one of ephemeralFolders(folder, ephemeral)) await openFolder(one);
  };

  const read = async (ephemeral: Ephemeral): Promise<string | undefined> => {
    for (const one of ephemeralFolders(folder, ephemeral))
      if (!(await isOwnFolder(one))) return undefined;
    return readOrRecover(pathOf(ephemeral));
  };

  const find = async (ephemeral: Ephemeral): Promise<EphemeralFile | undefined> => {
    const text = await read(ephemeral);
    return text === undefined ? undefined : { path: pathOf(ephemeral), ...readEphemeral(text) };
  };

  const holder = async (ephemeral: Ephemeral, now: Now) => {
    const file = await find(ephemeral);
    return file === undefined || isOver(file, now) ? undefined : file;
  };

  const reserve = async (ephemeral: Ephemeral, now: Now): Promise<Reservation | undefined> => {
    const path = pathOf(ephemeral);
    await openFolders(ephemeral);
    const text = reservationText(now.machine, crypto().randomUUID());
    const reservation = { ...ephemeral, path, text };
    const old = await read(ephemeral);
    if (old === undefined) return (await publish(path, reservation.text)) ? reservation : undefined;
    const said = readEphemeral(old);
    if (!isOver(said, now)) return undefined;
    const aside = said.kind === "made" ? pathBeside(path) : undefined;
    const isReserved = await replaceIf(path, old, reservation.text, aside);
    return isReserved ? { ...reservation, aside } : undefined;
  };

  const keep = async (reservation: Reservation, made: EphemeralSecrets): Promise<string> => {
    const { path, text } = reservation;
    const complete = ephemeralText(made);
    // Somebody may have removed or replaced them while Atlas answered.
    await openFolders(reservation);
    if (await replaceIf(path, text, complete)) return path;
    if (await publish(path, complete)) return path;
    // Another call took the name, because this one took so long. These may be the only copies.
    const beside = pathBeside(path);
    await publish(beside, complete);
    return beside;
  };

  const freeName = async (ephemeral: Ephemeral, now: Now): Promise<string | undefined> => {
    for (const clusterName of namesLike(ephemeral.clusterName)) {
      if ((await holder({ ...ephemeral, clusterName }, now)) === undefined) return clusterName;
    }
    return undefined;
  };

  return {
    pathOf,
    holder: (ephemeral, now) => named(pathOf(ephemeral), () => holder(ephemeral, now)),
    find: (ephemeral) => named(pathOf(ephemeral), () => find(ephemeral)),
    reserve: (ephemeral, now) => named(pathOf(ephemeral), () => reserve(ephemeral, now)),
    keep: (reservation, made) => named(reservation.path, () => keep(reservation, made)),
    release: ({ path, text }) => removeIf(path, (now) => now === text).catch(() => {}),
    freeName: (ephemeral, now) => named(pathOf(ephemeral), () => freeName(ephemeral, now)),
  };
};
