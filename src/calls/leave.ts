/** Whether what takes something away may be done: a person is asked, or the operator has allowed it (docs/architecture.md#consent). */
import { fail } from "../common/failure.ts";
import type { ConsentInput } from "../consent/consent.ts";
import { nounOf } from "../consent/question.ts";
import type { Change } from "../tools/define.ts";
import type { Availability } from "./tool-availability.ts";

/** Throws `policy_denied` if nobody would be asked. A host that answers questions by itself asks nobody. */
export const checkLeave = (
  change: Change,
  { canElicit, response }: ConsentInput,
  { setup, policy }: Availability,
): void => {
  const { tool, risks = [] } = change;
  const asksUsers = policy.confirm !== "token" && policy.confirm !== "never";
  const isAsked = canElicit && asksUsers && response?.reply !== "automatic";
  const isAllowed = setup.policy.allowDelete || policy.operator.consent?.[tool] === "allow";
  const takesAway = risks.some((risk) => risk.takesAway);
  if (!takesAway || isAsked || isAllowed || setup.backend === "sandbox") return;
  const asked = asksUsers
    ? "this host answers by itself"
    : `--confirm ${policy.confirm} asks nobody`;
  const why = canElicit ? asked : "this host cannot ask its user";
  const message = `Nothing was done to ${nounOf(change)}: on live Atlas this takes a person who is asked, and ${why}. Use a host that shows MCP forms (elicitation), or do it in Atlas. Or the operator of this server allows it: ${tool} in the policy (consent "allow"), or all deletes (ATLAS_MCP_ALLOW_DELETE).`;
  fail("policy_denied", message, { suggestions: [{ suggest: "see_account" }] });
};
