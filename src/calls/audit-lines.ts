/** Writes the audit lines of a change: an intent before it, the outcome after it, or why it was refused (docs/architecture.md#audit). */
import type { AtlasRequest } from "../atlas/request.ts";
import { type Audit, type Entry, unrecorded } from "../audit/log.ts";
import { crypto } from "../common/crypto.ts";
import { AtlasToolError, raise } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { canonical } from "../consent/signer.ts";
import type { Effect } from "../operations/failures.ts";
import type { Change, Details } from "../tools/define.ts";
import type { Availability } from "./tool-availability.ts";

/** Where lines go; `audit` is undefined if there is none. */
export type Records = { audit: Audit | undefined; log: Log };

/** What a line says about the end of a change. */
export type Result = NonNullable<Entry["result"]>;

/** What a request does; a read is never recorded. */
const effects: Record<AtlasRequest["method"], Effect> = {
  GET: "update",
  POST: "create",
  PATCH: "update",
  DELETE: "delete",
};

/** The digest of a request's body, in canonical form. A generated password is not in it. */
const digestOf = (body: unknown): string =>
  crypto().createHash("sha256").update(canonical(body)).digest("hex");

/** Does work between two audit lines. Sends nothing unless the first is on disk. */
export const withAuditLines = async <T>(
  records: Records,
  entry: Omit<Entry, "kind">,
  { method, path, body }: AtlasRequest,
  work: () => Promise<T>,
  resultOf: (value: T) => Result,
): Promise<T> => {
  const { audit, log } = records;
  const request = { method, path, ...(body === undefined ? {} : { sha256: digestOf(body) }) };
  await audit?.write({ ...entry, kind: "intent", request }).catch((error) => {
    log.error?.({ audit: entry.id, error: String(error) }, "audit not written");
    raise(unrecorded(error, effects[method]));
  });
  try {
    const value = await work();
    await record(records, { ...entry, kind: "outcome", result: resultOf(value) });
    return value;
  } catch (error) {
    await record(records, { ...entry, kind: "outcome", result: failedResult(error) });
    throw error;
  }
};

/** Writes an audit line after the fact. If that fails, the result is still true, so the error is only logged. */
export const record = async ({ audit, log }: Records, entry: Entry): Promise<void> =>
  audit?.write(entry).catch((error: unknown) => {
    log.error?.({ audit: entry.id, kind: entry.kind, error: String(error) }, "audit not written");
  });

/** What all audit lines about a change contain, with a new id of the change. */
export const entryOf = (
  change: Omit<Change, "effect">,
  { caller, setup }: Availability,
  resourceId?: string,
) => {
  const { kind, name, orgId, groupId, tool, details } = change;
  // Without those that are not set.
  const set: Details = JSON.parse(JSON.stringify(details));
  return {
    id: crypto().randomBytes(8).toString("hex"),
    tool,
    principal: caller.id,
    backend: setup.backend,
    baseUrl: setup.baseUrl,
    resource: {
      kind,
      name,
      ...(orgId === undefined ? {} : { orgId }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(resourceId === undefined ? {} : { id: resourceId }),
    },
    ...(Object.keys(set).length === 0 ? {} : { details: set }),
  };
};

const failedResult = (error: unknown): Result => {
  if (!(error instanceof AtlasToolError))
    return { status: "error", code: "internal", outcome: "unknown" };
  const { code, outcome, leftOver } = error.failure;
  return { status: "error", code, ...(outcome === undefined ? {} : { outcome }), ...leftOver };
};
