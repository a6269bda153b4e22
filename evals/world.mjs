// The sandbox of one task: what is there before, what others do meanwhile, and what is there now.
import { Agent, request } from "undici";
import { factsOf } from "./judge/facts.mjs";

const defaultOrganizations = [{ id: "5f0000000000000000000001", name: "Acme" }];

const pairs = (tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Role@database as Atlas writes it. */
const roleOf = (role) => {
  const [roleName, databaseName] = role.split("@");
  return { roleName, databaseName };
};

/** Sends requests to the sandbox as somebody who is not the model. */
const createSender = (sandbox) => {
  // The certificate for the official server is one of our own.
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  let token;
  const exchange = async (path, how) => {
    const { statusCode, body } = await request(`${sandbox.url}${path}`, { ...how, dispatcher });
    const text = await body.text();
    if (statusCode >= 300) throw new Error(`${how.method} ${path}: ${statusCode} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const mint = async () => {
    const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString("base64");
    const { access_token } = await exchange("/api/oauth/token", {
      method: "POST",
      headers: {
        authorization: `Basic ${basic}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    return access_token;
  };
  return {
    send: async (method, path, body) => {
      token ??= mint();
      return exchange(`/api/atlas/v2${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await token}`,
          accept: "application/vnd.atlas.2025-03-12+json",
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    close: () => dispatcher.close(),
  };
};

/** Makes a flex cluster, or with another tier a free or dedicated one. */
const makeCluster = (send, groupId, { name, provider, region, tier, tags, ...more }) => {
  const common = {
    name,
    terminationProtectionEnabled: more.protected,
    tags: pairs(tags),
  };
  if (tier === "FLEX")
    return send("POST", `/groups/${groupId}/flexClusters`, {
      ...common,
      providerSettings: { backingProviderName: provider, regionName: region },
    });
  const free = tier === "M0";
  const config = {
    regionName: region,
    priority: 7,
    ...(free
      ? { providerName: "TENANT", backingProviderName: provider }
      : { providerName: provider }),
    electableSpecs: { instanceSize: tier, ...(free ? {} : { nodeCount: 3 }) },
  };
  return send("POST", `/groups/${groupId}/clusters`, {
    ...common,
    clusterType: "REPLICASET",
    replicationSpecs: [{ regionConfigs: [config] }],
  });
};

/** Makes one project and all that is in it. */
const makeProject = async (send, orgId, { name, tags, clusters, users, entries }) => {
  const { id } = await send("POST", "/groups", { name, orgId, tags: pairs(tags) });
  for (const cluster of clusters) await makeCluster(send, id, cluster);
  for (const { username, roles, scopes, description } of users)
    await send("POST", `/groups/${id}/databaseUsers`, {
      databaseName: "admin",
      username,
      password: "before-the-task-4711",
      roles: roles.map(roleOf),
      scopes: scopes.map((scope) => ({ name: scope, type: "CLUSTER" })),
      ...(description === undefined ? {} : { description }),
    });
  if (entries.length > 0) await send("POST", `/groups/${id}/accessList`, entries);
};

const emptyProject = { tags: {}, clusters: [], users: [], entries: [] };

const numbered = ({ name, count }) =>
  Array.from({ length: count }, (_one, index) => name.replace("{n}", `${index + 1}`));

/**
 * Starts the sandbox of a task with what is there before. `{sandbox, facts, requests, meanwhile, close}`: `facts` is what is
 * there now, `requests` the successful changes of an operation so far, `meanwhile` does what others do after a call.
 */
export const openWorld = async (task, createSandbox, options = {}) => {
  const { organizations = defaultOrganizations, projects, faults, provisionMs } = task.before;
  const sandbox = await createSandbox({
    organizations,
    provisionMs,
    rateLimits: false,
    ...options,
  });
  const { send, close } = createSender(sandbox);
  const orgIdOf = (name) => (organizations.find((one) => one.name === name) ?? organizations[0]).id;
  for (const project of projects)
    for (const name of numbered(project))
      await makeProject(send, orgIdOf(project.organization), { ...project, name });
  // What was there before is ready.
  sandbox.advanceClock(provisionMs);
  sandbox.addFaults(...faults);
  const facts = () => factsOf(sandbox.state());
  const begun = sandbox.requests().length;
  /** One thing that others do, or that happens to Atlas. */
  const happen = async ({ deleteCluster, createProject, faults: more = [], advanceMs = 0 }) => {
    sandbox.addFaults(...more);
    sandbox.advanceClock(advanceMs);
    if (createProject !== undefined)
      await makeProject(send, organizations[0].id, { ...emptyProject, name: createProject });
    const [, name] = deleteCluster?.split("/") ?? [];
    const cluster = sandbox
      .state()
      .clusters.find(({ id }) => facts().get(id)?.key === deleteCluster);
    if (cluster === undefined) return;
    await send("DELETE", `/groups/${cluster.groupId}/flexClusters/${name}`);
    // A deleted cluster is seen for a while.
    sandbox.advanceClock(Math.max(1000, provisionMs));
  };
  return {
    sandbox,
    facts,
    requests: (operation) =>
      sandbox
        .requests()
        .slice(begun)
        .filter((one) => one.operation === operation),
    meanwhile: async (calls) => {
      for (const { afterCall, ...event } of task.meanwhile)
        if (afterCall === calls) await happen(event);
    },
    close: async () => {
      await close();
      await sandbox.close();
    },
  };
};
