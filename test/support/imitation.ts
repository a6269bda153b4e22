/**
 * A small imitation of the Atlas Admin API over real HTTP that shares nothing with the sandbox: what both have wrong in the
 * same way, no test on the sandbox can show. Everything happens on the given clock, and by chance from a seed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../src/common/deadline.ts";
import { apiError, type Call, operations, type Reply } from "./imitation/operations.ts";
import { createIds, isThere, type Kind, type Resource, randomFrom } from "./imitation/state.ts";

export { apiError, type Reply } from "./imitation/operations.ts";
export { type Resource, randomFrom } from "./imitation/state.ts";

/** A request to the Admin API; `client` is the client id of who sent it. */
export type Asked = {
  client: string;
  operation: string;
  method: string;
  /** With the query. */
  path: string;
  at: Record<string, string>;
  body: any;
};

/** What a portal answers: a status with a text or a value, or nothing but the end of the connection. */
export type Replacement = { status: number; text: string } | Reply | "reset";

/** May answer instead of Atlas: before anything is done, or after it is done. */
export type Portal = (
  asked: Asked,
  phase: "before" | "after",
  reply?: Reply,
) => Replacement | undefined;

/** A request that was done, and when. */
export type Done = Asked & Pick<Reply, "status" | "made" | "removed"> & { doneAt: number };

export type ImitationOptions = {
  clock: Clock;
  seed: number;
  idsInOrder?: boolean;
  /** Whether Atlas refuses the name of a project that exists: always, never, or once it is that old (milliseconds). */
  nameCheck?: "on" | "off" | number;
  /** The most milliseconds that a request takes on its way, and its answer on its way back. */
  delayMs?: number;
  /** The most milliseconds that lists and reads are behind. */
  lagMs?: number;
  provisionMs?: number;
  deletionMs?: number;
  portal?: Portal;
};

export type Imitation = {
  url: string;
  orgId: string;
  /** Credentials of one more client, in an organization of its own if asked for. */
  account(orgId?: string): { clientId: string; clientSecret: string };
  newId(): string;
  /** Does a request at once, as somebody else would in Atlas's own user interface. */
  direct(operation: string, at: Record<string, string>, body?: unknown, orgId?: string): Reply;
  /** What exists at this moment. */
  there(kind: Kind, parent: string): Resource[];
  done: Done[];
  close(): Promise<void>;
};

const routes: readonly [method: string, path: RegExp, operation: string][] = [
  ["GET", /^\/orgs$/, "listOrgs"],
  ["GET", /^\/orgs\/(?<orgId>[^/]+)$/, "getOrg"],
  ["GET", /^\/orgs\/(?<orgId>[^/]+)\/groups$/, "getOrgGroups"],
  ["GET", /^\/groups$/, "listGroups"],
  ["POST", /^\/groups$/, "createGroup"],
  ["GET", /^\/groups\/(?<groupId>[^/]+)$/, "getGroup"],
  ["DELETE", /^\/groups\/(?<groupId>[^/]+)$/, "deleteGroup"],
  ["GET", /^\/groups\/(?<groupId>[^/]+)\/flexClusters$/, "listGroupFlexClusters"],
  ["POST", /^\/groups\/(?<groupId>[^/]+)\/flexClusters$/, "createGroupFlexCluster"],
  ["GET", /^\/groups\/(?<groupId>[^/]+)\/flexClusters\/(?<name>[^/]+)$/, "getGroupFlexCluster"],
  [
    "DELETE",
    /^\/groups\/(?<groupId>[^/]+)\/flexClusters\/(?<name>[^/]+)$/,
    "deleteGroupFlexCluster",
  ],
  ["GET", /^\/groups\/(?<groupId>[^/]+)\/databaseUsers$/, "listGroupDatabaseUsers"],
  ["POST", /^\/groups\/(?<groupId>[^/]+)\/databaseUsers$/, "createGroupDatabaseUser"],
  [
    "GET",
    /^\/groups\/(?<groupId>[^/]+)\/databaseUsers\/admin\/(?<name>[^/]+)$/,
    "getGroupDatabaseUser",
  ],
  ["GET", /^\/groups\/(?<groupId>[^/]+)\/accessList$/, "listGroupAccessListEntries"],
  ["POST", /^\/groups\/(?<groupId>[^/]+)\/accessList$/, "createGroupAccessListEntry"],
  ["GET", /^\/groups\/(?<groupId>[^/]+)\/accessList\/(?<name>[^/]+)$/, "getGroupAccessListEntry"],
];

const routeOf = (method: string, path: string) => {
  for (const [wanted, pattern, operation] of routes) {
    const match = wanted === method ? pattern.exec(path) : null;
    if (match === null) continue;
    const parts = Object.entries(match.groups ?? {});
    const at = Object.fromEntries(parts.map(([name, text]) => [name, decodeURIComponent(text)]));
    return { operation, at };
  }
  return undefined;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

const answer = (response: ServerResponse, reply: Replacement): void => {
  if (reply === "reset") {
    response.destroy();
    return;
  }
  const body = "text" in reply ? reply.text : reply.body;
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  response.writeHead(reply.status, { "content-type": "application/json" }).end(text);
};

export const startImitation = async (options: ImitationOptions): Promise<Imitation> => {
  const { clock, nameCheck = "on", delayMs = 0, lagMs = 0 } = options;
  const random = randomFrom(options.seed);
  const nextId = createIds(random, options.idsInOrder ?? false);
  const orgId = nextId();
  const orgOf = new Map<string, string>();
  const resources = new Map<string, Resource[]>();
  const done: Done[] = [];

  const perform = (asked: Asked, query: URLSearchParams, org: string, asOf: number): Reply => {
    const call: Call = {
      resources,
      nextId,
      now: clock.now(),
      asOf,
      client: asked.client,
      orgId: org,
      at: asked.at,
      query,
      body: asked.body,
      nameCheckMs: nameCheck === "on" ? 0 : nameCheck === "off" ? undefined : nameCheck,
      provisionMs: options.provisionMs ?? 0,
      deletionMs: options.deletionMs ?? 0,
    };
    const reply = operations[asked.operation]?.(call);
    if (reply === undefined) throw new Error(`There is no operation ${asked.operation}.`);
    const { body: _, ...rest } = reply;
    done.push({ ...asked, ...rest, doneAt: call.now });
    return reply;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader("date", new Date(clock.now()).toUTCString());
    const text = await textOf(request);
    const { method = "" } = request;
    const url = new URL(request.url ?? "", "http://imitation");
    const [scheme, credential = ""] = (request.headers.authorization ?? "").split(" ");
    if (url.pathname === "/api/oauth/token") {
      const [client = ""] = Buffer.from(credential, "base64").toString().split(":");
      const token = { access_token: client, expires_in: 3600, token_type: "Bearer" };
      const asked = { client, operation: "token", method, path: url.pathname, at: {}, body: text };
      const replaced = options.portal?.(asked, "before");
      return answer(response, replaced ?? { status: 200, body: token });
    }
    if (url.pathname === "/api/oauth/revoke") return answer(response, { status: 200 });
    const org = orgOf.get(credential);
    if (scheme !== "Bearer" || org === undefined) return answer(response, { status: 401 });
    const path = url.pathname.replace("/api/atlas/v2", "");
    const route = routeOf(method, path);
    if (route === undefined)
      return answer(response, apiError(404, "RESOURCE_NOT_FOUND", `Cannot find resource ${path}.`));
    const body = text === "" ? undefined : JSON.parse(text);
    const asked = { client: credential, method, path: `${path}${url.search}`, body, ...route };
    if (delayMs > 0) await clock.sleep(random() * delayMs);
    const instead = options.portal?.(asked, "before");
    if (instead !== undefined) return answer(response, instead);
    const reply = perform(asked, url.searchParams, org, clock.now() - random() * lagMs);
    const replaced = options.portal?.(asked, "after", reply);
    if (delayMs > 0) await clock.sleep(random() * delayMs);
    answer(response, replaced ?? reply);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    orgId,
    account: (org = orgId) => {
      const clientId = `client-${orgOf.size}`;
      orgOf.set(clientId, org);
      return { clientId, clientSecret: "imitated" };
    },
    newId: nextId,
    direct: (operation, at, body, org = orgId) => {
      const asked = { client: "somebody", operation, method: "", path: "", at, body };
      return perform(asked, new URLSearchParams(), org, clock.now());
    },
    there: (kind, parent) =>
      (resources.get(parent) ?? []).filter((one) => one.kind === kind && isThere(one, clock.now())),
    done,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
