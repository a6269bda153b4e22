/** Finds the caller of a request with the configured verifiers, and challenges everyone else (RFC 6750, RFC 9728). */
import { operator } from "../../../policy/caller.ts";
import type { OnRefused } from "./refusal-log.ts";
import { metadataUrlOf } from "./resource-metadata.ts";
import { refusal } from "./rpc-error.ts";
import type { Verification, VerifiedCaller, Verify } from "./verifier.ts";

export type AuthenticationOptions = {
  /** Tried in this order. Without any, every request comes from the operator. */
  verifiers: readonly Verify[];
  /** The scopes to ask for; undefined without an authorization server. */
  scopes: readonly string[] | undefined;
  /** The address of the endpoint, as the client of this request knows it. */
  resourceOf(request: Request): string;
  /** Called with the field `why`, which never contains the token. */
  onRefused: OnRefused;
};

export type Authentication = {
  required: boolean;
  authenticate(request: Request): Promise<VerifiedCaller | Response>;
  /** Answers a caller that needs more scopes: those that /mcp asks for, or others. */
  stepUp(request: Request, why: string, needed?: readonly string[]): Response;
  /** Answers a request whose token has ended since. */
  tokenEnded(request: Request): Response;
};

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

const quoted = (text: string) => `"${text.replace(/["\\]/g, "'")}"`;

// Hosts show it. Without it, a forgotten token looks like a sign-in that failed.
const advice =
  "Send the token that the operator of this server gave you, as Authorization: Bearer ...";

export const createAuthentication = (options: AuthenticationOptions): Authentication => {
  const { verifiers, scopes, resourceOf, onRefused } = options;

  /** `error` is undefined if the request has no token: it then made no mistake (RFC 6750, 3). */
  const challenge = (
    request: Request,
    status: number,
    error: "invalid_token" | "insufficient_scope" | undefined,
    why: string,
    needed = scopes,
  ) => {
    onRefused(error ?? "missing_token", { why });
    const description = scopes === undefined && status === 401 ? `${why}. ${advice}` : why;
    const isDescribed = error !== undefined || scopes === undefined;
    const parts = [
      'realm="atlas-provision-mcp"',
      ...(scopes === undefined || needed === undefined
        ? []
        : [
            `resource_metadata=${quoted(metadataUrlOf(resourceOf(request)))}`,
            `scope=${quoted(needed.join(" "))}`,
          ]),
      ...(error === undefined ? [] : [`error="${error}"`]),
      ...(isDescribed ? [`error_description=${quoted(description)}`] : []),
    ];
    // The Python SDK (mcp 2.3.0) shows a body that is a JSON-RPC error, else only that there was one.
    return refusal(status, description, {
      headers: { "www-authenticate": `Bearer ${parts.join(", ")}` },
    });
  };

  const unavailable = (why: string) => {
    onRefused("temporarily_unavailable", { why });
    return refusal(503, "Tokens cannot be checked at the moment", {
      headers: { "retry-after": "5" },
    });
  };

  const verify = async (token: string): Promise<Exclude<Verification, { unknown: true }>> => {
    for (const check of verifiers) {
      const verification = await check(token);
      if (!("unknown" in verification)) return verification;
    }
    return { refused: "invalid_token", why: "The token is unknown" };
  };

  return {
    required: verifiers.length > 0,
    authenticate: async (request) => {
      if (verifiers.length === 0) return { caller: operator };
      const header = request.headers.get("authorization");
      if (header === null)
        return challenge(request, 401, undefined, "The request has no Authorization header");
      const token = bearer.exec(header)?.[1];
      if (token === undefined)
        return challenge(
          request,
          401,
          "invalid_token",
          "The Authorization header has no bearer token",
        );
      const verification = await verify(token);
      if ("caller" in verification) return verification;
      if ("unavailable" in verification) return unavailable(verification.unavailable);
      const { refused, why } = verification;
      return challenge(request, refused === "insufficient_scope" ? 403 : 401, refused, why);
    },
    tokenEnded: (request) =>
      challenge(
        request,
        401,
        "invalid_token",
        "The token has ended during the call, which goes on",
      ),
    stepUp: (request, why, needed) => challenge(request, 403, "insufficient_scope", why, needed),
  };
};
