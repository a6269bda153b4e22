/** How requests prove who sends them. */
import type { Deadline } from "../../common/deadline.ts";
import type { HttpResponse } from "../http.ts";

/** Puts an Authorization header on requests, and renews it when Atlas asks. */
export type Authenticator = {
  /** The header for one request, or undefined to send it without. Throws where no credential can be had. */
  header(request: { method: string; url: string }, deadline: Deadline): Promise<string | undefined>;
  /** After a 401: whether another try with a new header may pass. Called at most once a request. */
  renew(response: HttpResponse, sent: string | undefined, deadline: Deadline): Promise<boolean>;
  /** Gives back what was taken (revokes the token). Never throws. */
  close(): Promise<void>;
};
