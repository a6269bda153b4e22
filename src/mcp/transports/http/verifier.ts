/** Who stands behind a request, or why nobody does. */
import type { Caller } from "../../../policy/caller.ts";

/** A caller who was let in. `missingScopes` are those with which the same caller could do more. */
export type VerifiedCaller = { principal: Caller; missingScopes?: readonly string[] };

/** What one way of proving who one is says of a token. */
export type Verification =
  | { caller: VerifiedCaller }
  | { unknown: true }
  | { refused: "invalid_token" | "insufficient_scope"; why: string }
  | { unavailable: string };

/** One way of proving who one is. Never throws. */
export type Verify = (token: string) => Promise<Verification>;
