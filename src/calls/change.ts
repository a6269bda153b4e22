/** What happens to a change, from its scope to the request that leaves: the steps are those of `runChange`, in their order. */
import { headersOf } from "../atlas/requests.ts";
import { type Audit, type Entry, unrecorded } from "../audit/log.ts";
import { AtlasToolError, type Failure, fail, failureOf, raise } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import {
  type Approver,
  type Asked,
  type Consent,
  type ConsentOptions,
  obtainConsent,
  refuseDeclined,
} from "../consent/consent.ts";
import { nounOf, priceOf, questionOf, quoteOf } from "../consent/question.ts";
import { canonical } from "../consent/signer.ts";
import { type Denial, decide, limitFor, overLimit } from "../policy/decide.ts";
import { countOf, createReservations, type PendingNames } from "../policy/limits.ts";
import type { Change, ChangeTool, Plan, ToolContext } from "../tools/define.ts";
import type { Body } from "../tools/result.ts";
import { checkScope, type ScopeCheck } from "./scope.ts";
import type { Availability } from "./tool-availability.ts";

type Args = Record<string, unknown>;

/** One change on its way: `args` as they were given, `filled` with what the operator has fixed, `input` once parsed. */
export type ChangeCall = {
  tool: ChangeTool;
  args: Args;
  filled: Args;
  input: Args;
  availability: Availability;
  homes: ScopeCheck["homes"];
  asked: Asked;
};

/** A body that answers the call, or what is still needed from the user. */
export type ChangeEnd = { body: Body } | Exclude<Consent, { approver: Approver }>;

export type ChangeOptions = {
  consent: Omit<ConsentOptions, "mode" | "clock">;
  /** Undefined where no record is kept. */
  audit: Audit | undefined;
  log: Log;
  userAgent: string;
};

const toChange = ({ tool, input }: ChangeCall): Change => ({
  ...tool.change(input),
  tool: tool.name,
  effect: tool.access,
  kind: tool.kind,
});

const denied = ({ message, fields }: Denial): never =>
  fail("policy_denied", message, { fields, suggestions: [{ suggest: "see_account" }] });

const checkLimit = async (
  change: Change,
  { policy }: Availability,
  context: ToolContext,
  pending: PendingNames = [],
): Promise<void> => {
  const limit = limitFor(change, policy);
  if (limit === undefined) return;
  const has = await countOf(change, context, pending);
  if (has >= limit.most) denied(overLimit(change, limit, has));
};

// They are about the call, not about what is changed.
const unbound = new Set(["confirmation", "waitSeconds", "dryRun"]);

const boundArgs = (args: Args): Args =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !unbound.has(name)));

const newAuditId = (): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");

type Result = NonNullable<Entry["result"]>;

const resultOf = (body: Body): Result => {
  const id = body.project?.id ?? body.cluster?.id;
  return { status: "ok", outcome: body.outcome, ...(id === undefined ? {} : { id }) };
};

const failedResult = ({ code, outcome }: Failure): Result => ({
  status: "error",
  code,
  ...(outcome === undefined ? {} : { outcome }),
});

/** What all lines about a change say; `id` is that of the resource, where it is known before. */
const entryOf = (change: Change, { caller, setup }: Availability, id?: string) => {
  const { kind, name, orgId, groupId, tool } = change;
  return {
    id: newAuditId(),
    tool,
    principal: caller.id,
    backend: setup.backend,
    baseUrl: setup.baseUrl,
    resource: {
      kind,
      name,
      ...(orgId === undefined ? {} : { orgId }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(id === undefined ? {} : { id }),
    },
  };
};

export const createRunChange = ({ consent, audit, log, userAgent }: ChangeOptions) => {
  const reserve = createReservations();

  /** A line that comes after the fact: where it cannot be written, the answer is true all the same. */
  const record = async (entry: Entry) =>
    audit?.write(entry).catch((error: unknown) => {
      log.error?.({ audit: entry.id, kind: entry.kind, error: String(error) }, "audit not written");
    });

  const askConsent = async (
    change: Change,
    { id }: Plan,
    { filled, availability, asked }: ChangeCall,
    context: ToolContext,
  ): Promise<Consent> => {
    const { caller, setup, policy } = availability;
    const quote = quoteOf(change);
    const args = canonical(boundArgs(filled));
    const bound = [change.tool, args, setup.baseUrl, caller.id, quote, id ?? null];
    const message = await questionOf(change, quote, setup, context);
    const options = { ...consent, mode: policy.confirm, clock: context.clock };
    return obtainConsent({ change, quote, bound, message }, asked, options);
  };

  /** Applies between two lines in the record; nothing is sent unless the first is on the disk. */
  const applyRecorded = async (
    change: Change,
    plan: Plan & { pending: unknown },
    { tool, input, availability }: ChangeCall,
    approver: Approver,
    context: ToolContext,
  ): Promise<Body> => {
    const price = priceOf(quoteOf(change));
    const entry = { ...entryOf(change, availability, plan.id), approver, price };
    const { method, path } = plan.request;
    await audit?.write({ ...entry, kind: "intent", request: { method, path } }).catch((error) => {
      log.error?.({ audit: entry.id, error: String(error) }, "audit not written");
      raise(unrecorded(error, change));
    });
    try {
      const body = await tool.apply(plan.pending, input, context);
      await record({ ...entry, kind: "outcome", result: resultOf(body) });
      return { ...body, receipt: { auditId: entry.id, resource: nounOf(change), approver, price } };
    } catch (error) {
      const result: Result =
        error instanceof AtlasToolError
          ? failedResult(error.failure)
          : { status: "error", code: "internal", outcome: "unknown" };
      await record({ ...entry, kind: "outcome", result });
      throw error;
    }
  };

  /** What a dry run shows; nothing is sent. */
  const preview = ({ access }: ChangeTool, { request }: Plan): Body => ({
    outcome: `would_${access}`,
    request: {
      method: request.method,
      path: request.path,
      headers: { ...headersOf(request), "user-agent": userAgent },
      ...(request.body === undefined ? {} : { body: request.body }),
    },
  });

  const perform = async (
    change: Change,
    call: ChangeCall,
    context: ToolContext,
  ): Promise<ChangeEnd> => {
    const { tool, args, input, availability, homes, asked } = call;
    if (availability.isBounded) await checkScope(tool, args, { ...context, homes });
    const decision = decide(change, availability.policy);
    if (decision.decision === "deny") return denied(decision);
    if (asked.response !== undefined) refuseDeclined(change, asked.response);
    const plan = await tool.plan(input, context);
    if ("done" in plan) return { body: plan.done };
    const isDryRun = input.dryRun === true;
    const needsConsent = decision.decision === "confirm";
    // Before anybody is asked for what cannot be.
    if (isDryRun || needsConsent) await checkLimit(change, availability, context);
    if (isDryRun) return { body: preview(tool, plan) };
    const unasked = availability.policy.confirm === "never" ? "operator" : "not_needed";
    const given = needsConsent
      ? await askConsent(change, plan, call, context)
      : { approver: unasked as Approver };
    if (!("approver" in given)) return given;
    const reservation = reserve(change);
    try {
      await checkLimit(change, availability, context, reservation.pendingNames);
      return { body: await applyRecorded(change, plan, call, given.approver, context) };
    } finally {
      reservation.release();
    }
  };

  /** One line in the record for a change that was denied or declined. */
  const recordRefusal = async (change: Change, call: ChangeCall, error: unknown) => {
    const { code, message } = failureOf(error);
    const isRefused = code === "policy_denied" || code === "declined";
    if (!isRefused || call.input.dryRun === true) return;
    const kind = code === "declined" ? "declined" : "denied";
    const entry = entryOf(change, call.availability);
    await record({ ...entry, kind, result: { status: "error", code, why: message } });
  };

  /** Runs a change. Throws `AtlasToolError`. */
  return async (call: ChangeCall, context: ToolContext): Promise<ChangeEnd> => {
    const change = toChange(call);
    try {
      return await perform(change, call, context);
    } catch (error) {
      await recordRefusal(change, call, error);
      throw error;
    }
  };
};

export type RunChange = ReturnType<typeof createRunChange>;
