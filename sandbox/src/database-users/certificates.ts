/** The operation that lists the X.509 certificates of a database user: none, because the sandbox makes none. */
import { type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import { usersOf } from "./find.ts";

export const databaseUserCertificateOperations: readonly Operation[] = [
  {
    id: "listGroupDatabaseUserCerts",
    method: "GET",
    path: "/groups/{groupId}/databaseUsers/{username}/certs",
    version: "2023-01-01",
    endpointSet: endpointSets.x509,
    run: (call) => {
      const username = pathParameter(call, "username");
      const users = usersOf(call.state, findProject(call).id, call.now);
      if (!users.some((user) => user.username === username)) {
        throw createApiError("USERNAME_NOT_FOUND", { username });
      }
      return createPage(call, []);
    },
  },
];
