/** Schemas that parse the text of settings, with the message for a text that is not valid. */

import { resolve } from "node:path";
import * as z from "zod/v4";
import { isLoopback } from "../atlas/http.ts";
import { secret } from "../common/secret.ts";
import { isHost } from "../common/url-host.ts";
import { storeProblem } from "../store/address.ts";

export const baseUrl = z.string().transform((text, context): string => {
  const problem = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return problem("must be a URL like https://cloud.mongodb.com");
  if (url.username || url.password) return problem("must not contain credentials");
  if (url.pathname !== "/" || url.search || url.hash)
    return problem(`must be a URL without a path, such as ${url.origin}`);
  if (url.protocol === "http:" && !isLoopback(text))
    return problem(
      "must be https; plain http is allowed only for this machine (127.0.0.1, localhost)",
    );
  return url.origin;
});

// Credentials go into HTTP headers, which a control character would break.
const credentialText = z
  .string()
  .refine(
    (text) => !/[\p{Cc}\s]/u.test(text),
    "must be one line without spaces or control characters",
  )
  .refine((text) => text !== "", "is empty")
  .refine(
    (text) => !/(\.{3}|\u2026)$/.test(text),
    "ends in ..., as in an example; set the whole credential",
  );

export const credential = credentialText.transform(secret);

const swapped = (prefix: string, kind: string) =>
  credentialText
    .refine(
      (text) => !text.startsWith(prefix),
      `begins with ${prefix}, as a client ${kind} does: id and secret are swapped`,
    )
    .transform(secret);

export const clientId = swapped("mdb_sa_sk_", "secret");

export const clientSecret = swapped("mdb_sa_id_", "id");

/** A secret that the operator chose. Only a line break at the end, as in a file, is removed. */
export const passphrase = z
  .string()
  .transform((text) => text.replace(/\r?\n$/, ""))
  .refine(
    (text) => text.length >= 16,
    "must have at least 16 characters; `openssl rand -hex 32` makes one",
  )
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

/** The address of a store; it may hold a password. */
export const storeUrl = z.string().transform((text, context) => {
  const problem = storeProblem(text);
  if (problem === undefined) return secret(text);
  context.addIssue({ code: "custom", message: problem });
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

const address = (text: string, example: string): URL | string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return `must be a URL like ${example}`;
  if (url.username || url.password) return "must not contain credentials";
  if (url.search || url.hash) return "must be a URL without ? and #";
  return url;
};

/** Returns the text unchanged, because issuers are compared character by character (RFC 8414, 3.3). */
export const issuer = z.string().transform((text, context): string => {
  const url = address(text, "https://login.example.com");
  const problem =
    typeof url === "string"
      ? url
      : url.protocol === "http:" && !isLoopback(text)
        ? "must be https; plain http is allowed only for this machine (127.0.0.1, localhost)"
        : undefined;
  if (problem === undefined) return text;
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

/** The address of the endpoint. Without a path it means /mcp. */
export const publicUrl = z.string().transform((text, context): string => {
  const url = address(text, "https://mcp.example.com");
  if (typeof url !== "string") return url.pathname === "/" ? `${url.origin}/mcp` : url.href;
  context.addIssue({ code: "custom", message: url });
  return z.NEVER;
});

const list = (item: RegExp, message: string) =>
  z.string().transform((text, context): string[] => {
    const items = text.split(",").map((one) => one.trim().toLowerCase());
    if (items.every((one) => item.test(one))) return items;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** Words with commas or white space between them; a list in YAML may have either. In lower case, as names of tools are. */
export const names = z.string().transform((text, context): readonly string[] => {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length > 0) return words;
  context.addIssue({ code: "custom", message: "must be names, separated by commas" });
  return z.NEVER;
});

export const audience = z
  .string()
  .refine((text) => !/\s/.test(text), "must be one value without spaces");

export const hosts = list(
  /^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/,
  "must be host names without ports, separated by commas",
);

export const origins = list(
  /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/,
  "must be origins like https://app.example.com, separated by commas",
);

export const rate = z
  .string()
  .regex(/^\d{1,6}$/, "must be a whole number of requests a minute, 0 for no limit")
  .transform(Number);

export const connections = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "must be a whole number of connections, 1 or more")
  .transform(Number);

export const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port from 0 to 65535")
  .transform(Number)
  .refine((number) => number <= 65_535, "must be a port from 0 to 65535");

export const host = z.string().refine(isHost, "must be a host name or an address");

/** Absolute, because results show the path to callers that run elsewhere. */
export const path = z.string().transform((text) => resolve(text));
