/** The operations on database users. */
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findProject } from "../projects/find.ts";
import { isExpired, takeRead } from "../state/resources.ts";
import { createUser, readUserUpdate } from "./body.ts";
import { findUser, findVisibleUser, usersOf } from "./find.ts";
import { toDatabaseUserView } from "./view.ts";

const listRoute = {
  path: "/groups/{groupId}/databaseUsers",
  version: "2023-01-01",
  endpointSet: endpointSets.databaseUsers,
};
const itemRoute = {
  ...listRoute,
  path: "/groups/{groupId}/databaseUsers/{databaseName}/{username}",
};

export const databaseUserOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupDatabaseUsers",
    method: "GET",
    run: (call) => {
      const users = usersOf(call.state, findProject(call).id, call.now).filter(takeRead);
      return createPage(
        call,
        users.map((user) => toDatabaseUserView(call, user)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupDatabaseUser",
    method: "POST",
    operationFaults: ["stale_reads"],
    run: (call) => {
      const { state, now } = call;
      const user = createUser(call, findProject(call).id);
      state.users = [...state.users.filter((one) => !isExpired(one, now)), user];
      return { status: 201, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupDatabaseUser",
    method: "GET",
    run: (call) => {
      const user = findVisibleUser(call);
      return { status: 200, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupDatabaseUser",
    method: "PATCH",
    run: (call) => {
      const user = findUser(call);
      Object.assign(user, readUserUpdate(call, user));
      return { status: 200, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupDatabaseUser",
    method: "DELETE",
    run: (call) => {
      const user = findUser(call);
      call.state.users = call.state.users.filter((one) => one !== user);
      return { status: 204 };
    },
  },
];
