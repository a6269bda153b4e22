/** How each kind of setting is written as text, and what is said of one that is not. */
import * as z from "zod/v4";
import { isLoopback } from "../atlas/http.ts";
import { secret } from "../secret.ts";

export const baseUrl = z.string().transform((text, context): string => {
  const problem = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return problem("must be an address like https://cloud.mongodb.com");
  if (url.username || url.password) return problem("must not hold credentials");
  if (url.pathname !== "/" || url.search || url.hash)
    return problem(`must be an address without a path, such as ${url.origin}`);
  if (url.protocol === "http:" && !isLoopback(text))
    return problem(
      "must be https; plain http is taken only for this machine (127.0.0.1, localhost)",
    );
  return url.origin;
});

// A control character in a header would split it; credentials have none, and a copied line break is cut before.
export const credential = z
  .string()
  .transform((text) => text.trim())
  .refine(
    (text) => !/[\p{Cc}\s]/u.test(text),
    "must be one line without spaces or control characters",
  )
  .refine((text) => text !== "", "is empty")
  .transform(secret);

/** A secret of the operator's own making: whatever it is, but for the line break at the end of a file. */
export const passphrase = z
  .string()
  .transform((text) => text.replace(/\r?\n$/, ""))
  .refine((text) => text !== "", "is empty")
  .transform(secret);

export const objectId = z
  .string()
  .regex(/^[a-f0-9]{24}$/, "must be 24 hexadecimal digits in lower case");

export const flag = z.string().transform((text, context): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  context.addIssue({ code: "custom", message: "must be true or false" });
  return z.NEVER;
});

export const milliseconds = (min: number, max: number) =>
  z.string().transform((text, context): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.addIssue({
      code: "custom",
      message: `must be a whole number of milliseconds from ${min} to ${max}`,
    });
    return z.NEVER;
  });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });
