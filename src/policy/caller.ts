/** Who calls. What a caller may do is an upper bound: nothing in a request widens it. */
import type { Rules } from "./rules.ts";

export type Caller = {
  /** Names the caller in consent, audit and rate limits; never a credential. */
  id: string;
  readOnly: boolean;
  /** Whether deletes are barred for this one, whatever the server allows. */
  noDelete: boolean;
  /** Narrow the operator's policy. */
  rules: Rules;
};

/** The one who started the process: on stdio, and over HTTP where nobody authenticates. */
export const operator: Caller = { id: "operator", readOnly: false, noDelete: false, rules: {} };
