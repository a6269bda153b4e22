/** The responses of the faults `foreign`: well-formed resources of Atlas, but not those of the request. */
import { toEntryView } from "../access-list/view.ts";
import { toAdvancedClusterView } from "../clusters/view.ts";
import { toDatabaseUserView } from "../database-users/view.ts";
import { passwordPlaceholder, toEphemeralClusterView } from "../ephemeral-clusters/view.ts";
import { toFlexClusterView } from "../flex-clusters/view.ts";
import type { HttpRequest } from "../http/request.ts";
import { createJsonResponse, type HttpResponse } from "../http/response.ts";
import { isObject, type Json, type JsonObject, parseJson, printJson } from "../json.ts";
import { toCreatedProjectView } from "../projects/view.ts";
import type {
  AccessListEntry,
  AdvancedCluster,
  AnyCluster,
  Cluster,
  DatabaseUser,
  EphemeralCluster,
  Hardware,
  Project,
  SandboxState,
} from "../state/resources.ts";

/** What a response shows a resource with. */
type Showing = { state: SandboxState; now: number; origin: string };

// The first four bytes are the time: long before that of any id that a sandbox makes.
const idPrefix = "5f1a2b3c4d5e6f708192";
const groupId = `${idPrefix}ffff`;
const orgId = `${idPrefix}fffe`;
const createdAt = Date.parse("2020-07-24T00:28:44Z");

const idOf = (index: number): string => `${idPrefix}${index.toString(16).padStart(4, "0")}`;

const nameOf = (index: number): string => `somebody-elses${index === 0 ? "" : `-${index}`}`;

const createProject = (index: number): Project => ({
  id: idOf(index),
  orgId,
  name: nameOf(index),
  tags: undefined,
  withDefaultAlertsSettings: true,
  projectOwnerId: undefined,
  createdAt,
  staleReads: 0,
  refusedReads: 0,
});

const createAnyCluster = (index: number): AnyCluster => ({
  id: idOf(index),
  groupId,
  name: nameOf(index),
  tags: undefined,
  terminationProtectionEnabled: false,
  createdAt,
  deletedAt: undefined,
  changedAt: undefined,
  stuck: false,
  updating: false,
  lateStrings: false,
  hosts: { cluster: "ac-f7q2k9x", replicaSet: "atlas-m3t8vz", domain: "w5n1r6b" },
  staleReads: 0,
});

const createCluster = (index: number): Cluster => ({
  ...createAnyCluster(index),
  provider: "AWS",
  region: "US_EAST_1",
});

const free: Hardware = {
  instanceSize: "M0",
  nodeCount: 3,
  diskSizeGB: 0.5,
  diskIOPS: undefined,
  ebsVolumeType: undefined,
};

const createAdvancedCluster = (index: number): AdvancedCluster => ({
  ...createAnyCluster(index),
  clusterType: "REPLICASET",
  replicationSpecs: [
    {
      id: idOf(index),
      zoneId: groupId,
      zoneName: "Zone 1",
      regions: [
        {
          provider: "TENANT",
          backingProvider: "AWS",
          region: "US_EAST_1",
          priority: 7,
          electable: free,
          readOnly: free,
          analytics: free,
          autoScaling: {},
          analyticsAutoScaling: undefined,
        },
      ],
    },
  ],
  scalesShards: false,
  resumedAt: undefined,
  settings: {},
  processArgs: {},
});

const createUser = (index: number): DatabaseUser => ({
  groupId,
  databaseName: "admin",
  username: nameOf(index),
  authTypes: { awsIAMType: "NONE", ldapAuthType: "NONE", oidcAuthType: "NONE", x509Type: "NONE" },
  roles: [{ collectionName: undefined, databaseName: "admin", roleName: "readAnyDatabase" }],
  scopes: [],
  labels: [],
  description: undefined,
  deleteAfter: undefined,
  staleReads: 0,
});

const createEntry = (index: number): AccessListEntry => ({
  groupId,
  cidrBlock: `198.18.${Math.floor(index / 256)}.${index % 256}/32`,
  comment: undefined,
  createdAt,
  deleteAfter: undefined,
  staleReads: 0,
});

/** Created now, because an old one would be gone. */
const createEphemeralCluster = (index: number, now: number): EphemeralCluster => ({
  id: idOf(index),
  name: nameOf(index),
  username: nameOf(index),
  host: "somebody-elses.w5n1r6b.mongodb.invalid",
  claimId: "5f1a2b3c-4d5e-4f70-8192-5f1a2b3c4d5e",
  createdAt: now,
  stuck: false,
  staleReads: 0,
});

/** Creates a resource of the kind that the path has. */
const createForeign = (path: string, showing: Showing, index: number): JsonObject => {
  if (path.includes("/flexClusters"))
    return toFlexClusterView(showing.state, createCluster(index), showing.now);
  if (/\/clusters(\/[^/]+)?$/.test(path)) {
    const viewing = { ...showing, version: "2024-08-05" };
    return toAdvancedClusterView(viewing, createAdvancedCluster(index));
  }
  if (path.includes("/databaseUsers")) return toDatabaseUserView(showing, createUser(index));
  if (path.includes("/ephemeralClusters")) {
    const { state, now } = showing;
    const password = path.endsWith(":create") ? "somebody-elses" : passwordPlaceholder;
    return toEphemeralClusterView(state, createEphemeralCluster(index, now), now, password);
  }
  if (path.includes("/accessList")) return toEntryView(showing, createEntry(index));
  return toCreatedProjectView(showing, createProject(index));
};

/** The members that tell a resource from others of its kind. All others stay, so that they do not betray it. */
const identifying = [
  "cidrBlock",
  "claimUrl",
  "clusterId",
  "connectionString",
  "connectionStrings",
  "groupId",
  "id",
  "ipAddress",
  "links",
  "name",
  "username",
];

/** Replaces a value; of an object only the members that it has. */
const replace = (value: Json, foreign: Json): Json =>
  isObject(value) && isObject(foreign) ? replaceMembers(value, foreign) : foreign;

const replaceMembers = (resource: JsonObject, foreign: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [name, replace(value, foreign[name] ?? value)]),
  );

const toForeign = (resource: JsonObject, foreign: JsonObject): JsonObject => {
  const members = Object.entries(foreign).filter(([name]) => identifying.includes(name));
  return replaceMembers(resource, Object.fromEntries(members));
};

/** Converts the body of a successful response; undefined if no resource is in it. */
const toForeignBody = (
  body: Json | undefined,
  create: (index: number) => JsonObject,
): JsonObject | undefined => {
  if (!isObject(body)) return undefined;
  if (!Array.isArray(body.results)) {
    return identifying.some((name) => name in body) ? toForeign(body, create(0)) : undefined;
  }
  const results = body.results.map((item, index) =>
    isObject(item) ? toForeign(item, create(index)) : item,
  );
  if (results.length > 0) return { ...body, results };
  const count = body.totalCount === 0 ? { totalCount: 1 } : {};
  return { ...body, results: [create(0)], ...count };
};

/**
 * Creates the response of the fault: from the real response if that is a success with a resource, otherwise as if the
 * operation had succeeded.
 */
export const createForeignResponse = (
  response: HttpResponse,
  { method, path, origin }: HttpRequest,
  contentType: string,
  state: SandboxState,
  now: number,
): HttpResponse => {
  const create = (index: number) => createForeign(path, { state, now, origin }, index);
  const isSuccess = response.status === 200 || response.status === 201;
  const changed = toForeignBody(isSuccess ? parseJson(response.body) : undefined, create);
  if (changed !== undefined) return { ...response, body: printJson(changed) };
  if (method !== "POST") return createJsonResponse(200, create(0), contentType);
  // The only create that answers with a list.
  const isEntry = path.endsWith("/accessList");
  const body = isEntry ? { links: [], results: [create(0)], totalCount: 1 } : create(0);
  return createJsonResponse(201, body, contentType);
};
