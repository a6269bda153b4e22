/** Recorded answers of Atlas in one form, and what two answers have to have in common. */
import { referenceJson } from "./reference-files.ts";

/** A recorded answer. */
export type Recording = {
  /** Method, path without ids, status, and what tells it from others like it. */
  name: string;
  status: number;
  contentType: string | null;
  /** Null where there was none, undefined where Atlas did not send any yet. */
  rateLimit: string | null | undefined;
  body: unknown;
};

/** An answer as it is compared: the members of objects in their order, and kinds instead of values. */
export type Form = string | Form[] | [name: string, form: Form][];

/** The form of a value. The items of a list are alike, so the first one stands for all. */
export const formOf = (value: unknown): Form => {
  if (Array.isArray(value)) return value.length === 0 ? "list" : ["list of", formOf(value[0])];
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.entries(value).map(([name, member]) => [name, formOf(member)]);
};

/** Since then Atlas sends the headers of rate limits with its answers. */
const firstRateLimits = "2026-03";

/** Words in paths that name a kind of resource or a database, and not one resource. */
const words = /^(admin|api|backup|customDBRoles|ipinfo|linkTokens|private|provider|regions|roles)$/;

/** A path with `{id}` and `{name}` for what is one resource. */
const toPattern = (path: string): string =>
  path
    .replace("/api/atlas/v2", "")
    .split("/")
    .map((part) => {
      if (/^(\{id\}|[a-f0-9]{24})$/.test(part)) return "{id}";
      return /[-.\d]/.test(part) && !words.test(part) ? "{name}" : part;
    })
    .join("/");

/** Flex clusters have many recordings: state and connection strings tell them apart. */
const variantOf = (body: any): string => {
  if (typeof body?.errorCode === "string") return ` ${body.errorCode}`;
  if (typeof body?.stateName !== "string") return "";
  return ` ${body.stateName} ${Object.keys(body.connectionStrings).join("+") || "no"} strings`;
};

const toName = (method: string, path: string, status: number, body: unknown): string =>
  `${method} ${toPattern(path)} ${status}${variantOf(body)}`;

/** A body that was cut, with the notes about it removed. */
const readBody = (body: any): unknown => {
  if (body === "" || body === undefined) return null;
  if (typeof body?._truncated === "string") return undefined;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { _note, ...rest } = body;
  return rest;
};

/** Recordings whose file name has method and path: `GET_api_atlas_v2_groups_..._1.snaphost`. */
const fromFileName = ({ file, status, headers, body }: any): Recording => {
  const [, method = "", path = ""] = /([A-Z]+)(_api_.*)_\d+\.snaphost$/.exec(file) ?? [];
  const read = readBody(body);
  return {
    name: toName(method, path.replaceAll("_", "/"), status, read),
    status,
    contentType: headers["Content-Type"] ?? null,
    rateLimit: headers["Ratelimit-Limit"] ?? null,
    body: read,
  };
};

const fromRow = ({
  method,
  path,
  status,
  contentType,
  rateLimitLimit,
  recorded,
  body,
}: any): Recording => {
  const read = readBody(body);
  return {
    name: toName(method, path, status, read),
    status,
    contentType,
    rateLimit: recorded < firstRateLimits ? undefined : rateLimitLimit,
    body: read,
  };
};

/** The files that have recordings. */
export const recordingFiles = ["recorded.json", "recorded.lifecycles.json"] as const;

/** All recordings; undefined if a file is missing. */
export const readRecordings = (): Recording[] | undefined => {
  const [first, second] = recordingFiles.map(referenceJson);
  if (first === undefined || second === undefined) return undefined;
  return [...first.map(fromFileName), ...second.map(fromRow)];
};
