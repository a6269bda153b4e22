/** The date at which Atlas deletes a resource by itself. */
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { optionalText } from "./fields.ts";

const maxDays = 7;
const dayMs = 86_400_000;

const isoDatePattern =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(?:Z|([+-]\d{2}):?(\d{2}))?$/i;

const parseTime = (value: string): number => {
  const [, moment, fraction = "", hours, minutes] = isoDatePattern.exec(value) ?? [];
  if (moment === undefined) return Number.NaN;
  const zone = hours === undefined ? "Z" : `${hours}:${minutes}`;
  return Date.parse(`${moment}${fraction}${zone}`);
};

/** Reads `deleteAfterDate`, which must be within the next week. A date without a time zone is UTC. */
export const readExpiry = (object: JsonObject, now: number): number | undefined => {
  const value = optionalText(object, "deleteAfterDate");
  if (value === undefined) return undefined;
  const at = parseTime(value);
  if (Number.isNaN(at)) throw createApiError("INVALID_DATE_FORMAT", { value });
  if (at <= now) throw createApiError("EXPIRATION_DATE_IN_PAST");
  if (at > now + maxDays * dayMs) {
    throw createApiError("EXPIRATION_DATE_EXCEEDS_MAX", { days: maxDays });
  }
  return at;
};
