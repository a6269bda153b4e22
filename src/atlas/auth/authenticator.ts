/** How requests are authenticated. */
import type { Deadline } from "../../common/deadline.ts";
import type { HttpResponse } from "../http.ts";

/** Supplies the Authorization header of requests, and renews it after a 401. */
export type Authenticator = {
  /** The header for one request; undefined to send none. Throws if there is no credential to send. */
  header(request: { method: string; url: string }, deadline: Deadline): Promise<string | undefined>;
  /** Called after a 401, at most once per request: whether a second attempt with a new header may succeed. */
  renew(response: HttpResponse, sent: string | undefined, deadline: Deadline): Promise<boolean>;
  /** Revokes the access token, if there is one. Never throws. */
  close(): Promise<void>;
};
