/** `POST /credentials`: a person gets the password of a database user that the same caller created. No tool leads here. */
import type { MiddlewareHandler } from "hono";
import * as z from "zod/v4";
import { existingUsername } from "../../../atlas/resources/database-user.ts";
import type { Credentials } from "../../../calls/credentials.ts";
import { isRecord } from "../../../common/json.ts";
import { visible } from "../../../common/visible.ts";
import { groupId } from "../../../tools/arguments.ts";
import { toSchema } from "../../../tools/schema/json-schema.ts";
import { problemsOf } from "../../../tools/schema/problems.ts";
import type { Authentication } from "./authentication.ts";
import { readJson } from "./body.ts";
import { credentialsScope } from "./oauth.ts";
import type { OnRefused } from "./refusal-log.ts";
import { refusal } from "./rpc-error.ts";
import type { VerifiedCaller } from "./verifier.ts";

const userSchema = z.strictObject({ groupId, username: existingUsername });

export type CredentialsOptions = {
  credentials: Credentials;
  authentication: Authentication;
  bodyBytes: number;
  isDraining(): boolean;
  onRefused: OnRefused;
};

// A body can have thousands of members that nobody knows.
const mostProblems = 50;

/** What is wrong with a body: all of it, in words that a terminal may show. */
const problemIn = (issues: readonly z.core.$ZodIssue[], body: unknown): string =>
  problemsOf(issues, body, userSchema, toSchema(userSchema))
    .slice(0, mostProblems)
    .map(({ path, problem }) => visible(`${path || "The body"} ${problem}`))
    .join("; ");

const missingRight = ({ caller }: VerifiedCaller): string =>
  caller.id.startsWith("token:")
    ? 'The entry of this token does not have "credentials": true'
    : `The token lacks the scope ${credentialsScope}`;

// The same for a user that is not there, another caller's and nobody's: nobody learns of the users of others.
const nothingForYou = "There is no such user whose password was generated for you";

const unavailable =
  "The password cannot be given at the moment; the operator finds the reason in the log";

/** Serves a caller whose token was accepted. */
export const createCredentialsEndpoint = (options: CredentialsOptions) => {
  const { credentials, authentication, bodyBytes, isDraining, onRefused } = options;

  const give = async ({ caller }: VerifiedCaller, user: z.output<typeof userSchema>) => {
    const fetched = await credentials.fetch(caller, user);
    if ("given" in fetched) return Response.json({ ...user, ...fetched.given });
    return "absent" in fetched ? refusal(404, nothingForYou) : refusal(503, unavailable);
  };

  return async (request: Request, verified: VerifiedCaller): Promise<Response> => {
    const about = { principal: verified.caller.id };
    if (request.method !== "POST")
      return refusal(405, "Method not allowed: use POST", { headers: { allow: "POST" } });
    if (isDraining()) {
      onRefused("draining", about);
      const headers = { "retry-after": "1", connection: "close" };
      return refusal(503, "The server is shutting down; send the request again", { headers });
    }
    const read = await readJson(request, bodyBytes, (code) => onRefused(code, about));
    // The rest of a long body is unread, so the connection has to be closed.
    if ("refused" in read && read.refused.status !== 400) return read.refused;
    const body = "value" in read ? read.value : undefined;
    const parsed = userSchema.safeParse(body);
    if (verified.mayFetch !== true) {
      await credentials.refuse(verified.caller, parsed.data);
      return authentication.stepUp(request, missingRight(verified), [credentialsScope]);
    }
    if ("refused" in read) return read.refused;
    return parsed.success
      ? give(verified, parsed.data)
      : refusal(400, problemIn(parsed.error.issues, body));
  };
};

/** The text of an error, in whatever form the parts of this server say it. */
const sentenceIn = (body: unknown): string => {
  const { error, error_description: description } = isRecord(body) ? body : {};
  const message = description ?? (isRecord(error) ? error.message : error);
  return typeof message === "string" ? message : "The request was refused";
};

/** Makes each error one sentence as JSON, and has no response kept: its readers are simple programs, which speak no JSON-RPC. */
export const inOneSentence: MiddlewareHandler = async (context, next) => {
  await next();
  const { status, headers } = context.res;
  if (status >= 400) {
    const body: unknown = await context.res.json().catch(() => undefined);
    context.res = Response.json({ error: sentenceIn(body) }, { status, headers });
  }
  context.res.headers.set("cache-control", "no-store");
};
