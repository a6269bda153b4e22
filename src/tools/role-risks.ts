/** What is risky about the roles of a database user. */
import type { DatabaseUserBody } from "../atlas/resources/database-user.ts";
import type { Risk } from "./define.ts";

// The roles that only read and write data, or show how a cluster is.
const plainRoles = new Set([
  "read",
  "readWrite",
  "readAnyDatabase",
  "readWriteAnyDatabase",
  "clusterMonitor",
]);

/** The risks of these roles. */
export const roleRisks = (roles: DatabaseUserBody["roles"]): Risk[] =>
  roles.every(({ roleName }) => plainRoles.has(roleName))
    ? []
    : [{ says: "Its roles may do more than read and write data." }];
