/** Reads the bodies of service accounts and their secrets. */
import {
  checkFields,
  checkLength,
  optionalText,
  requiredCount,
  requiredText,
  requiredTexts,
} from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { createClientId, createClientSecret } from "../auth/credentials.ts";
import { createApiError } from "../errors/api-error.ts";
import type { ServiceAccount, ServiceAccountSecret } from "../state/administration.ts";
import type { Scope } from "./scopes.ts";

const hourMs = 3_600_000;

/** How long a secret may last: Atlas's defaults for an organization, which can be set there. */
const leastHours = 8;
const mostHours = 8760;

const namePattern = /^[\p{L}\p{N}\-_.,' ]*$/u;

/** The texts of an account and how long they may be. */
const textLengths = { name: 64, description: 250 } as const;

const checkTexts = ({ body }: Call): void => {
  for (const [attribute, maximum] of Object.entries(textLengths)) {
    const text = optionalText(body, attribute);
    checkLength(attribute, text, maximum);
    if (text !== undefined && !namePattern.test(text)) {
      throw createApiError("INVALID_ATTRIBUTE", { attribute });
    }
  }
};

/** Reads the roles of an account, of which it needs one. */
export const readRoles = (scope: Scope, call: Call): string[] => {
  const roles = requiredTexts(call.body, "roles");
  if (roles.length === 0) throw createApiError("MISSING_ATTRIBUTE", { attribute: "roles" });
  scope.checkRoles(call, roles);
  return roles;
};

/** Creates a secret that lasts as long as the body says. */
export const createSecret = ({ state, body, now }: Call): ServiceAccountSecret => {
  const attribute = "secretExpiresAfterHours";
  const hours = requiredCount(body, attribute);
  if (hours < leastHours || hours > mostHours) {
    throw createApiError("INVALID_ATTRIBUTE", { attribute });
  }
  return {
    id: state.ids.objectId(now),
    secret: createClientSecret(state.ids),
    createdAt: now,
    expiresAt: now + hours * hourMs,
    lastUsedAt: undefined,
  };
};

/** Creates an account with its first secret. The caller adds it to the state. */
export const createAccount = (scope: Scope, call: Call): ServiceAccount => {
  const { body, state, now } = call;
  checkFields(body, {
    description: "string",
    name: "string",
    roles: "array",
    secretExpiresAfterHours: "number",
  });
  const name = requiredText(body, "name");
  const description = requiredText(body, "description");
  checkTexts(call);
  const place = scope.place(call, readRoles(scope, call));
  const secrets = [createSecret(call)];
  const clientId = createClientId(state.ids);
  return { clientId, name, description, createdAt: now, secrets, accessList: [], ...place };
};

/** Changes what the body has. */
export const updateAccount = (scope: Scope, call: Call, account: ServiceAccount): void => {
  const { body } = call;
  checkFields(body, { description: "string", name: "string", roles: "array" });
  checkTexts(call);
  const roles = Array.isArray(body.roles) ? readRoles(scope, call) : undefined;
  account.name = optionalText(body, "name") ?? account.name;
  account.description = optionalText(body, "description") ?? account.description;
  if (roles !== undefined) scope.setRoles(call, account, roles);
};
