/** The operations on the API keys of a project: which keys have which roles in it. */
import { checkFields, optionalText } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { ApiKey } from "../state/administration.ts";
import { addKey, readNewKey, readRoles } from "./body.ts";
import { pickKey, toKeyView, toNewKeyView } from "./find.ts";

const listRoute = {
  path: "/groups/{groupId}/apiKeys",
  version: "2023-01-01",
  endpointSet: endpointSets.apiKeys,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/apiKeys/{apiUserId}" };

const isIn = ({ projects }: ApiKey, id: string): boolean =>
  projects.some(({ groupId }) => groupId === id);

/** The keys that have roles in the project. */
const keysIn = (call: Call, groupId: string): ApiKey[] =>
  call.state.apiKeys.filter((key) => isIn(key, groupId));

const outside = ({ projects }: ApiKey, id: string): ApiKey["projects"] =>
  projects.filter(({ groupId }) => groupId !== id);

export const projectApiKeyOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupApiKeys",
    method: "GET",
    run: (call) => {
      const { id } = findProject(call);
      return createPage(
        call,
        keysIn(call, id).map((key) => toKeyView(call, key, id)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupApiKey",
    method: "POST",
    run: (call) => {
      const { id: groupId, orgId } = findProject(call);
      const { desc, roles } = readNewKey(call, (names) => checkProjectRoles(names, groupId));
      // As recorded, the key becomes a member of the organization.
      const projects = [{ groupId, roles }];
      const key = addKey(call, { orgId, desc, roles: ["ORG_MEMBER"], projects });
      return { status: 200, body: toNewKeyView(call, key) };
    },
  },
  {
    ...itemRoute,
    id: "addGroupApiKey",
    method: "POST",
    takesList: true,
    run: (call) => {
      const { id: groupId, orgId } = findProject(call);
      const candidates = call.state.apiKeys.filter((key) => key.orgId === orgId);
      const key = pickKey(call, candidates);
      const roles = call.items.flatMap((item) => {
        checkFields(item, { roles: "array" });
        return readRoles(item, (names) => checkProjectRoles(names, groupId));
      });
      key.projects = [...outside(key, groupId), { groupId, roles }];
      return { status: 204 };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupApiKeyRoles",
    method: "PATCH",
    run: (call) => {
      const groupId = findProject(call).id;
      const key = pickKey(call, keysIn(call, groupId));
      checkFields(call.body, { desc: "string", roles: "array" });
      const roles = readRoles(call.body, (names) => checkProjectRoles(names, groupId));
      key.desc = optionalText(call.body, "desc") || key.desc;
      key.projects = [...outside(key, groupId), { groupId, roles }];
      return { status: 200, body: toKeyView(call, key, groupId) };
    },
  },
  {
    ...itemRoute,
    id: "removeGroupApiKey",
    method: "DELETE",
    run: (call) => {
      const groupId = findProject(call).id;
      const key = pickKey(call, keysIn(call, groupId));
      key.projects = outside(key, groupId);
      return { status: 204 };
    },
  },
];
