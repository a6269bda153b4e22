/** The one way from a prepared change to a request that leaves: bounds, policy, plan, consent, record, apply, record (design 3). */
import { headersOf } from "../atlas/requests.ts";
import { type Audit, type Entry, unrecorded } from "../audit/log.ts";
import { crypto } from "../common/crypto.ts";
import { type Deadline, startDeadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, fail } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { type Approver, type Ask, type Consent, obtainConsent } from "../consent/consent.ts";
import { nounOf, priceOf, questionOf, quoteOf } from "../consent/question.ts";
import { canonical, type Signer } from "../consent/signer.ts";
import type { Caller } from "../policy/caller.ts";
import { type Decision, decide, limitFor, overLimit, type Policy } from "../policy/decide.ts";
import { type Ahead, countOf, createSeats } from "../policy/limits.ts";
import type { Body, OpenPlan, PreparedChange, ToolContext } from "../tools/define.ts";

type Args = Record<string, unknown>;

/** One change on its way: who wants it, with which arguments, and how their user can be asked. */
export type Passage = {
  prepared: PreparedChange;
  args: Args;
  principal: Caller;
  ask: Ask | undefined;
  caller: AbortSignal;
  /** Throws `policy_denied` where the organization or the project is out of bounds. */
  checkBounds(deadline: Deadline): Promise<void>;
};

export type Passed = { body: Body } | Exclude<Consent, { approver: Approver }>;

export type GateOptions = {
  policyFor(principal: Caller): Policy;
  sealer: Signer;
  audit: Audit;
  log: Log;
  userAgent: string;
};

export type Gate = { pass(passage: Passage, context: ToolContext): Promise<Passed> };

type Denied = Extract<Decision, { verdict: "deny" }>;

const denied = ({ message, fields }: Denied): never =>
  fail("policy_denied", message, { fields, hints: [{ advice: "see_account" }] });

// They are about the call, not about what is changed.
const unbound = new Set(["confirmation", "waitSeconds", "dryRun"]);

const boundArgs = (args: Args): Args =>
  Object.fromEntries(Object.entries(args).filter(([name]) => !unbound.has(name)));

const shownRequest = ({ request }: OpenPlan, userAgent: string): NonNullable<Body["request"]> => ({
  method: request.method,
  path: request.path,
  headers: { ...headersOf(request), "user-agent": userAgent },
  ...(request.body === undefined ? {} : { body: request.body }),
});

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

export const createGate = (options: GateOptions): Gate => {
  const { policyFor, sealer, audit, log, userAgent } = options;
  const seated = createSeats();

  const entryOf = (passage: Passage, context: ToolContext, auditId: string, id?: string) => {
    const { kind, name, orgId, groupId, tool } = passage.prepared.change;
    return {
      id: auditId,
      tool,
      principal: passage.principal.id,
      backend: context.standing.backend,
      baseUrl: context.standing.baseUrl,
      resource: {
        kind,
        name,
        ...(orgId === undefined ? {} : { orgId }),
        ...(groupId === undefined ? {} : { groupId }),
        ...(id === undefined ? {} : { id }),
      },
    };
  };

  /** A line that comes after the fact: where it cannot be written, the answer is true all the same. */
  const record = (entry: Entry) =>
    audit.write(entry).catch((error: unknown) => {
      log.error({ audit: entry.id, kind: entry.kind, error: String(error) }, "audit not written");
    });

  const checkLimit = async (
    { change }: PreparedChange,
    policy: Policy,
    context: ToolContext,
    ahead: Ahead = [],
  ) => {
    const limit = limitFor(change, policy);
    if (limit === undefined) return;
    const has = await countOf(change, context, ahead);
    if (has >= limit.most) denied(overLimit(change, limit, has));
  };

  const consentTo = async (
    passage: Passage,
    plan: OpenPlan,
    policy: Policy,
    decision: Decision,
    context: ToolContext,
  ): Promise<Consent> => {
    const { prepared, args, principal } = passage;
    const { change } = prepared;
    if (decision.verdict !== "confirm")
      return { approver: policy.confirm === "never" ? "operator" : "not_needed" };
    const quote = quoteOf(change);
    const { standing } = context;
    const bound = [
      change.tool,
      canonical(boundArgs(args)),
      standing.baseUrl,
      principal.id,
      quote,
      plan.id ?? null,
    ];
    return obtainConsent(
      { change, quote, bound, question: () => questionOf(change, quote, standing, context) },
      passage.ask,
      prepared.confirmation,
      { mode: policy.confirm, sealer, clock: context.clock },
    );
  };

  /** Sends the change between its two lines in the record. */
  const carryOut = async (
    passage: Passage,
    plan: Extract<OpenPlan, { apply: unknown }>,
    approver: Approver,
    context: ToolContext,
  ): Promise<Body> => {
    const { change } = passage.prepared;
    const auditId = crypto().randomBytes(8).toString("hex");
    const price = priceOf(quoteOf(change));
    const entry = { ...entryOf(passage, context, auditId, plan.id), approver, price };
    const { method, path } = plan.request;
    await audit.write({ ...entry, kind: "intent", request: { method, path } }).catch((error) => {
      log.error({ audit: auditId, error: String(error) }, "audit not written");
      throw unrecorded(error, change);
    });
    try {
      const body = await plan.apply(context);
      await record({ ...entry, kind: "outcome", result: resultOf(body) });
      return { ...body, receipt: { auditId, resource: nounOf(change), approver, price } };
    } catch (error) {
      const known = error instanceof AtlasToolError ? failedResult(error.failure) : undefined;
      const result: Result = known ?? { status: "error", code: "internal", outcome: "unknown" };
      await record({ ...entry, kind: "outcome", result });
      throw error;
    }
  };

  const through = async (passage: Passage, context: ToolContext): Promise<Passed> => {
    const { change, dryRun, plan: planChange } = passage.prepared;
    await passage.checkBounds(context.deadline);
    const policy = policyFor(passage.principal);
    const decision = decide(change, policy);
    if (decision.verdict === "deny") return denied(decision);
    const plan = await planChange(context);
    if ("settled" in plan) return { body: plan.settled };
    // Before anybody is asked for what cannot be.
    if (dryRun || decision.verdict === "confirm")
      await checkLimit(passage.prepared, policy, context);
    if (dryRun)
      return {
        body: {
          outcome: change.effect === "delete" ? "would_delete" : "would_create",
          request: shownRequest(plan, userAgent),
        },
      };
    const left = context.deadline.remaining();
    const consent = await consentTo(passage, plan, policy, decision, context);
    if (!("approver" in consent)) return consent;
    const { approver } = consent;
    const send = (on: ToolContext) =>
      seated(change, async (ahead) => {
        await checkLimit(passage.prepared, policy, on, ahead);
        return { body: await carryOut(passage, plan, approver, on) };
      });
    if (approver !== "user") return send(context);
    // The time that a person takes is not the call's.
    const deadline = startDeadline(left, passage.caller, context.clock);
    return send({ ...context, deadline }).finally(deadline.clear);
  };

  return {
    pass: async (passage, context) => {
      try {
        return await through(passage, context);
      } catch (error) {
        const code = error instanceof AtlasToolError ? error.failure.code : undefined;
        const refused = code === "policy_denied" || code === "declined";
        if (refused && !passage.prepared.dryRun)
          await record({
            ...entryOf(passage, context, crypto().randomBytes(8).toString("hex")),
            kind: code === "declined" ? "declined" : "denied",
            result: { status: "error", code, why: (error as AtlasToolError).message },
          });
        throw error;
      }
    },
  };
};
