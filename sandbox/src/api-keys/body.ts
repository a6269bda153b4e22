/** Reads the bodies of API keys. */
import { checkFields, optionalText, optionalTexts } from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import type { ApiKey } from "../state/administration.ts";

/** Reads the roles, of which a key needs one. */
export const readRoles = (
  body: Call["body"],
  check: (roles: readonly string[]) => void,
): string[] => {
  const roles = optionalTexts(body, "roles") ?? [];
  if (roles.length === 0) throw createApiError("MISSING_ATTRIBUTE", { attribute: "roles" });
  check(roles);
  return roles;
};

/** Reads what both kinds of creates have: a description, and roles, whose place differs. */
export const readNewKey = (
  call: Call,
  check: (roles: readonly string[]) => void,
): { desc: string; roles: string[] } => {
  checkFields(call.body, { desc: "string", roles: "array" });
  const desc = optionalText(call.body, "desc") ?? "";
  if (desc === "") throw createApiError("API_KEY_REQUIRES_DESCRIPTION");
  return { desc, roles: readRoles(call.body, check) };
};

/** Creates a key with these roles and adds it to the state. */
export const addKey = (
  { state, now }: Call,
  key: Pick<ApiKey, "orgId" | "desc" | "roles" | "projects">,
): ApiKey => {
  const created: ApiKey = {
    ...key,
    id: state.ids.objectId(now),
    publicKey: state.ids.text("abcdefghijklmnopqrstuvwxyz", 8),
    privateKey: state.ids.uuid(),
    accessList: [],
  };
  state.apiKeys.push(created);
  return created;
};
