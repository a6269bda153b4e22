import { atlasFailure } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { optionalText } from "./fields.ts";

const MAX_DAYS = 7;
const DAY_MS = 86_400_000;

const ISO_8601 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(?:Z|([+-]\d{2}):?(\d{2}))?$/i;

const timeOf = (value: string): number => {
  const [, moment, fraction = "", hours, minutes] = ISO_8601.exec(value) ?? [];
  if (moment === undefined) return Number.NaN;
  const zone = hours === undefined ? "Z" : `${hours}:${minutes}`;
  return Date.parse(`${moment}${fraction}${zone}`);
};

/** Reads `deleteAfterDate`: in the future, and at most a week ahead. A date without a zone is UTC. */
export const readExpiry = (object: JsonObject, now: number): number | undefined => {
  const value = optionalText(object, "deleteAfterDate");
  if (value === undefined) return undefined;
  const at = timeOf(value);
  if (Number.isNaN(at)) throw atlasFailure("INVALID_DATE_FORMAT", { value });
  if (at <= now) throw atlasFailure("EXPIRATION_DATE_IN_PAST");
  if (at > now + MAX_DAYS * DAY_MS) {
    throw atlasFailure("EXPIRATION_DATE_EXCEEDS_MAX", { days: MAX_DAYS });
  }
  return at;
};
