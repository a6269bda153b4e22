/** Runs a change, from the check of its scope to its audit outcome: the lines of `performChange` are the steps. */
import { headersOf } from "../atlas/request.ts";
import { fail, failureOf } from "../common/failure.ts";
import {
  type Approver,
  type Consent,
  type ConsentInput,
  type ConsentOptions,
  consentOf,
  judgeResponse,
  refuseDeclined,
} from "../consent/consent.ts";
import { nounOf, priceOf, quoteOf } from "../consent/question.ts";
import { type Denial, decide, limitsFor, overLimits, type Policy } from "../policy/decide.ts";
import { countFor, namesBeside } from "../policy/limits.ts";
import type { Pending, Reservation, Reservations } from "../policy/reservations.ts";
import type { Confirmations } from "../store/store.ts";
import type { Change, ChangeTool, Plan, ToolContext } from "../tools/define.ts";
import type { Body } from "../tools/result.ts";
import { askConsent } from "./ask-consent.ts";
import { entryOf, type Records, type Result, record, withAuditLines } from "./audit-lines.ts";
import { checkAnswers, claimChange, reserveEarly } from "./claim.ts";
import { checkLeave } from "./leave.ts";
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

/** What every change uses. */
export type ChangeParts = Records & {
  consent: Omit<ConsentOptions, "mode" | "clock">;
  reservations: Reservations;
  /** Marks confirmations as used; undefined without a store. */
  confirmations: Confirmations | undefined;
  /** Rejects with `StoreError` if servers share a store that does not answer. */
  checkStore: (() => Promise<void>) | undefined;
  userAgent: string;
};

/** One change with all that its steps need. */
type Running = {
  parts: ChangeParts;
  change: Change;
  call: ChangeCall;
  context: ToolContext;
  /** Its place among those that are created, if it needed one before its plan. */
  reservation: Promise<Reservation | undefined>;
};

type PendingPlan = Plan & { pending: unknown };

/** Runs a change. Throws `AtlasToolError`. */
export const runChange = async (
  parts: ChangeParts,
  given: ChangeCall,
  context: ToolContext,
): Promise<ChangeEnd> => {
  const { tool } = given;
  const input = (await tool.complete?.(given.input, context)) ?? given.input;
  const call = { ...given, input };
  const described = { tool: tool.name, effect: tool.access, kind: tool.kind } as const;
  const change = { ...tool.change(input), ...described };
  // Calls at the same time would count the same list of addresses, so each counts those that came before it. The plan
  // looks at Atlas meanwhile: what the list lacks because it is too old has been announced by then.
  const adds = change.kind === "accessListEntry" && change.effect === "create";
  const reservation = adds ? reserveEarly(parts.reservations, change) : Promise.resolve(undefined);
  const pendingAddresses = reservation.then((own) => namesBeside(change, own?.pending ?? []));
  // A plan that ends early does not ask for them.
  pendingAddresses.catch(() => {});
  const ownContext = { ...context, pendingAddresses };
  const judgedCall = judged(parts, call, context);
  const running = { parts, change, call: judgedCall, context: ownContext, reservation };
  try {
    return await performChange(running);
  } catch (error) {
    await recordRefusal(running, error);
    throw error;
  } finally {
    void reservation.then((own) => own?.end()).catch(() => {});
  }
};

/** The call, with its user's response judged by the time that it took. */
const judged = ({ consent }: ChangeParts, call: ChangeCall, { clock }: ToolContext): ChangeCall => {
  const { response } = call.consentInput;
  if (response === undefined) return call;
  const judgedResponse = judgeResponse(response, { clock, formMs: consent.formMs });
  return { ...call, consentInput: { ...call.consentInput, response: judgedResponse } };
};

const performChange = async (running: Running): Promise<ChangeEnd> => {
  const { change, call, context } = running;
  const { tool, args, input, availability, projectOrgIds } = call;
  const { response } = call.consentInput;
  // Here and not before, so that a change that is out of bounds is recorded as denied.
  if (availability.isBounded) await checkScope(tool, args, { ...context, projectOrgIds });
  const decided = decide(change, availability.policy);
  if (decided.decision === "deny") return deny(decided);
  if (response !== undefined) refuseDeclined(change, response);
  const plan = await tool.plan(input, context);
  if ("done" in plan) return { body: plan.done };
  const { found = {} } = plan;
  const details = { ...change.details, ...found.details };
  return settleConsent({ ...running, change: { ...change, ...found, details } }, plan);
};

/** From the plan on: what only Atlas could tell about the change is known. */
const settleConsent = async (running: Running, plan: PendingPlan): Promise<ChangeEnd> => {
  const { parts, change, call } = running;
  const { tool, input, availability } = call;
  const decided = decide(change, availability.policy);
  if (decided.decision === "deny") return deny(decided);
  checkLeave(change, call.consentInput, availability);
  const needsConsent = decided.decision === "confirm";
  const isDryRun = input.dryRun === true;
  // Before consent: nobody should be asked to approve what the limits forbid.
  if (needsConsent && !isDryRun) await checkAnswers(parts.checkStore, change);
  if (isDryRun || needsConsent) await checkLimits(running);
  if (isDryRun) return { body: preview(tool, plan, parts.userAgent) };
  const approval = needsConsent
    ? await askConsent(
        { ...call, change, id: plan.id },
        call.consentInput,
        running.context,
        parts.consent,
      )
    : unasked(availability.policy);
  if (!("approver" in approval)) return approval;
  return { body: await applyWithinLimit(running, plan, approval.approver) };
};

const deny = ({ message, fields }: Denial): never =>
  fail("policy_denied", message, { fields, suggestions: [{ suggest: "see_account" }] });

/** Checks all limits, so that a refusal names each one that the change would exceed. */
const checkLimits = async (
  { change, call, context }: Running,
  pending: Pending = [],
): Promise<void> => {
  const counted = await Promise.all(
    limitsFor(change, call.availability.policy).map(async (limit) => ({
      ...limit,
      has: await countFor(limit, change, context, pending),
    })),
  );
  const refusal = overLimits(change, counted);
  if (refusal !== undefined) deny(refusal);
};

/** The body of a dry run. */
const preview = ({ access }: ChangeTool, { request }: Plan, userAgent: string): Body => ({
  outcome: `would_${access}`,
  request: {
    method: request.method,
    path: request.path,
    headers: { ...headersOf(request), "user-agent": userAgent },
    ...(request.body === undefined ? {} : { body: request.body }),
  },
});

/** Who approved a change that nobody was asked about. */
const unasked = ({ confirm }: Policy): { approver: Approver } => ({
  approver: confirm === "never" ? "operator" : "not_needed",
});

/** Applies a change that no other call may do at the same time: its consent is used once, and no limit is passed together. */
const applyWithinLimit = async (
  running: Running,
  plan: PendingPlan,
  approver: Approver,
): Promise<Body> => {
  const { parts, change, call, context } = running;
  const reservation = await running.reservation;
  const consent = consentOf(call.consentInput, approver);
  const isLimited = limitsFor(change, call.availability.policy).length > 0;
  const given = { consent, reservation, isLimited };
  const claim = await claimChange(parts, change, given, context);
  const own = { ...running, context: { ...context, deadline: claim.deadline } };
  try {
    await checkLimits(own, claim.pending);
    const body = await applyRecorded(own, plan, approver);
    claim.done(body);
    if (change.effect === "delete") await parts.reservations.release(change);
    return body;
  } catch (error) {
    claim.failed(error);
    throw error;
  }
};

/** Applies a change between two audit lines, and whatever it takes back between two of their own. */
const applyRecorded = async (
  { parts, change, call, context }: Running,
  plan: PendingPlan,
  approver: Approver,
): Promise<Body> => {
  const price = priceOf(quoteOf(change));
  const entry = { ...entryOf(change, call.availability, plan.id), approver, price };
  const ownContext: ToolContext = {
    ...context,
    recorded: (own, work) => {
      const taken = {
        ...entryOf({ ...change, ...own, details: {} }, call.availability, own.id),
        approver,
      };
      return withAuditLines(parts, taken, own.request, work, (outcome) => ({
        status: "ok",
        outcome,
      }));
    },
  };
  const apply = () => call.tool.apply(plan.pending, call.input, ownContext);
  const body = await withAuditLines(parts, entry, plan.request, apply, resultOf);
  return { ...body, receipt: { auditId: entry.id, resource: nounOf(change), approver, price } };
};

/** Writes one audit line for a change that was denied or declined. */
const recordRefusal = async ({ parts, change, call }: Running, error: unknown): Promise<void> => {
  const { code, message } = failureOf(error);
  const isRefused = code === "policy_denied" || code === "declined";
  if (!isRefused || call.input.dryRun === true) return;
  const kind = code === "declined" ? "declined" : "denied";
  const entry = entryOf(change, call.availability);
  await record(parts, { ...entry, kind, result: { status: "error", code, why: message } });
};

const resultOf = (body: Body): Result => {
  const id = body.project?.id ?? body.cluster?.id;
  return { status: "ok", outcome: body.outcome, ...(id === undefined ? {} : { id }) };
};
