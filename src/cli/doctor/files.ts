/** Checks the files and folders that the configuration names. */

import type { Organization } from "../../atlas/resources/organization.ts";
import { messageOf } from "../../common/errno.ts";
import type { Container } from "../../container.ts";
import { isOwnFolder } from "../../database-passwords/private-file.ts";
import type { Check } from "./check.ts";
import type { DoctorSettings } from "./settings.ts";

/** Whether passwords of database users can be stored in the configured folder. The first password creates it. */
export const credentialsFolderCheck = async ({
  credentialsDir: path,
}: DoctorSettings): Promise<Check[]> => {
  if (path === undefined) return [];
  const check = "passwords";
  return isOwnFolder(path).then(
    (exists): Check[] => [
      { check, result: "ok", says: exists ? path : `${path} (does not exist yet)` },
    ],
    (error: unknown): Check[] => [
      {
        check,
        result: "failed",
        says: messageOf(error),
        fix: "Set ATLAS_MCP_CREDENTIALS_DIR to another folder, or fix this one.",
      },
    ],
  );
};

/** Whether the credentials see the organizations that the policy allows. */
export const policyCheck = (
  { policy }: DoctorSettings,
  { rules }: Container,
  organizations: Organization[],
): Check[] => {
  if (policy === undefined) return [];
  const invisible = (rules.organizations ?? []).filter(
    (id) => !organizations.some((one) => one.id === id),
  );
  if (invisible.length === 0) return [{ check: "policy", result: "ok", says: policy.path }];
  return [
    {
      check: "policy",
      result: "warning",
      says: `${policy.path} allows organizations that these credentials do not see: ${invisible.join(", ")}`,
      fix: "Correct organizations in the policy: the server works only in those.",
    },
  ];
};
