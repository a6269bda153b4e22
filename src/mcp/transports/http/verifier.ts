/** Who stands behind a request, or why nobody does. */
import type { Principal } from "../../../policy/caller.ts";

/** A caller who was let in. `missingScopes` are those with which the same caller could do more. */
export type Caller = { principal: Principal; missingScopes?: readonly string[] };

/** What one way of proving who one is says of a token. */
export type Verdict =
  | { caller: Caller }
  | { unknown: true }
  | { refused: "invalid_token" | "insufficient_scope"; why: string }
  | { unavailable: string };

/** One way of proving who one is. Never throws. */
export type Verify = (token: string) => Promise<Verdict>;
