/** Asks for the consent to a change, which is bound to all that was shown of it. */
import {
  type Consent,
  type ConsentInput,
  type ConsentOptions,
  obtainConsent,
} from "../consent/consent.ts";
import { questionOf, quoteOf } from "../consent/question.ts";
import { canonical } from "../consent/signer.ts";
import type { Change, ToolContext } from "../tools/define.ts";
import type { Availability } from "./tool-availability.ts";

// Arguments about the call, not about the change: a yes is not bound to them.
const unsigned = new Set(["confirmation", "waitSeconds", "dryRun"]);

/** A change as its user sees it: `filled` are its arguments, `id` is that of what it changes or deletes. */
export type Asked = {
  change: Change;
  filled: Record<string, unknown>;
  id: string | undefined;
  availability: Availability;
};

/** The consent that came with the call, or what is still needed. Throws if a person must agree but cannot be asked. */
export const askConsent = async (
  { change, filled, id, availability }: Asked,
  input: ConsentInput,
  context: ToolContext,
  options: Omit<ConsentOptions, "mode" | "clock">,
): Promise<Consent> => {
  const { caller, setup, policy } = availability;
  const quote = quoteOf(change);
  const args = Object.entries(filled).filter(([name]) => !unsigned.has(name));
  // If any of it has changed when the yes comes, the user is asked again.
  const bound = [
    change.tool,
    change.name,
    canonical(Object.fromEntries(args)),
    setup.baseUrl,
    caller.id,
    quote,
    id ?? null,
    change.risks ?? [],
    change.details,
  ];
  const message = await questionOf(change, quote, setup, context);
  const all = { ...options, mode: policy.confirm, clock: context.clock };
  return obtainConsent({ change, quote, bound, message }, input, all);
};
