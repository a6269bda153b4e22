/** The operations on the secrets of a service account. */
import { checkFields } from "../api/fields.ts";
import { type Operation, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { createSecret } from "./body.ts";
import { findChangeableAccount } from "./find.ts";
import type { Scope } from "./scopes.ts";
import { toNewSecretView } from "./view.ts";

/** The operations for an organization or a project. */
export const secretOperations = (scope: Scope, version: string): Operation[] => {
  const { kind, path, endpointSet } = scope;
  return [
    {
      id: `create${kind}ServiceAccountSecret`,
      method: "POST",
      path: `${path}/{clientId}/secrets`,
      version,
      endpointSet,
      run: (call) => {
        const account = findChangeableAccount(scope, call);
        checkFields(call.body, { secretExpiresAfterHours: "number" });
        const secret = createSecret(call);
        account.secrets.push(secret);
        return { status: 201, body: toNewSecretView(secret) };
      },
    },
    {
      id: `delete${kind}ServiceAccountSecret`,
      method: "DELETE",
      path: `${path}/{clientId}/secrets/{secretId}`,
      version,
      endpointSet,
      run: (call) => {
        const account = findChangeableAccount(scope, call);
        const secretId = pathParameter(call, "secretId");
        if (!account.secrets.some(({ id }) => id === secretId)) {
          throw createApiError("RESOURCE_NOT_FOUND", { resource: `secret ${secretId}` });
        }
        account.secrets = account.secrets.filter(({ id }) => id !== secretId);
        return { status: 204 };
      },
    },
  ];
};
