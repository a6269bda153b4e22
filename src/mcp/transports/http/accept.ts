/** Reads the header Accept (RFC 9110, 12.5.1). */

export type Accepted = {
  json: boolean;
  /** Whether the client takes a stream of events (SSE). */
  stream: boolean;
  /** Whether to answer with a stream where both would do. */
  prefersStream: boolean;
};

type Range = { name: string; weight: number };

// A quote without an end goes to the end of the header. That way a match never fails after it has read on, which would
// take time that grows with the square of the length.
const quoted = /"(?:\\.?|[^"\\])*"?/g;

// Splits at commas that are not within quotes.
const members = new RegExp(`(?:[^,"]|${quoted.source})+`, "g");

const rangesIn = (header: string): Range[] =>
  (header.match(members) ?? []).map((member) => {
    const [name = "", ...parameters] = member.replace(quoted, "").toLowerCase().split(";");
    const weight = parameters.flatMap((one) => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(one)?.[1] ?? [])[0];
    return { name: name.trim(), weight: weight === undefined ? 1 : Number(weight) };
  });

/** The weight of the most specific range that has the type, and whether that range names it. */
const weightOf = (ranges: readonly Range[], type: string) => {
  const weightsOf = (names: string[]) =>
    ranges.flatMap(({ name, weight }) => (names.includes(name) ? [weight] : []));
  const named = [weightsOf([type]), weightsOf([`${type.split("/")[0]}/*`])];
  const found = named.find((weights) => weights.length > 0);
  // A bare * is what old Java clients send.
  const weights = found ?? weightsOf(["*/*", "*"]);
  return { weight: Math.max(0, ...weights), isNamed: found !== undefined };
};

/** What a request accepts. Without the header, or with an empty one, that is everything. */
export const acceptedIn = (header: string | null): Accepted => {
  const ranges = rangesIn(header?.trim() || "*/*");
  const json = weightOf(ranges, "application/json");
  const stream = weightOf(ranges, "text/event-stream");
  // A client that does not name streams may not be able to read them.
  const wantsStream = stream.isNamed && stream.weight >= json.weight;
  return {
    json: json.weight > 0,
    stream: stream.weight > 0,
    prefersStream: stream.weight > 0 && (wantsStream || json.weight === 0),
  };
};

const usualAccept = "application/json, text/event-stream";

/** The same request for the SDK, which wants both types named. The body is read already. */
export const withUsualAccept = (request: Request): Request => {
  if (request.headers.get("accept") === usualAccept) return request;
  const headers = new Headers(request.headers);
  headers.set("accept", usualAccept);
  return new Request(request.url, { method: request.method, headers });
};
