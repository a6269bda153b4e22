import { crypto } from "../common/crypto.ts";
import { type Secret, secret } from "../common/secret.ts";
import type { Config } from "../config/config.ts";

/**
 * What the key of confirmations comes from without ATLAS_MCP_SECRET. For the sandbox anything will do: nothing there is
 * real. What is real and takes no credentials gets a key of this process alone.
 */
export const signingCredential = ({
  credentials,
  ephemeral,
}: Pick<Config, "credentials" | "ephemeral">): Secret => {
  if (credentials === undefined)
    return secret(ephemeral ? crypto().randomBytes(32).toString("hex") : "sandbox");
  return credentials.kind === "api_key" ? credentials.privateKey : credentials.clientSecret;
};
