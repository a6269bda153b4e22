/** The versions of the Admin API, in the Accept and Content-Type headers. */
import { createApiError } from "../errors/api-error.ts";

/** The version of operations that are not stable yet. It sorts after all dates, and no date resolves to it. */
const preview = "preview";

/** Since when Atlas advises against a whole operation, and when it ends, as dates. */
export type Deprecation = { since: string; sunset?: string };

/** The versions of an operation. */
type Versioned = {
  version: string;
  laterVersions?: readonly string[];
  deprecation?: Deprecation;
};

/** The stable ones, from openapi/v2/versions.json, August 2026. */
const versions = [
  "2023-01-01",
  "2023-02-01",
  "2023-10-01",
  "2023-11-15",
  "2024-05-30",
  "2024-08-05",
  "2024-10-23",
  "2024-11-13",
  "2025-02-19",
  "2025-03-12",
];

const vendorTypePattern = /^application\/vnd\.atlas\.([0-9a-z-]+)\+json$/;

const mediaTypes = (header: string | undefined): string[] => {
  if (header === undefined) return [];
  return header.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase());
};

const versionIn = (accept: string | undefined): string | undefined =>
  mediaTypes(accept)
    .map((type) => vendorTypePattern.exec(type)?.[1])
    .find((version) => version !== undefined);

const isServed = (asked: string, { version, laterVersions = [] }: Versioned): boolean =>
  asked === preview
    ? [version, ...laterVersions].includes(preview)
    : versions.includes(asked) && asked >= version;

/**
 * Refuses an Accept header without a vendor type, with an unknown date, with a date before the first version of the
 * resource, or with `preview` if the resource has no preview. The status is 406, although Atlas's error list says 400
 * (mongodb-atlas-api-client#58).
 */
export const checkVersion = (accept: string | undefined, versioned: Versioned): void => {
  const asked = versionIn(accept);
  if (asked === undefined || !isServed(asked, versioned))
    throw createApiError("INVALID_VERSION_DATE");
};

/** The version of the resource that a request gets: the newest one that is not after the date in Accept. */
export const servedVersion = (
  accept: string | undefined,
  { version, laterVersions = [] }: Versioned,
): string => laterVersions.findLast((later) => later <= (versionIn(accept) ?? "")) ?? version;

/** The day on which versions end that have a later one, from the `x-sunset` of Atlas's OpenAPI document. */
const sunsetOf = (version: string): string => (version === "2024-08-05" ? "2027-03-01" : lastDay);

/** The day on which all other versions end that have a later one, and most deprecated operations. */
export const lastDay = "2027-07-01";

/** A day as it is recorded in the two headers, which is not the format of `Date`: without a leading zero. */
const toHeader = (date: string): string => new Date(date).toUTCString().replace(", 0", ", ");

/** The headers of a response in a version that is not the newest, or to an operation that is deprecated. */
export const deprecationHeaders = (
  accept: string | undefined,
  versioned: Versioned,
): Record<string, string> => {
  const asked = versionIn(accept);
  if (asked === undefined || asked === preview || !isServed(asked, versioned)) return {};
  const served = servedVersion(accept, versioned);
  const next = versioned.laterVersions?.find((later) => later > served && later !== preview);
  const { since, sunset } =
    next === undefined ? (versioned.deprecation ?? {}) : { since: next, sunset: sunsetOf(served) };
  return {
    ...(since === undefined ? {} : { Deprecation: toHeader(since) }),
    ...(sunset === undefined ? {} : { Sunset: toHeader(sunset) }),
  };
};

/** The Content-Type of a response: with the version of the resource, not the one in Accept. */
export const vendorType = (resourceVersion: string): string =>
  `application/vnd.atlas.${resourceVersion}+json;charset=utf-8`;

/** Tells whether a request body may have this type: plain JSON, or any of Atlas's own types. */
export const isAcceptableContentType = (contentType: string | undefined): boolean => {
  const [type] = mediaTypes(contentType);
  return type === "application/json" || (type !== undefined && vendorTypePattern.test(type));
};
