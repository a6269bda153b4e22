/** A sandbox with a project, and ways to create service accounts in it. */
import { type Harness, start, type TestResponse } from "../harness.ts";

const account = {
  name: "deployer",
  description: "Creates projects",
  secretExpiresAfterHours: 8,
};

/** What the tests of service accounts call. */
type Accounts = Harness & {
  groupId: string;
  org(method: string, path?: string, body?: unknown): Promise<TestResponse>;
  project(method: string, path?: string, body?: unknown): Promise<TestResponse>;
  create(more?: object): Promise<TestResponse>;
  createInProject(more?: object): Promise<TestResponse>;
  tokenFor(clientId: string, secret: string): Promise<TestResponse>;
};

export const startWithAccounts = async (options = {}): Promise<Accounts> => {
  const harness = await start(options);
  const { api, oauth, sandbox } = harness;
  const groupId = await harness.createProject("shop");
  const on =
    (owner: string): Accounts["org"] =>
    (method, path = "", body = undefined) =>
      api(method, `${owner}/serviceAccounts${path}`, body === undefined ? {} : { body });
  const org = on(`/orgs/${sandbox.orgId}`);
  const project = on(`/groups/${groupId}`);
  return {
    ...harness,
    groupId,
    org,
    project,
    create: (more = {}) => org("POST", "", { ...account, roles: ["ORG_OWNER"], ...more }),
    createInProject: (more = {}) =>
      project("POST", "", { ...account, roles: ["GROUP_OWNER"], ...more }),
    tokenFor: (clientId, secret) =>
      oauth("token", { grant_type: "client_credentials" }, `${clientId}:${secret}`),
  };
};
