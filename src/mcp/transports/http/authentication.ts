/** From a request to its caller: the ways that are configured, one after the other, and the challenges of RFC 6750 and 9728. */
import { operator } from "../../../policy/caller.ts";
import { metadataUrlOf } from "./resource-metadata.ts";
import type { Verification, VerifiedCaller, Verify } from "./verifier.ts";

export type AuthenticationOptions = {
  /** In the order in which they are asked. None lets everybody in as the operator. */
  verifiers: readonly Verify[];
  /** The scopes to ask for, where an authorization server gives out the tokens. */
  scopes: readonly string[] | undefined;
  /** The endpoint as clients know it, for this request. */
  resourceOf(request: Request): string;
  /** Told why a request was refused, without its token. */
  onRefused(why: string): void;
};

export type Authentication = {
  required: boolean;
  authenticate(request: Request): Promise<VerifiedCaller | Response>;
  /** The answer to a caller who needs more scopes than it has. */
  stepUp(request: Request, why: string): Response;
};

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

const quoted = (text: string) => `"${text.replace(/["\\]/g, "'")}"`;

export const createAuthentication = (options: AuthenticationOptions): Authentication => {
  const { verifiers: ways, scopes, resourceOf, onRefused } = options;

  const challenge = (request: Request, status: number, error: string | undefined, why: string) => {
    const parts = [
      'realm="atlas-provision-mcp"',
      ...(scopes === undefined
        ? []
        : [
            `resource_metadata=${quoted(metadataUrlOf(resourceOf(request)))}`,
            `scope=${quoted(scopes.join(" "))}`,
          ]),
      ...(error === undefined ? [] : [`error="${error}"`, `error_description=${quoted(why)}`]),
    ];
    onRefused(why);
    return Response.json(
      { error: error ?? "invalid_token", error_description: why },
      { status, headers: { "www-authenticate": `Bearer ${parts.join(", ")}` } },
    );
  };

  const verdictOn = async (token: string): Promise<Verification> => {
    for (const verify of ways) {
      const verdict = await verify(token);
      if (!("unknown" in verdict)) return verdict;
    }
    return { refused: "invalid_token", why: "The token is not known here" };
  };

  return {
    required: ways.length > 0,
    authenticate: async (request) => {
      if (ways.length === 0) return { principal: operator };
      const header = request.headers.get("authorization");
      if (header === null)
        return challenge(request, 401, undefined, "A bearer token is needed in Authorization");
      const token = bearer.exec(header)?.[1];
      if (token === undefined)
        return challenge(request, 401, "invalid_token", "Authorization holds no bearer token");
      const verdict = await verdictOn(token);
      if ("caller" in verdict) return verdict.caller;
      if ("unavailable" in verdict) {
        onRefused(verdict.unavailable);
        return Response.json(
          { error: "temporarily_unavailable", error_description: "Tokens cannot be checked now" },
          { status: 503, headers: { "retry-after": "5" } },
        );
      }
      const { refused, why } =
        "refused" in verdict ? verdict : { refused: "invalid_token", why: "" };
      return challenge(request, refused === "insufficient_scope" ? 403 : 401, refused, why);
    },
    stepUp: (request, why) => challenge(request, 403, "insufficient_scope", why),
  };
};
