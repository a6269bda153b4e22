/** Runs a change, from the check of its scope to its audit outcome: the lines of `perform` are the steps. */
import { headersOf } from "../atlas/requests.ts";
import { type Audit, type Entry, unrecorded } from "../audit/log.ts";
import { AtlasToolError, type Failure, fail, failureOf, raise } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import {
  type Approver,
  type Consent,
  type ConsentInput,
  type ConsentOptions,
  obtainConsent,
  refuseDeclined,
} from "../consent/consent.ts";
import { nounOf, priceOf, questionOf, quoteOf } from "../consent/question.ts";
import { canonical } from "../consent/signer.ts";
import { type Denial, decide, limitFor, overLimit, type Policy } from "../policy/decide.ts";
import { countOf, createReservations, type PendingNames } from "../policy/limits.ts";
import type { Change, ChangeTool, Plan, ToolContext } from "../tools/define.ts";
import type { Body } from "../tools/result.ts";
import { checkScope, type ScopeCheck } from "./scope.ts";
import type { Availability } from "./tool-availability.ts";

type Args = Record<string, unknown>;

/** A call that changes something: `args` as they were sent, `filled` with the operator's fixed ids, `input` as parsed. */
export type ChangeCall = {
  tool: ChangeTool;
  args: Args;
  filled: Args;
  input: Args;
  availability: Availability;
  projectOrgIds: ScopeCheck["projectOrgIds"];
  consentInput: ConsentInput;
};

/** The body of the result, or what is still needed from the user. */
export type ChangeEnd = { body: Body } | Exclude<Consent, { approver: Approver }>;

export type ChangeOptions = {
  consent: Omit<ConsentOptions, "mode" | "clock">;
  /** Undefined if there is no audit. */
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

/** Who approved a change that nobody was asked about. */
const unasked = ({ confirm }: Policy): { approver: Approver } => ({
  approver: confirm === "never" ? "operator" : "not_needed",
});

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

// Arguments about the call, not about the change: consent is not bound to them.
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

/** What all audit lines about a change contain; `id` is that of the resource, if known beforehand. */
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

  /** Writes an audit line after the fact. If that fails, the result is still true, so the error is only logged. */
  const record = async (entry: Entry) =>
    audit?.write(entry).catch((error: unknown) => {
      log.error?.({ audit: entry.id, kind: entry.kind, error: String(error) }, "audit not written");
    });

  const askConsent = async (
    change: Change,
    { id }: Plan,
    { filled, availability, consentInput }: ChangeCall,
    context: ToolContext,
  ): Promise<Consent> => {
    const { caller, setup, policy } = availability;
    const quote = quoteOf(change);
    const args = canonical(boundArgs(filled));
    const bound = [change.tool, args, setup.baseUrl, caller.id, quote, id ?? null];
    const message = await questionOf(change, quote, setup, context);
    const options = { ...consent, mode: policy.confirm, clock: context.clock };
    return obtainConsent({ change, quote, bound, message }, consentInput, options);
  };

  /** Applies a change between two audit lines; sends nothing unless the first is on disk. */
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

  /** The body of a dry run. */
  const preview = ({ access }: ChangeTool, { request }: Plan): Body => ({
    outcome: `would_${access}`,
    request: {
      method: request.method,
      path: request.path,
      headers: { ...headersOf(request), "user-agent": userAgent },
      ...(request.body === undefined ? {} : { body: request.body }),
    },
  });

  /** Reserves the name, so that calls at the same time do not pass the limit together, and applies. */
  const applyWithinLimit = async (
    change: Change,
    plan: Plan & { pending: unknown },
    call: ChangeCall,
    approver: Approver,
    context: ToolContext,
  ): Promise<Body> => {
    const { pendingNames, release } = reserve(change);
    try {
      await checkLimit(change, call.availability, context, pendingNames);
      return await applyRecorded(change, plan, call, approver, context);
    } finally {
      release();
    }
  };

  const perform = async (
    change: Change,
    call: ChangeCall,
    context: ToolContext,
  ): Promise<ChangeEnd> => {
    const { tool, args, input, availability, projectOrgIds, consentInput } = call;
    const { isBounded, policy } = availability;
    if (isBounded) await checkScope(tool, args, { ...context, projectOrgIds });
    const decided = decide(change, policy);
    if (decided.decision === "deny") return denied(decided);
    const needsConsent = decided.decision === "confirm";
    if (consentInput.response !== undefined) refuseDeclined(change, consentInput.response);
    const plan = await tool.plan(input, context);
    if ("done" in plan) return { body: plan.done };
    const isDryRun = input.dryRun === true;
    // Before consent: nobody should be asked to approve what the limits forbid.
    if (isDryRun || needsConsent) await checkLimit(change, availability, context);
    if (isDryRun) return { body: preview(tool, plan) };
    const approval = needsConsent ? await askConsent(change, plan, call, context) : unasked(policy);
    if (!("approver" in approval)) return approval;
    return { body: await applyWithinLimit(change, plan, call, approval.approver, context) };
  };

  /** Writes one audit line for a change that was denied or declined. */
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
