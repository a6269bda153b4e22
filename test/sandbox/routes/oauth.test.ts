import { expect, test } from "vitest";
import { keysOf, send, start } from "../harness.ts";

const clientCredentials = { grant_type: "client_credentials" };

test("a client gets a token for an hour, with the members in Atlas's order", async () => {
  const { oauth } = await start();
  const response = await oauth("token", clientCredentials);
  expect(response.status).toBe(200);
  expect(keysOf(response.at())).toEqual(["access_token", "expires_in", "token_type"]);
  expect(response.at()).toMatchObject({ expires_in: 3600, token_type: "Bearer" });
});

test("the token has the shape of a JWT", async () => {
  const { oauth } = await start();
  const token = (await oauth("token", clientCredentials)).string("access_token");
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test("a token opens the API more than once", async () => {
  const { api } = await start();
  expect((await api("GET", "/orgs")).status).toBe(200);
  expect((await api("GET", "/orgs")).status).toBe(200);
});

test("a wrong secret is an invalid client, in Atlas's words", async () => {
  const { oauth, sandbox } = await start();
  const response = await oauth("token", clientCredentials, `${sandbox.clientId}:wrong`);
  expect(response.status).toBe(401);
  expect(response.text).toBe(
    '{"error_description":"Invalid credentials provided.","error":"invalid_client"}',
  );
});

test("percent-encoded credentials are refused, as Atlas does", async () => {
  const { oauth, sandbox } = await start();
  const encoded = `${sandbox.clientId.replaceAll("_", "%5F")}:${sandbox.clientSecret}`;
  expect((await oauth("token", clientCredentials, encoded)).status).toBe(401);
});

test("a secret may contain a colon", async () => {
  const { oauth } = await start({ credentials: { clientId: "me", clientSecret: "a:b" } });
  expect((await oauth("token", clientCredentials)).status).toBe(200);
});

test("a request without credentials is an invalid client", async () => {
  const { base } = await start();
  const response = await send(`${base}/api/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(clientCredentials),
  });
  expect(response.status).toBe(401);
  expect(response.at("error")).toBe("invalid_client");
});

test("only the client credentials grant is served", async () => {
  const { oauth } = await start();
  expect((await oauth("token", { grant_type: "password" })).at("error")).toBe(
    "unsupported_grant_type",
  );
  expect((await oauth("token", {})).at("error")).toBe("invalid_request");
});

test("the eleventh request for a token within a minute is rate limited", async () => {
  const { oauth } = await start();
  for (let n = 0; n < 10; n += 1)
    expect((await oauth("token", clientCredentials)).status).toBe(200);
  const response = await oauth("token", clientCredentials);
  expect(response.status).toBe(429);
  expect(response.at()).toEqual({
    detail: "Resource /api/oauth/token is limited to 10 requests every 1 minutes.",
    error: 429,
    errorCode: "RATE_LIMITED",
    parameters: ["/api/oauth/token", 10, 1],
    reason: "Too Many Requests",
  });
});

test("a minute later tokens are given out again", async () => {
  const { oauth, pass } = await start();
  for (let n = 0; n < 11; n += 1) await oauth("token", clientCredentials);
  pass(60_000);
  expect((await oauth("token", clientCredentials)).status).toBe(200);
});

test("the limit is per client: another one is not held up", async () => {
  const { oauth } = await start();
  for (let n = 0; n < 11; n += 1) await oauth("token", clientCredentials);
  expect((await oauth("token", clientCredentials, "somebody:else")).status).toBe(401);
});

test("a hundred live tokens are the most that an account may have", async () => {
  const { oauth, pass } = await start();
  for (let n = 0; n < 100; n += 1) {
    if (n % 10 === 0) pass(60_000);
    expect((await oauth("token", clientCredentials)).status).toBe(200);
  }
  pass(60_000);
  const response = await oauth("token", clientCredentials);
  expect(response.status).toBe(403);
  expect(response.at()).toEqual({
    error: "access_denied",
    error_description:
      "Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.",
  });
});

test("an expired token answers 401 with an empty body", async () => {
  const { api, pass } = await start();
  await api("GET", "/orgs");
  pass(3_600_000);
  const response = await api("GET", "/orgs");
  expect([response.status, response.text]).toEqual([401, ""]);
});

test("an unknown token answers 401 with an empty body and no challenge", async () => {
  const { api } = await start();
  const response = await api("GET", "/orgs", { token: "unknown" });
  expect([response.status, response.text]).toEqual([401, ""]);
  expect(response.headers.get("www-authenticate")).toBeNull();
});

test("a revoked token is worth nothing, and revoking answers 200 without a body", async () => {
  const { api, oauth } = await start();
  const token = (await oauth("token", clientCredentials)).string("access_token");
  const revoked = await oauth("revoke", { token, token_type_hint: "access_token" });
  expect([revoked.status, revoked.text]).toEqual([200, ""]);
  expect((await api("GET", "/orgs", { token })).status).toBe(401);
});

test("only the client can revoke", async () => {
  const { oauth } = await start();
  expect((await oauth("revoke", { token: "any" }, "some:body")).status).toBe(401);
});
