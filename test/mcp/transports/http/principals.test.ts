import type { JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOAuth } from "../../../../src/mcp/transports/http/oauth.ts";
import type { Verify } from "../../../../src/mcp/transports/http/verifier.ts";
import { audience, type Issuer, startIssuer } from "./issuer.ts";

let issuer: Issuer;
let verify: Verify;
beforeAll(async () => {
  issuer = await startIssuer();
  verify = createOAuth({ issuer: issuer.url, audience, onProblem: () => {} });
});
afterAll(() => issuer.close());

const principalOf = async (claims: JWTPayload) => {
  const verified = await verify(await issuer.token(claims));
  return "caller" in verified ? verified.caller.id.replace(issuer.url, "ISSUER") : verified;
};

describe("a principal of OAuth", () => {
  it.each<[what: string, claims: JWTPayload]>([
    ["alone", {}],
    ["with the client that got the token", { client_id: "app" }],
    ["of Okta", { cid: "app" }],
    ["of Entra", { azp: "app", idtyp: "user" }],
    ["of Auth0", { azp: "app", gty: "password" }],
  ])("is a user where the subject is one: %s", async (_what, claims) => {
    expect(await principalOf({ sub: "alice", ...claims })).toBe("oauth-user:ISSUER#alice");
  });

  it.each<[what: string, claims: JWTPayload]>([
    ["no subject", { sub: undefined as never, client_id: "alice" }],
    ["an empty subject", { sub: "", client_id: "alice" }],
    ["its own id as subject", { client_id: "alice" }],
    ["its own id as subject, at Okta", { cid: "alice" }],
    ["its own id as subject, as azp", { azp: "alice" }],
    ["Entra's mark", { azp: "app", idtyp: "app" }],
    ["Auth0's mark", { azp: "app", gty: "client-credentials" }],
    ["Auth0's mark in a list", { azp: "app", gty: ["client-credentials"] }],
  ])("is a client, and not the user of that name, with %s", async (_what, claims) => {
    expect(await principalOf({ sub: "alice", ...claims })).toBe("oauth-client:ISSUER#alice");
  });

  it("cannot be named like a token of the token file", async () => {
    expect(await principalOf({ sub: "token:alice" })).toBe("oauth-user:ISSUER#token:alice");
  });
});
