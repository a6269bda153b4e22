/** The date at which Atlas deletes a resource by itself, at most a week ahead. */
import * as z from "zod/v4";

const hour = 3_600_000;
const week = 7 * 24 * hour;

const dateTime = z.iso.datetime({ offset: true });

/** Whether a text is a date and time with a time zone (RFC 3339). */
export const isDateTime = (text: string): boolean => dateTime.safeParse(text).success;

/** The date that was probably meant, if it has no problem: in UTC, where no time zone is named. */
export const mendDate = (
  text: string,
  problemOf: (text: string) => string | undefined,
): string | undefined => {
  const joined = text.trim().replace(/^(\S+)\s+/, "$1T");
  return [joined, `${joined}Z`].find((one) => problemOf(one) === undefined);
};

const problemOf = (text: string, now: number): string | undefined => {
  if (!isDateTime(text)) return "must be a date and time with a time zone (ISO 8601)";
  const ahead = Date.parse(text) - now;
  if (ahead <= 0) return "must be in the future";
  return ahead > week ? "must be at most a week ahead" : undefined;
};

/** `deleteAfterDate` of a database user or an access list entry. */
export const expiryDate = z
  .string()
  .superRefine((text, context) => {
    // A schema has no clock but the machine's own.
    const now = Date.now();
    const message = problemOf(text, now);
    if (message === undefined) return;
    context.addIssue({
      code: "custom",
      message,
      params: { example: mendDate(text, (one) => problemOf(one, now)) },
    });
  })
  .meta({
    description: "Atlas removes it then: ISO 8601, UTC, at most a week ahead.",
  });
