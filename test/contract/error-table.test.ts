import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { errorRows } from "../../src/atlas/codes.ts";
import { connect, type Driver, type ToolResult } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import { fileClock } from "../support/fast-clock.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import {
  type Body,
  bodyKinds,
  type Distorted,
  nameFor,
  groupId as refusingGroup,
  orgId as refusingOrg,
  type Status,
  startDistorted,
  statuses,
} from "./distorted.ts";
import { type ErrorCase, errorCases, type Met } from "./error-rows.ts";

// What Atlas says is there and reads miss is looked for during seconds.
const clock = fileClock();

let sandbox: LiveSandbox;
let driver: Driver;
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ ...(clock && { clock: clock.now }) });
  driver = await connect("v2 modern", {
    clock,
    env: { ...sandbox.env, MONGODB_ATLAS_BASE_URL: "" },
    args: ["--base-url", sandbox.url],
  });
});
beforeEach(async () => {
  await sandbox.reset();
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterAll(async () => {
  await driver.close();
  await sandbox.close();
});

type More = Record<string, unknown>;

const calls: Record<Met, (more?: More) => ReturnType<Driver["call"]>> = {
  createGroup: (more) =>
    driver.call("create_project", { name: "shop", orgId: sandbox.orgId, ...more }),
  createGroupFlexCluster: (more) =>
    driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws, ...more }),
  getGroupFlexCluster: () => driver.call("get_flex_cluster", { groupId, name: "db" }),
  getOrgGroups: () => driver.call("list_projects", { orgId: sandbox.orgId }),
};

// A 429 is repeated, three attempts in all.
const times = ({ status }: ErrorCase) => (status === 429 ? 3 : 1);

const meet = async (one: ErrorCase, more?: More) => {
  const fault = `error:${one.status}:${one.errorCode}`;
  await sandbox.script(one.operation, fault, times(one));
  return calls[one.operation](more);
};

const named = errorCases.map((one): [string, ErrorCase] => [
  `${one.status} ${one.errorCode} to ${one.operation}`,
  one,
]);

it("each row of the table is met below, and nothing that has no row", () => {
  expect(errorCases.map((one) => one.errorCode).sort()).toEqual(Object.keys(errorRows).sort());
});

describe.each(named)("%s", (_name, one) => {
  it(`is ${one.code}, ${one.outcome}, ${one.retry}, and quotes Atlas`, async () => {
    const { structured, isError, text } = await meet(one);
    const { code, retry, outcome, status, errorCode } = one;
    expect(isError).toBe(true);
    expect(text).toBe(JSON.stringify(structured));
    expect(structured.error).toMatchObject({
      code,
      outcome,
      retry,
      message: expect.stringMatching(one.says),
      atlas: { status, errorCode },
    });
    expect("retryAfterSeconds" in structured.error).toBe(retry === "after_delay");
  });
});

describe("a call that helps", () => {
  it.each(named.filter(([, { helps }]) => helps !== undefined))(
    "comes with %s and is valid as it stands",
    async (_name, one) => {
      const actions = actionsOf(await meet(one));
      expect(actions.map(({ tool }) => tool)).toContain(one.helps);
      const results = await callAll(driver, actions);
      expect(results.map(({ structured }) => structured.error?.code)).not.toContain(
        "invalid_input",
      );
    },
  );
});

// With these codes Atlas may refuse the tags and create the project all the same (docs/atlas.md#tags).
const unclear = ["INVALID_ATTRIBUTE", "VALIDATION_ERROR", "BAD_REQUEST"];

describe("with tags in the request", () => {
  it.each(
    named.filter(
      ([, { status, errorCode, outcome }]) =>
        status === 400 && outcome === "not_created" && !unclear.includes(errorCode),
    ),
  )("%s is a plain refusal: sent once, and nothing is looked for", async (_name, one) => {
    const earlier = (await sandbox.state()).requests.length;
    const tags = [{ key: "environment", value: "test" }];
    const { structured } = await meet(one, { tags });
    expect(structured.error).toMatchObject({ code: one.code, outcome: "not_created" });
    const sent = (await sandbox.state()).requests.slice(earlier).map(({ operation }) => operation);
    expect(sent.filter((operation) => operation === one.operation)).toHaveLength(1);
    // One look before the post, and for a cluster the lease of its project; a refused region adds the question which regions there are.
    const [before, after] = [
      sent.slice(0, sent.indexOf(one.operation)),
      sent.slice(sent.indexOf(one.operation) + 1),
    ];
    expect(
      before.filter((id) => id !== "getGroup" || one.operation === "createGroup"),
    ).toHaveLength(1);
    expect(after.filter((id) => id !== "listGroupClusterProviderRegions")).toEqual([]);
  });
});

/** Whether an error can only be Atlas's own: a proxy may send the others, before or after Atlas has acted. */
const isAtlas = (status: Status, body: Body): boolean =>
  body === "an empty body"
    ? status === 401
    : !["HTML for a body", "a body cut short"].includes(body);

/** The result for a code without a row (docs/errors.md). A create that got a 5xx may have created something (docs/architecture.md#lost-answers). */
const expectedOf = (status: Status, body: Body): [code: string, outcome: string, retry: string] => {
  if (status === 500 || !isAtlas(status, body))
    return ["outcome_unknown", "unknown", "same_arguments"];
  if (status === 429) return ["rate_limited", "not_created", "after_delay"];
  const permission = body === "an errorCode that nobody knows";
  const codes = {
    400: "invalid_input",
    401: permission ? "forbidden" : "unauthenticated",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
  };
  return [codes[status], "not_created", "after_fix"];
};

const matrix = statuses.flatMap((status) =>
  bodyKinds.map((body): [Status, Body] => [status, body]),
);

describe.each([
  ["a service account", "v2 legacy"],
  ["an API key", "v2 modern"],
] as const)("what no row knows, with %s and a %s client", (account, kind) => {
  let distorted: Distorted;
  let client: Driver;
  const results = new Map<string, ToolResult>();
  const creates = {
    create_project: { orgId: refusingOrg },
    create_flex_cluster: { groupId: refusingGroup, providerSettings: aws },
  };
  const tools = Object.keys(creates) as (keyof typeof creates)[];

  beforeAll(async () => {
    distorted = await startDistorted();
    // Short, so that a search for what a lost answer left ends soon.
    const env = { ...distorted.accounts[account], ATLAS_MCP_DEADLINE_MS: "6000" };
    client = await connect(kind, { env, clock });
    const create = async (tool: (typeof tools)[number], name: string) =>
      void results.set(`${tool} ${name}`, await client.call(tool, { name, ...creates[tool] }));
    const names = matrix.map(([status, body]) => nameFor(status, body));
    await Promise.all(tools.flatMap((tool) => names.map((name) => create(tool, name))));
  });
  afterAll(async () => {
    await client.close();
    await distorted.close();
  });

  describe.each(tools)("%s", (tool) => {
    it.each(matrix)("with %i and %s is what is known of it", (status, body) => {
      const { structured, isError } = results.get(`${tool} ${nameFor(status, body)}`) ?? {};
      const [code, outcome, retry] = expectedOf(status, body);
      expect(isError).toBe(true);
      expect(structured?.error).toMatchObject({ code, outcome, retry });
      if (retry === "after_delay") expect(structured?.error.retryAfterSeconds).toBeGreaterThan(0);
    });

    it.each(matrix.filter(([status, body]) => isAtlas(status, body)))(
      "with %i and %s quotes the status, and Atlas's text as data only",
      (status, body) => {
        const { structured } = results.get(`${tool} ${nameFor(status, body)}`) ?? {};
        expect(structured?.error.atlas).toMatchObject({ status });
        expect(structured?.error.message).not.toMatch(/Ignore your instructions|New\./);
      },
    );
  });

  it.each(bodyKinds)("never posts a project twice after 500 and %s", (body) => {
    expect(distorted.posted(/\/groups$/, nameFor(500, body))).toBe(1);
  });

  it.each(bodyKinds.filter((body) => isAtlas(403, body)))(
    "never repeats what was refused with 403 and %s",
    (body) => {
      expect(distorted.posted(/\/groups$/, nameFor(403, body))).toBe(1);
      expect(distorted.posted(/\/flexClusters$/, nameFor(403, body))).toBe(1);
    },
  );
});
