/** Decides what became of a request (docs/architecture.md#lost-answers). Only what Atlas itself answered counts. */

import { isRecord } from "../common/json.ts";
import type { Attempt, HttpResponse } from "./http.ts";
import type { AtlasRequest } from "./request.ts";

/** What became of a request: Atlas refused it, it was never sent, it may have taken effect, or Atlas accepted it. */
export type Fate = "refused" | "not_sent" | "unknown" | "accepted";

/** The fate of one attempt, with the value of an accepted one. */
export type Settled<T> = { fate: "accepted"; value: T } | { fate: Exclude<Fate, "accepted"> };

/** Whether a 401 can be Atlas's by its challenge: it has none, or one of Digest or OAuth. A proxy asks for Basic or Negotiate. */
const isOwnChallenge = ({ "www-authenticate": challenge }: HttpResponse["headers"]): boolean =>
  challenge === undefined || /^(digest|bearer)\b/i.test(challenge.trim());

/** Whether a body is an error of Atlas (docs/atlas.md#errors). */
export const isErrorBody = (status: number, json: unknown): boolean =>
  isRecord(json) && json.error === status;

/** Whether a response is a refusal of Atlas: an error body with its status (docs/atlas.md#errors), or an empty 401 or 405. */
export const isRefusal = ({ status, headers, json, empty }: HttpResponse): boolean => {
  // Atlas sends neither: a 407 is a proxy's, whatever its body says.
  if (status < 400 || status >= 500 || status === 407 || status === 408) return false;
  if (empty) return status === 405 || (status === 401 && isOwnChallenge(headers));
  return isErrorBody(status, json);
};

/** Whether a response is an error of Atlas itself, a refusal or a 5xx: a gateway's has another body. */
export const isOwnError = (response: HttpResponse): boolean =>
  isRefusal(response) || (response.status >= 500 && isErrorBody(response.status, response.json));

const isSuccess = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

/**
 * Decides the fate of a request. A success is Atlas's only if it has what was asked for, a refusal only in Atlas's form:
 * a proxy or a login page may answer with any status before or after Atlas has acted, so everything else is unknown.
 */
export const settle = <T>(attempt: Attempt, request: Pick<AtlasRequest<T>, "read">): Settled<T> => {
  if ("error" in attempt) return { fate: attempt.error.sent ? "unknown" : "not_sent" };
  const { response } = attempt;
  if (!isSuccess(response)) return { fate: isRefusal(response) ? "refused" : "unknown" };
  const read = request.read(response.empty ? {} : response.json);
  return read === undefined ? { fate: "unknown" } : { fate: "accepted", ...read };
};
