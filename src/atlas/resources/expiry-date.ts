/** When Atlas removes something by itself: a date of the coming week. */
import * as z from "zod/v4";

const hour = 3_600_000;
const week = 7 * 24 * hour;

const dateTime = z.iso.datetime({ offset: true });

const problemOf = (text: string, now: number): string | undefined => {
  if (!dateTime.safeParse(text).success) return "must be a date and time with its zone (ISO 8601)";
  const ahead = Date.parse(text) - now;
  if (ahead <= 0) return "must be in the future";
  return ahead > week ? "must be at most a week ahead" : undefined;
};

/** What was probably meant, else a day from now in whole seconds. */
const mend = (text: string, now: number): string => {
  const zoned = `${text.trim().replace(" ", "T")}Z`;
  if (problemOf(zoned, now) === undefined) return zoned;
  return new Date(now + 24 * hour).toISOString().replace(/\.\d+Z$/, "Z");
};

/** `deleteAfterDate` of a database user or an access list entry. */
export const expiryDate = z
  .string()
  .superRefine((text, context) => {
    // The one clock that a schema has is the machine's own.
    const now = Date.now();
    const message = problemOf(text, now);
    if (message === undefined) return;
    context.addIssue({ code: "custom", message, params: { example: mend(text, now) } });
  })
  .meta({
    description: "Atlas removes it then: ISO 8601, UTC, at most a week ahead.",
  });
