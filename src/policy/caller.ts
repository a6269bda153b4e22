/** Who calls a tool. Nothing in a request widens what a caller may do. */
import type { Rules } from "./rules.ts";

export type Caller = {
  /** Names the caller in consent, audit and rate limits; never a credential. */
  id: string;
  readOnly: boolean;
  /** Whether this caller may not delete, whatever the server allows. */
  noDelete: boolean;
  /** These narrow the operator's policy. */
  rules: Rules;
};

/** The operator as caller: on stdio, and over HTTP without authentication. */
export const operator: Caller = { id: "operator", readOnly: false, noDelete: false, rules: {} };
