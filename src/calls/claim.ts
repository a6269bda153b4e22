/** Claims a change before it is applied: its consent for this call alone, and its place among those that are counted. */
import { checkedBy, type Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, raise } from "../common/failure.ts";
import { consentUsed } from "../consent/consent.ts";
import { expiryOf } from "../consent/signer.ts";
import { notDone, raiseNoStore } from "../operations/failures.ts";
import type { Pending, Reservation, Reservations } from "../policy/reservations.ts";
import type { Confirmations } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { Change, ToolContext } from "../tools/define.ts";
import type { Body } from "../tools/result.ts";

export type Claim = {
  /** What others are creating or have just created. */
  pending: Pending;
  /** The call's own, which lets no change be sent if the consent was used before: the call then only looks. */
  deadline: Deadline;
  /** Ends the claim by what was done, or by how it failed. */
  done(body: Body): void;
  failed(error: unknown): void;
};

type Parts = { reservations: Reservations; confirmations: Confirmations | undefined };

// Milliseconds for which a used consent is remembered after its end: longer than a call takes.
const rememberedMs = 600_000;

/** Throws if the store does not answer: nobody should be asked to approve what cannot be done. */
export const checkAnswers = async (
  checkStore: (() => Promise<void>) | undefined,
  { effect }: Change,
): Promise<void> => checkStore?.().catch(raiseNoStore(effect));

/** Reserves a place before the plan. Where it cannot be had, the plan is made without it, and the change itself says why it is not sent. */
export const reserveEarly = (
  reservations: Reservations,
  change: Change,
): Promise<Reservation | undefined> =>
  reservations.reserve(change, true).catch((error: unknown) => {
    if (error instanceof StoreError) return undefined;
    throw error;
  });

/** Whether a failed change has certainly made nothing; `hasLeft` if a request of it was sent. */
const isUntouched = (
  { code, outcome, undone, leftOver }: Failure,
  { effect }: Change,
  hasLeft: boolean,
): boolean => {
  if (undone !== undefined || leftOver !== undefined) return false;
  if (outcome === undefined || outcome === notDone[effect]) return true;
  // What has the name may be what a request has made whose answer was lost.
  return code === "name_conflict" && outcome === "exists" && !hasLeft;
};

const nothingDone: ReadonlySet<unknown> = new Set(["existing", "unchanged", "absent"]);

const idOf = ({ project, cluster }: Body): { id?: string } => {
  const id = project?.id ?? cluster?.id;
  return id === undefined ? {} : { id };
};

/** What a claim begins with. */
type Claiming = {
  /** Undefined if none was needed. */
  consent: string | undefined;
  /** Undefined unless the change has one already. */
  reservation: Reservation | undefined;
  /** Whether a limit holds for the change. */
  isLimited: boolean;
};

/** Claims a change. Throws if servers share a store that does not answer. */
export const claimChange = async (
  { reservations, confirmations }: Parts,
  change: Change,
  { consent, reservation: given, isLimited }: Claiming,
  { clock, deadline }: ToolContext,
): Promise<Claim> => {
  const use = async () => {
    if (confirmations === undefined || consent === undefined) return undefined;
    const left = Math.max(0, expiryOf(consent) - clock.now());
    return confirmations.use(consent, left + rememberedMs);
  };
  const reserve = async () => {
    if (given !== undefined || change.effect !== "create") return given;
    return reservations.reserve(change, isLimited);
  };
  const withoutStore = raiseNoStore(change.effect);
  const used = await use().catch(withoutStore);
  const reservation = await reserve().catch((error: unknown) => {
    used?.free();
    return withoutStore(error);
  });
  const isUsed = used?.isFirst === false;
  let hasLeft = false;
  const leave = async () => {
    if (isUsed) raise(consentUsed(change));
    await reservation?.told.catch(withoutStore);
    hasLeft = true;
  };
  const end = (made: { id?: string } | undefined) => {
    if (made === undefined) used?.free();
    reservation?.end(isUsed ? undefined : made);
  };
  return {
    pending: reservation?.pending ?? [],
    deadline: { ...checkedBy(deadline, leave), ...(isUsed ? { looksOnly: true } : {}) },
    done: (body) => end(nothingDone.has(body.outcome) ? undefined : idOf(body)),
    failed: (error) => {
      const isKnown =
        error instanceof AtlasToolError && isUntouched(error.failure, change, hasLeft);
      end(isKnown ? undefined : {});
    },
  };
};
