/** Places among what is about to be created: calls at the same time would see the same counts in Atlas and pass together. */

import { blockOf, blockText } from "../atlas/addresses.ts";
import { keptMs, type Made, type MadeLists, type MadeRecord } from "../store/made.ts";
import type { Change } from "../tools/define.ts";

/** What is created, and where. */
export type Place = Pick<Change, "kind" | "orgId" | "groupId" | "name"> & {
  /** What another server has told of it; undefined for what this process is about to create. */
  told?: Pick<Made, "id" | "ageMs" | "isOfOthers">;
};

export const parentOf = ({ kind, orgId, groupId }: Place): string =>
  `${kind} ${kind === "project" ? orgId : groupId}`;

export const keyOf = (place: Place): string => `${parentOf(place)} ${place.name}`;

/** What other calls are about to create or have just created, of the same kind; some may be in Atlas already. */
export type Pending = readonly Place[];

/** A place among the pending creates. One that fails later was counted too, which may deny too much but never too little. */
export type Reservation = {
  pending: Pending;
  /** Resolves once other servers can count it: before anything is sent. Rejects with `StoreError`. */
  told: Promise<void>;
  /** Once only: gives the place back; or says what was made in it, which other servers then count too, with its id in Atlas if it has one. */
  end(made?: { id?: string }): void;
};

export type Reservations = {
  /**
   * Reserves a place. Without a limit (`isLimited`) nobody waits for the store, and there is nothing that is pending. Rejects
   * with `StoreError` if the store does not answer.
   */
  reserve(change: Change, isLimited: boolean): Promise<Reservation>;
  /** Gives back the place of what was deleted. Never rejects. */
  release(change: Change): Promise<void>;
};

const placeOf = ({ kind, orgId, groupId, name }: Change): Place => ({
  kind,
  name,
  ...(orgId === undefined ? {} : { orgId }),
  ...(groupId === undefined ? {} : { groupId }),
});

const isOther = (own: Place) => (other: Place) =>
  other.kind === own.kind && keyOf(other) !== keyOf(own);

/** The places of this process alone. */
export const createReservations = (): Reservations => {
  const reserved = new Set<Place>();
  return {
    reserve: async (change) => {
      const own = placeOf(change);
      const pending = [...reserved].filter(isOther(own));
      reserved.add(own);
      return { pending, told: Promise.resolve(), end: () => void reserved.delete(own) };
    },
    release: async () => {},
  };
};

/** A name in one spelling: an address may be written as a block, or with other digits. */
const nameOf = ({ kind, name }: Place): string => {
  const block = kind === "accessListEntry" ? blockOf(name) : undefined;
  return block === undefined ? name : blockText(block);
};

const recordOf = (place: Place): MadeRecord => ({
  parent: (place.kind === "project" ? place.orgId : place.groupId) ?? "",
  name: nameOf(place),
});

/** Limits count the entries of one access list, and clusters and projects everywhere. */
const listOf = (place: Place): string =>
  place.kind === "accessListEntry" ? parentOf(place) : place.kind;

// Milliseconds after which an access list shows what was made. What it does not show then is gone.
export const listedMs = 60_000;

/** The age (milliseconds) of the others that count beside what Atlas lists. */
const ageFor = ({ kind }: Place): number => (kind === "accessListEntry" ? listedMs : keptMs);

const toPlace = (kind: Place["kind"], { parent, name, ...told }: Made): Place => ({
  kind,
  name,
  ...(kind === "project" ? { orgId: parent } : { groupId: parent }),
  told,
});

/** The places of all servers that share a store. */
export const createSharedReservations = ({ announce, forget }: MadeLists): Reservations => ({
  reserve: async (change, isLimited) => {
    const own = placeOf(change);
    const announcing = announce(listOf(own), recordOf(own), isLimited ? ageFor(own) : 0);
    const others = isLimited ? (await announcing).others : [];
    const pending = others.map((other) => toPlace(own.kind, other)).filter(isOther(own));
    const told = announcing.then(() => {});
    // `leave` asks for it, unless nothing is sent.
    told.catch(() => {});
    let isEnded = false;
    const end = (made?: { id?: string }) => {
      if (!isEnded) void announcing.then(({ settle }) => settle(made)).catch(() => {});
      isEnded = true;
    };
    return { pending, told, end };
  },
  release: async (change) => {
    const { kind, groupId } = change;
    const id = kind === "project" && groupId !== undefined ? { id: groupId } : {};
    await forget(listOf(change), { ...recordOf(change), ...id }).catch(() => {});
  },
});
