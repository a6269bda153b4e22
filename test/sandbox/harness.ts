import {
  createSandbox,
  type Sandbox,
  SandboxError,
  type SandboxOptions,
} from "@atlas-provision-mcp/sandbox";
import { onTestFinished } from "vitest";

/** How one request to the Admin API differs from a plain authenticated one. */
type RequestOptions = {
  body?: unknown;
  /** Sent as it is instead of `body`. */
  text?: string;
  accept?: string | null;
  contentType?: string;
  token?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/** What came back. */
export type TestResponse = {
  status: number;
  headers: Headers;
  text: string;
  /** A member of the JSON body by its dotted path; the whole body where the path is empty. */
  at(path?: string): unknown;
  /** The same where it must be a string. */
  string(path: string): string;
};

/** A sandbox under test with a clock that stands still until told. */
export type Harness = {
  sandbox: Sandbox;
  /** Where requests to the Admin API go. */
  base: string;
  /** Where the links in its answers lead, whatever stands in between. */
  links: string;
  api(method: string, path: string, requestOptions?: RequestOptions): Promise<TestResponse>;
  oauth(path: string, body: Record<string, string>, basic?: string): Promise<TestResponse>;
  control(method: string, path: string, body?: unknown): Promise<TestResponse>;
  script(operation: string, fault: string, times?: number): Promise<TestResponse>;
  createProject(name: string): Promise<string>;
  createCluster(groupId: string, name: string): Promise<TestResponse>;
  /** Asks for a database user; the body holds what is documented as required, and what is given. */
  createUser(groupId: string, username: string, more?: object): Promise<TestResponse>;
  addEntries(groupId: string, ...entries: object[]): Promise<TestResponse>;
  pass(milliseconds: number): void;
};

const startTime = Date.parse("2026-08-10T03:02:55Z");
export const latestVersion = "application/vnd.atlas.2025-03-12+json";
export const testPassword = "not-to-be-seen-again";
const roles = [{ databaseName: "admin", roleName: "atlasAdmin" }];
export const aws = { backingProviderName: "AWS", regionName: "US_EAST_1" };

/** The one place that knows where the API is: ATLAS_SANDBOX_VIA puts something in between, which answers with the way to a sandbox. */
const baseOf = async (sandbox: Sandbox): Promise<string> => {
  const via = process.env.ATLAS_SANDBOX_VIA;
  if (via === undefined) return sandbox.url;
  return (await fetch(via, { method: "POST", body: sandbox.url })).text();
};

const member = (value: unknown, path: string): unknown => {
  if (path === "") return value;
  return path.split(".").reduce<unknown>((found, key) => {
    if (typeof found !== "object" || found === null) return undefined;
    return Object.entries(found).find(([name]) => name === key)?.[1];
  }, value);
};

/** Sends one request and reads the whole answer. */
export const send = async (url: string, init: RequestInit): Promise<TestResponse> => {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const at = (path = ""): unknown => member(JSON.parse(text), path);
  return {
    status: response.status,
    headers: response.headers,
    text,
    at,
    string: (path) => {
      const value = at(path);
      if (typeof value !== "string") throw new Error(`No string at ${path} of ${text}`);
      return value;
    },
  };
};

/** Starts a sandbox that the running test closes. */
export const start = async (options: SandboxOptions = {}): Promise<Harness> => {
  let now = startTime;
  const sandbox = await createSandbox({ clock: () => now, ...options });
  onTestFinished(() => sandbox.close());
  const base = await baseOf(sandbox);
  const basic = `${sandbox.clientId}:${sandbox.clientSecret}`;
  let token: Promise<string> | undefined;

  const oauth: Harness["oauth"] = (path, body, credentials = basic) =>
    send(`${sandbox.url}/api/oauth/${path}`, {
      method: "POST",
      headers: { Authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
      body: new URLSearchParams(body),
    });

  /** Asked for once, also by requests that are sent at the same time, and again after a failure. */
  const ownToken = (): Promise<string> => {
    token ??= oauth("token", { grant_type: "client_credentials" })
      .then((response) => response.string("access_token"))
      .catch((error: unknown) => {
        token = undefined;
        throw error;
      });
    return token;
  };

  const api: Harness["api"] = async (method, path, requestOptions = {}) => {
    const bearer = requestOptions.token ?? (await ownToken());
    const { accept = latestVersion, contentType = "application/json", body, text } = requestOptions;
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    return send(`${base}/api/atlas/v2${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${bearer}`,
        ...(accept === null ? {} : { Accept: accept }),
        ...(sent === undefined ? {} : { "Content-Type": contentType }),
        ...requestOptions.headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
      ...(requestOptions.signal === undefined ? {} : { signal: requestOptions.signal }),
    });
  };

  const control: Harness["control"] = (method, path, body) =>
    send(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    sandbox,
    base,
    links: `${sandbox.url}/api/atlas/v2`,
    api,
    oauth,
    control,
    script: (operation, fault, times = 1) =>
      control("POST", "/faults", [{ operation, fault, times }]),
    createProject: async (name) =>
      (await api("POST", "/groups", { body: { name, orgId: sandbox.orgId } })).string("id"),
    createCluster: (groupId, name) =>
      api("POST", `/groups/${groupId}/flexClusters`, { body: { name, providerSettings: aws } }),
    createUser: (groupId, username, more = {}) =>
      api("POST", `/groups/${groupId}/databaseUsers`, {
        body: { databaseName: "admin", groupId, password: testPassword, roles, username, ...more },
      }),
    addEntries: (groupId, ...entries) =>
      api("POST", `/groups/${groupId}/accessList`, { body: entries }),
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
};

/** Asks for a project with that name in the first organization. */
export const create = ({ api, sandbox }: Harness, name = "shop"): Promise<TestResponse> =>
  api("POST", "/groups", { body: { name, orgId: sandbox.orgId } });

/** The names of the projects that there really are. */
export const projectNames = async ({ control }: Harness): Promise<unknown> => {
  const projects = (await control("GET", "/state")).at("projects");
  return Array.isArray(projects) ? projects.map(({ name }) => name) : projects;
};

/** The code of the network failure that fetch hides in its cause. */
export const failureOf = async (request: Promise<unknown>): Promise<unknown> => {
  try {
    await request;
    return "none";
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && "code" in cause ? cause.code : String(error);
  }
};

/** Asks again, with no pause but the round trips, until something seen over HTTP holds. */
export const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 1000; n += 1) if (await holds()) return;
  throw new Error("It never came to hold.");
};

/** The names of an object's members, in the order of the wire. */
export const keysOf = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

/** The error that a method of a sandbox throws. */
export const thrownBy = (method: () => unknown): SandboxError => {
  try {
    method();
  } catch (error) {
    if (error instanceof SandboxError) return error;
    throw error;
  }
  throw new Error("It threw nothing.");
};
