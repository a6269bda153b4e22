import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../support/atlas.ts";
import { json } from "../../support/fake-atlas.ts";
import { startTokens } from "./tokens.ts";

const minute = 60_000;

type Answer = [status: number, body: unknown, headers?: Record<string, string>];

const page = "<html><body>Please log in</body></html>";

const html = { "content-type": "text/html" };

const answering =
  ([status, body, headers]: Answer) =>
  (response: ServerResponse) =>
    json(response, status, body, headers);

/** The failure of a call, and of one half a minute later; `asked` is how often a token was asked for. */
const twice = async (answer: Answer) => {
  const { read, counts, clock } = await startTokens({ token: answering(answer) });
  const failure = await failureOf(read());
  const asked = counts.tokens;
  clock.pass(minute / 2);
  await failureOf(read());
  expect(counts.api).toBe(0);
  return { failure, asked, isRemembered: counts.tokens === asked };
};

const oauth = (error: string, error_description?: string) => ({ error_description, error });

describe("an OAuth error of the token endpoint", () => {
  it.each([400, 401, 403])("invalid_client with %i refuses the credential", async (status) => {
    const body = oauth("invalid_client", "Invalid credentials provided.");
    const { failure, asked, isRemembered } = await twice([status, body]);
    expect(failure).toMatchObject({
      code: "unauthenticated",
      retry: "after_fix",
      atlas: { status, errorCode: "invalid_client" },
    });
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: true });
  });

  it.each([
    "Access Token limit reached. Please use the existing Access Tokens or create a new Service Account.",
    "Too many tokens: the maximum is reached.",
    "The service account has 100 active tokens.",
    "The limit of access TOKENS is exceeded.",
  ])("access_denied that says %j is the limit of live tokens", async (description) => {
    const { failure, asked, isRemembered } = await twice([
      403,
      oauth("access_denied", description),
    ]);
    expect(failure).toMatchObject({ code: "quota_exceeded", retry: "after_delay" });
    expect(failure.message).toContain("100 live access tokens");
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: true });
  });

  it.each<[what: string, code: string, answer: Answer]>([
    [
      "access_denied for another reason",
      "forbidden",
      [403, oauth("access_denied", "The service account is suspended.")],
    ],
    [
      "access_denied with a limit of something else",
      "forbidden",
      [403, oauth("access_denied", "The rate limit of the organization is reached.")],
    ],
    ["access_denied without words", "forbidden", [403, oauth("access_denied")]],
    ["access_denied with 401", "unauthenticated", [401, oauth("access_denied", "No.")]],
    ["unauthorized_client", "forbidden", [400, oauth("unauthorized_client", "Not this grant.")]],
    ["a code that nobody knows", "forbidden", [403, oauth("account_locked", "Ask support.")]],
  ])("%s is %s, in Atlas's words", async (_what, code, [status, body]) => {
    const { failure, asked, isRemembered } = await twice([status, body]);
    const { error, error_description: detail } = body as ReturnType<typeof oauth>;
    expect(failure).toMatchObject({
      code,
      retry: "after_fix",
      atlas: { status, errorCode: error },
    });
    expect(failure.atlas?.detail).toBe(detail);
    expect(failure.message).not.toContain("100");
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: true });
  });

  it("is quoted without control characters, and shortened", async () => {
    const body = oauth("access_denied", `no\u202E${"x".repeat(5000)}`);
    const { failure } = await twice([403, body]);
    expect(JSON.stringify(failure)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(failure.atlas?.detail?.length).toBeLessThan(600);
  });

  it.each(["server_error", "temporarily_unavailable"])(
    "%s with 503 is a failure that passes",
    async (error) => {
      const { failure, isRemembered } = await twice([503, oauth(error)]);
      expect(failure).toMatchObject({ code: "unavailable", retry: "after_delay" });
      expect(isRemembered).toBe(false);
    },
  );
});

const apiError = (error: number, errorCode: string | null, parameters: unknown[] = []) => ({
  detail: "Atlas's words.",
  error,
  errorCode,
  parameters,
  reason: "Reason",
});

describe("an error of the Admin API at the token endpoint", () => {
  it.each<[errorCode: string | null, status: number, code: string]>([
    ["IP_ADDRESS_NOT_ON_ACCESS_LIST", 403, "forbidden"],
    ["ORG_REQUIRES_ACCESS_LIST", 403, "forbidden"],
    ["USER_UNAUTHORIZED", 401, "forbidden"],
    [null, 401, "unauthenticated"],
    [null, 403, "forbidden"],
    ["ACCOUNT_SUSPENDED", 402, "payment_required"],
  ])("%s with %i is %s, and is remembered", async (errorCode, status, code) => {
    const { failure, asked, isRemembered } = await twice([
      status,
      apiError(status, errorCode, ["203.0.113.7"]),
    ]);
    expect(failure).toMatchObject({ code, atlas: { status, detail: "Atlas's words." } });
    // Every call needs a token, so none can help.
    expect(failure.suggestions).toEqual([]);
    expect(failure.message).not.toContain("100");
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: true });
  });

  it.each<[errorCode: string, status: number]>([
    ["UNEXPECTED_ERROR", 500],
    ["WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", 405],
  ])("%s with %i passes", async (errorCode, status) => {
    const { failure, isRemembered } = await twice([status, apiError(status, errorCode)]);
    expect(failure).toMatchObject({ code: "unavailable", retry: "after_delay" });
    expect(isRemembered).toBe(false);
  });

  it.each<[errorCode: string, status: number]>([
    ["INVALID_ATTRIBUTE", 400],
    ["GROUP_ALREADY_EXISTS", 409],
    ["INVALID_VERSION_DATE", 406],
  ])("%s with %i does not blame the call, which it knows nothing of", async (errorCode, status) => {
    const { failure } = await twice([status, apiError(status, errorCode)]);
    expect(failure).toMatchObject({ code: "unavailable", atlas: { status, errorCode } });
    expect(failure).not.toHaveProperty("fields");
  });

  it("that has no such endpoint means a wrong address", async () => {
    const { failure } = await twice([404, apiError(404, "RESOURCE_NOT_FOUND")]);
    expect(failure).toMatchObject({ code: "unavailable", retry: "after_fix" });
    expect(failure.message).toMatch(/no Atlas token endpoint.*MONGODB_ATLAS_BASE_URL/);
    expect(failure.message).not.toContain("proxy");
  });
});

describe("an empty 401 of the token endpoint", () => {
  it("refuses the credential", async () => {
    const { failure, asked, isRemembered } = await twice([401, ""]);
    expect(failure).toMatchObject({ code: "unauthenticated", retry: "after_fix" });
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: true });
  });
});

describe("an answer that is not in a form of Atlas", () => {
  it.each<[what: string, answer: Answer]>([
    ["a portal's 200", [200, { message: "login required" }]],
    ["a portal's page", [200, page, html]],
    ["an empty 200", [200, ""]],
    ["a 204", [204, ""]],
    ["a list", [200, [{ access_token: "x" }]]],
    ["null", [200, null]],
    ["a token that is a number", [200, { access_token: 7, expires_in: 3600 }]],
    ["an empty token", [200, { access_token: "", expires_in: 3600 }]],
    ["a token that fits no header", [200, { access_token: "a\r\nb", expires_in: 3600 }]],
    ["a redirect", [302, "", { location: "https://portal.invalid/" }]],
    ["a page with 400", [400, page, html]],
    ["a page with 401", [401, page, html]],
    ["a page with 403", [403, page, html]],
    ["a page with 404", [404, page, html]],
    ["an empty 403", [403, ""]],
    ["an empty 404", [404, ""]],
    ["another status than the body's", [403, apiError(401, "USER_UNAUTHORIZED")]],
    ["a message with 403", [403, '{"message": "Forbidden"}']],
    ["a list with 403", [403, ["access_denied"]]],
    ["a text with 403", [403, '"access_denied"']],
    ["a gateway's word with 403", [403, { error: "Forbidden" }]],
    ["a gateway's sentence with 403", [403, { error: "access denied by policy" }]],
    ["an empty 405", [405, ""]],
    ["a proxy's 401", [401, "", { "www-authenticate": 'Basic realm="proxy"' }]],
    ["a portal's 511", [511, page, html]],
  ])("%s is unavailable, and is not remembered", async (_what, answer) => {
    const { failure, isRemembered } = await twice(answer);
    expect(failure).toMatchObject({ code: "unavailable", retry: "same_arguments" });
    expect(failure).not.toHaveProperty("atlas");
    expect(failure.message).toMatch(/^This server got no access token\. Something between this/);
    expect(failure.message).toMatch(/a proxy, a portal or a gateway/);
    expect(failure.message).toContain(`HTTP ${answer[0]}`);
    expect(failure.message).not.toMatch(/100 live|login required/);
    expect(isRemembered).toBe(false);
  });

  it("may also mean a wrong address where it is a 404", async () => {
    const { failure } = await twice([404, page, html]);
    expect(failure.message).toMatch(/no Atlas token endpoint/);
    expect((await twice([403, page, html])).failure.message).not.toMatch(/no Atlas token endpoint/);
  });

  it.each<Answer>([
    [407, page, html],
    [407, { error: 407, errorCode: "X" }],
    [407, { error: "access_denied" }],
  ])("is a proxy's that wants credentials where it is %i", async (...answer) => {
    const { failure, asked, isRemembered } = await twice(answer);
    expect(failure).toMatchObject({ code: "unavailable", retry: "after_fix" });
    expect(failure.message).toMatch(/A proxy between .*user name and a password.*HTTPS_PROXY/);
    expect({ asked, isRemembered }).toEqual({ asked: 1, isRemembered: false });
  });

  it.each<Answer>([
    [500, {}],
    [502, page, html],
    [503, page, html],
    [503, ""],
    [504, { error: "Gateway Timeout" }],
  ])("with a %i may be Atlas's or that of something before it", async (...answer) => {
    const { failure, isRemembered } = await twice(answer);
    expect(failure).toMatchObject({ code: "unavailable", retry: "after_delay" });
    expect(failure.message).toMatch(/no access token\. Atlas, or something before it .* failed/);
    expect(isRemembered).toBe(false);
  });

  it("with a 503 asks for the wait of its Retry-After", async () => {
    const { failure } = await twice([503, page, { ...html, "retry-after": "41" }]);
    expect(failure).toMatchObject({ code: "unavailable", retryAfterSeconds: 41 });
  });

  it("with a 429 is a limit of something else, whose Retry-After is kept to", async () => {
    const { failure } = await twice([429, page, { ...html, "retry-after": "41" }]);
    expect(failure).toMatchObject({ code: "unavailable", retryAfterSeconds: 41 });
    expect(failure.message).toContain("Something between this server and Atlas");
  });
});
