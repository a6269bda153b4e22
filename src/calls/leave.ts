/** Whether what takes something away may be done: a person is asked, or the operator has allowed it (docs/architecture.md#consent). */
import { fail } from "../common/failure.ts";
import type { ConsentInput } from "../consent/consent.ts";
import type { Change } from "../tools/define.ts";
import type { Availability } from "./tool-availability.ts";

/** Throws `policy_denied` if nobody would be asked. A host that answers questions by itself asks nobody. */
export const checkLeave = (
  { tool, risks = [] }: Change,
  { canElicit, response }: ConsentInput,
  { setup, policy }: Availability,
): void => {
  const isAsked = canElicit && policy.confirm !== "token" && response?.reply !== "automatic";
  const isAllowed = setup.policy.allowDelete || policy.operator.consent?.[tool] === "allow";
  const takesAway = risks.some((risk) => risk.takesAway);
  if (!takesAway || isAsked || isAllowed || setup.backend === "sandbox") return;
  const why = canElicit ? "nobody would be" : "this host cannot ask its user";
  const message = `On live Atlas this takes a person who is asked, and ${why}. Use a host that shows MCP forms (elicitation); or the operator of this server allows deletes (ATLAS_MCP_ALLOW_DELETE), or ${tool} in its policy (consent "allow").`;
  fail("policy_denied", message, { suggestions: [{ suggest: "see_account" }] });
};
