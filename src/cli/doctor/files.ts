/** What the files and folders are good for that the configuration names. */

import type { Organization } from "../../atlas/resources/organization.ts";
import { AtlasToolError } from "../../common/failure.ts";
import type { Config } from "../../config/config.ts";
import type { Container } from "../../container.ts";
import { isOwnFolder } from "../../database-passwords/private-file.ts";
import type { Check } from "./check.ts";

/** Whether passwords of database users can go where the operator says. A folder that is not there is made by the first of them. */
export const credentialsFolderCheck = async ({
  credentialsDir: path,
}: Config): Promise<Check[]> => {
  if (path === undefined) return [];
  const check = "passwords";
  return isOwnFolder(path).then(
    (there): Check[] => [{ check, result: "ok", says: there ? path : `${path}, not there yet` }],
    (error: unknown): Check[] => [
      {
        check,
        result: "failed",
        says: error instanceof AtlasToolError ? error.failure.message : `${path}: ${String(error)}`,
        fix: "Name a folder of its own in ATLAS_MCP_CREDENTIALS_DIR, or correct this one.",
      },
    ],
  );
};

/** Whether the organizations that a policy allows are visible. */
export const policyCheck = (
  { policy }: Config,
  { rules }: Container,
  organizations: Organization[],
): Check[] => {
  if (policy === undefined) return [];
  const unseen = (rules.organizations ?? []).filter(
    (id) => !organizations.some((one) => one.id === id),
  );
  if (unseen.length === 0) return [{ check: "policy", result: "ok", says: policy.path }];
  return [
    {
      check: "policy",
      result: "warning",
      says: `${policy.path} allows organizations that these credentials do not see: ${unseen.join(", ")}`,
      fix: "Correct organizations in the policy: nothing outside of it may be read or changed.",
    },
  ];
};
