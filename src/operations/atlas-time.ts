/** Atlas's time of day, for what must not depend on a clock that is wrong. */
import type { AtlasClient } from "../atlas/client.ts";
import { inSeconds } from "../atlas/resources/lease.ts";
import type { Clock } from "../common/deadline.ts";
import { type Failure, failure } from "../common/failure.ts";

// A clock that is synchronised is seconds off, not minutes.
const mostApartMs = 300_000;

const unsure = (why: string, here: string): Failure =>
  failure("unavailable", `${why}, and this machine says ${here}. Nothing was deleted by that.`);

/**
 * Atlas's time by the Date of its latest answer. A failure if Atlas has sent none, or if it is more than five minutes from
 * the clock of this machine: then nobody knows which of the two is right.
 */
export const atlasTime = ({
  atlas,
  clock,
}: {
  atlas: Pick<AtlasClient, "date">;
  clock: Pick<Clock, "now">;
}): number | Failure => {
  const there = atlas.date();
  const own = clock.now();
  const here = inSeconds(own);
  if (there === undefined) return unsure("Atlas's answers have no date", here);
  return Math.abs(there - own) <= mostApartMs
    ? there
    : unsure(`The clocks are more than five minutes apart: Atlas says ${inSeconds(there)}`, here);
};
