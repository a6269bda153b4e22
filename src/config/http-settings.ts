/** How the settings of `http` are read: where it is reached, and who is let in. */
import * as z from "zod/v4";
import { isLoopback } from "../atlas/http.ts";

const address = (text: string): URL | string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return "must be an address like https://mcp.example.com";
  if (url.username || url.password) return "must not hold credentials";
  if (url.search || url.hash) return "must be an address without ? and #";
  return url;
};

/** An address as a text that is kept as it was written: issuers are compared to the letter (RFC 8414, 3.3). */
const issuer = z.string().transform((text, context): string => {
  const url = address(text);
  const problem =
    typeof url === "string"
      ? url
      : url.protocol === "http:" && !isLoopback(text)
        ? "must be https; plain http is taken only for this machine (127.0.0.1, localhost)"
        : undefined;
  if (problem === undefined) return text;
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

/** The address of the endpoint; one without a path means /mcp there. */
const publicUrl = z.string().transform((text, context): string => {
  const url = address(text);
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

/** By the names in `settings`; every one is a text where it comes from. */
export const httpShape = {
  tokens: z.string().optional(),
  issuer: issuer.optional(),
  audience: z
    .string()
    .refine((text) => !/\s/.test(text), "must be one value without spaces")
    .optional(),
  publicUrl: publicUrl.optional(),
  allowedHosts: list(
    /^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/,
    "must be host names without ports, with commas between them",
  ).optional(),
  allowedOrigins: list(
    /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/,
    "must be origins like https://app.example.com, with commas between them",
  ).optional(),
  rateLimit: z
    .string()
    .regex(/^\d{1,6}$/, "must be a whole number of requests a minute, 0 for no limit")
    .transform(Number)
    .optional(),
};

const schema = z.object(httpShape);

/** What `http` is told, and whether the operator has said which Atlas it stands for. */
export type HttpConfig = Readonly<z.output<typeof schema> & { backendNamed: boolean }>;

/** Takes the settings of `http` out of all that were read. */
export const httpConfigOf = (all: z.output<typeof schema>, backendNamed: boolean): HttpConfig => {
  const { tokens, issuer, audience, publicUrl, allowedHosts, allowedOrigins, rateLimit } = all;
  return Object.freeze({
    tokens,
    issuer,
    audience,
    publicUrl,
    allowedHosts,
    allowedOrigins,
    rateLimit,
    backendNamed,
  });
};
