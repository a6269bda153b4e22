/**
 * What a host gets that looks here for a way to sign in. Without metadata of an authorization server, hosts guess these
 * paths (MCP 2025-03-26, basic/authorization), and show the description of the error.
 */
import { Hono } from "hono";

const refuse = (status: number, description: string): Response =>
  Response.json(
    { error: "access_denied", error_description: description },
    { status, headers: { "cache-control": "no-store" } },
  );

const toOperator = "send the token its operator gave you";

/** `issuer` is undefined if the operator gives out tokens. RFC 7591 has no code of its own for a server that registers nobody. */
export const createSignIn = (issuer: string | undefined): Hono => {
  const answer = (what: string) => () =>
    issuer === undefined
      ? refuse(403, `this server ${what}; ${toOperator}`)
      : refuse(404, `this server ${what}; its authorization server is ${issuer}`);
  return new Hono()
    .all("/register", answer("registers no clients"))
    .all("/authorize", answer("signs nobody in"))
    .all("/token", answer("issues no tokens"));
};
