/** Places among what is about to be created: calls at the same time would see the same counts in Atlas and pass together. */

import type { Made, MadeLists, MadeRecord } from "../store/made.ts";
import { StoreError } from "../store/store-error.ts";
import type { Change } from "../tools/define.ts";

/** What is created, and where. */
export type Place = Pick<Change, "kind" | "orgId" | "groupId" | "name"> & {
  /** What another server has told of it; undefined for what this process is about to create. */
  told?: Pick<Made, "id" | "ageMs"> & { isOfOthers: boolean };
};

export const parentOf = ({ kind, orgId, groupId }: Place): string =>
  `${kind} ${kind === "project" ? orgId : groupId}`;

export const keyOf = (place: Place): string => `${parentOf(place)} ${place.name}`;

/** What other calls are about to create or have just created, of the same kind; some may be in Atlas already. */
export type Pending = readonly Place[];

/** A place among the pending creates. One that fails later was counted too, which may deny too much but never too little. */
export type Reservation = {
  pending: Pending;
  /** Gives the place back; or says what was made in it, which other servers then count too, with its id in Atlas if it has one. */
  end(made?: { id?: string }): void;
};

/** Reserves a place. Rejects with `StoreError` if servers share a store that does not answer. */
export type Reserve = (change: Change) => Promise<Reservation>;

const placeOf = ({ kind, orgId, groupId, name }: Change): Place => ({
  kind,
  name,
  ...(orgId === undefined ? {} : { orgId }),
  ...(groupId === undefined ? {} : { groupId }),
});

const isOther = (own: Place) => (other: Place) =>
  other.kind === own.kind && keyOf(other) !== keyOf(own);

/** The places of this process alone. */
export const createReservations = (): Reserve => {
  const reserved = new Set<Place>();
  return async (change) => {
    const own = placeOf(change);
    const pending = [...reserved].filter(isOther(own));
    reserved.add(own);
    return { pending, end: () => void reserved.delete(own) };
  };
};

const recordOf = ({ kind, orgId = "", groupId = "", name }: Place): MadeRecord => ({
  parent: kind === "project" ? orgId : groupId,
  name,
});

const toPlace = (kind: Place["kind"], { parent, name, ...told }: Made): Place => ({
  kind,
  name,
  ...(kind === "project" ? { orgId: parent } : { groupId: parent }),
  told,
});

/** The places of all servers that share a store. */
export const createSharedReservations =
  ({ announce }: MadeLists): Reserve =>
  async (change) => {
    const own = placeOf(change);
    const { others, settle } = await announce(own.kind, recordOf(own));
    const pending = others.map((other) => toPlace(own.kind, other)).filter(isOther(own));
    return { pending, end: settle };
  };

/** Reserves a place where that is possible. */
export const reserveIfAnswered = async (
  reserve: Reserve,
  change: Change,
): Promise<Reservation | undefined> =>
  reserve(change).catch((error: unknown) => {
    if (error instanceof StoreError) return undefined;
    throw error;
  });
