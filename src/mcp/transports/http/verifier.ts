/** What a check of a bearer token returns: the caller, or why there is none. */
import type { Caller } from "../../../policy/caller.ts";

/**
 * A caller whose token was accepted. `missingScopes` are the scopes that would let the same caller do more. `mayFetch`: this
 * token may fetch the passwords of the caller's database users. It is a right of the token, because the same caller can have
 * others, such as one for a host.
 */
export type VerifiedCaller = {
  caller: Caller;
  missingScopes?: readonly string[];
  mayFetch?: boolean;
  /** Whether the token is still valid. Without it the caller has no token that could end. */
  isValid?(): boolean;
};

/** `unknown` means that another verifier may know the token. */
export type Verification =
  | VerifiedCaller
  | { unknown: true }
  | { refused: "invalid_token" | "insufficient_scope"; why: string }
  | { unavailable: string };

/** Checks tokens of one kind. Never throws. */
export type Verify = (token: string) => Promise<Verification>;
