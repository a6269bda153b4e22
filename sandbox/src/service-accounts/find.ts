/** Finds service accounts: by their path, and by their credentials. */
import { type Call, pathParameter } from "../api/operation.ts";
import { isSameText } from "../auth/digest.ts";
import { createApiError } from "../errors/api-error.ts";
import type { ServiceAccount, ServiceAccountSecret } from "../state/administration.ts";
import type { SandboxState } from "../state/resources.ts";
import type { Scope } from "./scopes.ts";

/** The account with the id in the path among these; throws if there is none. */
export const pickAccount = (call: Call, accounts: readonly ServiceAccount[]): ServiceAccount => {
  const clientId = pathParameter(call, "clientId");
  const account = accounts.find((one) => one.clientId === clientId);
  // Atlas's own code is not documented.
  if (account === undefined) {
    throw createApiError("RESOURCE_NOT_FOUND", { resource: `Service Account ${clientId}` });
  }
  return account;
};

/** The account that the path names; throws if there is none. */
export const findAccount = (scope: Scope, call: Call): ServiceAccount =>
  pickAccount(call, scope.accounts(call));

/** Like `findAccount`, to change it. The sandbox's own account cannot be changed: it would lock everybody out. */
export const findChangeableAccount = (scope: Scope, call: Call): ServiceAccount => {
  const account = findAccount(scope, call);
  if (account.clientId === call.own.clientId) throw createApiError("ACCESS_FORBIDDEN");
  return account;
};

/** The secret with which an account may have a token; undefined if it is wrong or has expired. */
export const findSecret = (
  state: SandboxState,
  clientId: string,
  secret: string,
  now: number,
): ServiceAccountSecret | undefined =>
  state.serviceAccounts
    .find((account) => account.clientId === clientId)
    ?.secrets.find((one) => isSameText(one.secret, secret) && now < one.expiresAt);

/** Tells whether there still is an account with this id. */
export const hasAccount = ({ serviceAccounts }: SandboxState, clientId: string): boolean =>
  serviceAccounts.some((account) => account.clientId === clientId);
