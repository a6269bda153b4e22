import { readBody, readListBody } from "../api/fields.ts";
import type { Change, Operation, Principal, Reply } from "../api/operation.ts";
import { flagParameter } from "../api/query.ts";
import { fullBucket, spendToken } from "../api/rate-limits.ts";
import { checkVersion, vendorType } from "../api/versions.ts";
import { authenticate } from "../auth/authenticate.ts";
import type { Twin } from "../context.ts";
import { AtlasFailure, atlasFailure } from "../errors/api-error.ts";
import { rateLimitedAnswer } from "../faults/response.ts";
import { StateFileError } from "../state/file-error.ts";
import { durably } from "../state/persist.ts";
import { deliver, send } from "./deliver.ts";
import type { Exchange } from "./request.ts";
import { logRequest } from "./request-log.ts";
import {
  type Answer,
  type BodyStyle,
  errorAnswer,
  jsonAnswer,
  noContentAnswer,
} from "./response.ts";

const replyAnswer = (
  operation: Operation,
  { status, body, list }: Reply,
  style: BodyStyle,
  headers: Record<string, string>,
): Answer => {
  const type = vendorType(operation.version);
  if (body === undefined) return noContentAnswer(type, headers);
  if (list && style.envelope && !Array.isArray(body)) {
    // A list is its own envelope: it gains the status, in the alphabetical place (REFDOC).
    const { links = [], results = [], ...count } = body;
    const shown = { links, results, status, ...count };
    return jsonAnswer(status, shown, type, { ...style, envelope: false }, headers);
  }
  return jsonAnswer(status, body, type, style, headers);
};

const bucketOwner = (operation: Operation, { params }: Exchange, principal: Principal): string => {
  if (operation.limit.scope === "group") return params.groupId ?? "";
  return operation.limit.scope === "organization" ? (params.orgId ?? "") : principal.id;
};

// Recorded without a leading slash: "Rate limit exceeded for api/atlas/v2/orgs."
const limitedPath = (operation: Operation): string => `api/atlas/v2${operation.path}`;

const perform = (
  twin: Twin,
  operation: Operation,
  exchange: Exchange,
  principal: Principal,
  changes: readonly Change[],
): Answer => {
  const now = twin.clock();
  const allowance = twin.rateLimits
    ? spendToken(twin.buckets, operation.limit, bucketOwner(operation, exchange, principal), now)
    : fullBucket(operation.limit);
  if (!allowance.allowed) {
    const { retryAfterSeconds } = allowance;
    return rateLimitedAnswer(limitedPath(operation), operation.limit, retryAfterSeconds, true);
  }
  const headers = {
    "RateLimit-Limit": `${allowance.limit}`,
    "RateLimit-Remaining": `${allowance.remaining}`,
  };
  const { query, params, path, origin } = exchange;
  const style = {
    envelope: query.get("envelope") === "true",
    pretty: query.get("pretty") === "true",
  };
  try {
    checkVersion(exchange.headers.accept, operation.version);
    flagParameter(query, "envelope", false);
    flagParameter(query, "pretty", false);
    const hasBody = operation.method === "POST" || operation.method === "PATCH";
    const type = exchange.headers["content-type"];
    const items = hasBody && operation.takesList ? readListBody(exchange.text, type) : [];
    const body = hasBody && !operation.takesList ? readBody(exchange.text, type) : {};
    const { world } = twin;
    const call = { world, now, principal, origin, path, params, query, body, items, changes };
    const run = (): Reply => operation.run(call);
    const reply = operation.method === "GET" ? run() : durably(twin, run);
    return replyAnswer(operation, reply, style, headers);
  } catch (failure) {
    if (failure instanceof StateFileError) {
      const { status, body } = atlasFailure("UNEXPECTED_ERROR");
      return errorAnswer(status, body, style, headers);
    }
    if (!(failure instanceof AtlasFailure)) throw failure;
    return errorAnswer(failure.status, failure.body, style, headers);
  }
};

/** Serves one request to an operation. A fault strikes only who is authenticated: no handshake uses it up. */
export const serveOperation = async (
  twin: Twin,
  operation: Operation,
  exchange: Exchange,
): Promise<void> => {
  const entry = logRequest(twin.log, exchange, operation.id, twin.clock());
  const authentication = authenticate(twin, exchange);
  if ("refusal" in authentication) {
    send(exchange, entry, authentication.refusal);
    return;
  }
  await deliver(twin, exchange, entry, {
    target: { id: operation.id, isApi: true, changes: operation.changes ?? [] },
    mutates: operation.method !== "GET",
    limit: operation.limit,
    limitedPath: limitedPath(operation),
    act: (changes) => perform(twin, operation, exchange, authentication.principal, changes),
  });
};

/** Serves a path that is no operation: whoever is authenticated learns that there is no such resource. */
export const serveUnknown = (twin: Twin, exchange: Exchange): void => {
  const entry = logRequest(twin.log, exchange, null, twin.clock());
  const authentication = authenticate(twin, exchange);
  const { status, body } = atlasFailure("RESOURCE_NOT_FOUND", { resource: exchange.path });
  const refusal = "refusal" in authentication ? authentication.refusal : undefined;
  send(exchange, entry, refusal ?? errorAnswer(status, body));
};
