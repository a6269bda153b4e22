/** A line of the audit about the creation of a project. */
import type { Entry } from "../../src/audit/log.ts";

export const auditEntry = (kind: "intent" | "outcome", id: string, name = `shop ${id}`): Entry => ({
  kind,
  id,
  tool: "create_project",
  principal: "operator",
  backend: "atlas",
  baseUrl: "https://cloud.mongodb.com",
  resource: { kind: "project", name },
});
