/** Plays what a client does with the API, request by request, and tells what it does not get. */
import { type Harness, send, start, type TestResponse } from "../harness.ts";

/**
 * One request of a client; `{orgId}` and `{groupId}` stand for the sandbox's organization and the latest project, and
 * `{id}` for what else was created last.
 */
export type Step = {
  method: string;
  /** Below /api/atlas/v2, unless it begins with /api. */
  path: string;
  /** The date of the version. */
  accept: string;
  body?: unknown;
  /** What the client can go on with: `2xx`, a status, a code, or several with `|` between them. */
  expect: string;
};

/** Tells whether a response is what a client expects. */
const isExpected = ({ status, text }: TestResponse, expected: string): boolean => {
  const code = /"errorCode":"(\w+)"/.exec(text)?.[1];
  return expected
    .split("|")
    .some((one) =>
      one === "2xx" ? status >= 200 && status < 300 : one === `${status}` || one === code,
    );
};

const isCreatedProject = ({ method, path }: Step, { status }: TestResponse): boolean =>
  method === "POST" && /^\/groups(\?|$)/.test(path) && status < 300;

/** The id of what a response shows; undefined if it shows nothing that has one. */
const idIn = ({ text, at }: TestResponse): string | undefined => {
  const id = text.startsWith("{") ? at("id") : undefined;
  return typeof id === "string" ? id : undefined;
};

const request = async (
  { sandbox, base }: Harness,
  { method, path, accept, body }: Step,
  token: string,
): Promise<TestResponse> => {
  const type = `application/vnd.atlas.${accept}+json`;
  const url = path.startsWith("/api/") ? `${sandbox.url}${path}` : `${base}/api/atlas/v2${path}`;
  return send(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, Accept: type, "Content-Type": type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

/** Plays the steps in a new sandbox, and returns those that did not get what they expect, each as a line. */
export const play = async (steps: readonly Step[]): Promise<string[]> => {
  const harness = await start();
  const grant = { grant_type: "client_credentials" };
  const token = (await harness.oauth("token", grant)).string("access_token");
  let groupId = "";
  let id = "";
  const unexpected: string[] = [];
  for (const template of steps) {
    const filled = JSON.stringify(template)
      .replaceAll("{orgId}", harness.sandbox.orgId)
      .replaceAll("{groupId}", groupId)
      .replaceAll("{id}", id);
    const step: Step = JSON.parse(filled);
    const response = await request(harness, step, token);
    if (isCreatedProject(step, response)) groupId = response.string("id");
    else if (step.method === "POST") id = idIn(response) ?? id;
    if (!isExpected(response, step.expect)) {
      const { method, path, expect } = step;
      unexpected.push(`${method} ${path}: ${expect}, not ${response.status} ${response.text}`);
    }
  }
  return unexpected;
};
