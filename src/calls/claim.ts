/** Claims a change before it is applied: its consent for this call alone, and its place among those that are counted. */
import { checkedBy, type Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure } from "../common/failure.ts";
import { consentUsed } from "../consent/consent.ts";
import { expiryOf } from "../consent/signer.ts";
import { noStore, notDone } from "../operations/failures.ts";
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

/** Whether a failed change has certainly sent nothing that took effect. */
const isUntouched = ({ code, outcome, undone, leftOver }: Failure, { effect }: Change): boolean => {
  if (undone !== undefined || leftOver !== undefined) return false;
  const isTaken = code === "name_conflict" && outcome === "exists";
  return outcome === undefined || outcome === notDone[effect] || isTaken;
};

const nothingDone: ReadonlySet<unknown> = new Set(["existing", "unchanged", "absent"]);

const idOf = ({ project, cluster }: Body): { id?: string } => {
  const id = project?.id ?? cluster?.id;
  return id === undefined ? {} : { id };
};

/** The claim of one change: `consent` is undefined if none was needed, and `reservation` unless it has one already. */
type Claiming = { consent: string | undefined; reservation: Reservation | undefined };

/** Claims a change. Throws if servers share a store that does not answer. */
export const claimChange = async (
  { reservations, confirmations }: Parts,
  change: Change,
  given: Claiming,
  { clock, deadline }: ToolContext,
): Promise<Claim> => {
  const { consent } = given;
  const unanswered = (error: unknown): unknown =>
    error instanceof StoreError ? new AtlasToolError(noStore(change.effect, error.message)) : error;
  const use = async () => {
    if (confirmations === undefined || consent === undefined) return undefined;
    const left = Math.max(0, expiryOf(consent) - clock.now());
    return confirmations.use(consent, left + rememberedMs);
  };
  const used = await use().catch((error: unknown) => {
    throw unanswered(error);
  });
  const reserve = async () =>
    given.reservation ?? (change.effect === "create" ? reservations.reserve(change) : undefined);
  const reservation = await reserve().catch((error: unknown) => {
    used?.free();
    throw unanswered(error);
  });
  const isUsed = used?.isFirst === false;
  const end = (made: { id?: string } | undefined) => {
    if (made === undefined) used?.free();
    reservation?.end(isUsed ? undefined : made);
  };
  return {
    pending: reservation?.pending ?? [],
    deadline: isUsed
      ? checkedBy(deadline, () => Promise.reject(new AtlasToolError(consentUsed(change))))
      : deadline,
    done: (body) => end(nothingDone.has(body.outcome) ? undefined : idOf(body)),
    failed: (error) => {
      const isKnown = error instanceof AtlasToolError && isUntouched(error.failure, change);
      end(isKnown ? undefined : {});
    },
  };
};
