import { createServer } from "node:net";
import { createSandbox, SandboxError } from "@atlas-provision-mcp/sandbox";
import { expect, onTestFinished, test } from "vitest";
import { start } from "./harness.ts";

/** The error with which a sandbox does not start. */
const refusalOf = async (options: unknown): Promise<SandboxError> => {
  const error: unknown = await createSandbox(options as never).then(
    async (sandbox) => {
      await sandbox.close();
      return "none";
    },
    (thrown: unknown) => thrown,
  );
  if (error instanceof SandboxError) return error;
  throw new Error(`It was ${error}.`);
};

const id = "5".repeat(24);

test.each([
  [null, "The options must be an object, not null."],
  [{ port: -1 }, 'The option "port" must be a whole number from 0 to 65535, not -1.'],
  [{ port: 65_536 }, '"port" must be a whole number from 0 to 65535, not 65536.'],
  [{ port: "8080" }, "not '8080'."],
  [{ host: "" }, '"host" must be a host name or an address'],
  [{ provisionMs: -1 }, '"provisionMs" must be a whole number of milliseconds from 0 to'],
  [{ provisionMs: Number.NaN }, "not NaN."],
  [{ nonceLifetimeMs: 0.5 }, '"nonceLifetimeMs" must be a whole number of milliseconds'],
  [{ orgId: "nonsense" }, "\"orgId\" must be 24 hexadecimal digits in lower case, not 'nonsense'."],
  [{ organizations: [] }, '"organizations" must be a list of at least one organization'],
  [{ organizations: [{ id: "1", name: "a" }] }, '"organizations" must be a list'],
  [{ organizations: [{ id, name: "" }] }, '"organizations" must be a list'],
  [{ organizations: [1, 2].map((n) => ({ id, name: `n${n}` })) }, '"organizations" must be a list'],
  [{ statePath: "" }, '"statePath" must be the path of a file'],
  [{ rateLimits: "no" }, '"rateLimits" must be true or false'],
  [{ warn: true }, '"warn" must be a function that takes a text'],
  [{ clock: 5 }, '"clock" must be a function that returns milliseconds since 1970'],
  [
    { clock: () => "2026-01-01" },
    "\"clock\" must return milliseconds since 1970, not '2026-01-01'.",
  ],
  [{ clock: () => new Date(0) }, '"clock" must return milliseconds since 1970, not 1970-01-01T'],
  [{ clock: () => Number.NaN }, "not NaN."],
  [{ clock: () => 1e15 }, "not 1000000000000000."],
  [{ random: () => 1 }, '"random" must return numbers of at least 0 and less than 1, not 1.'],
  [{ random: () => "0.5" }, "less than 1, not '0.5'."],
  [
    {
      orgId: "6".repeat(24),
      organizations: ["5", "6"].map((d) => ({ id: d.repeat(24), name: d })),
    },
    '"orgId" replaces the id of the first organization, and another one has \'666',
  ],
  [{ random: 5 }, '"random" must be a function that returns a number'],
  [{ credentials: { clientID: "me" } }, '"credentials" must be an object with some of the texts'],
  [{ tls: { key: "a" } }, '"tls" must be an object with the texts key, cert.'],
  [{ tls: { key: "a", cert: "b" } }, '"tls" has no private key and certificate in PEM'],
  [{ provisonMs: 0 }, "There is no option 'provisonMs'; the options are host, port, provisionMs,"],
  [{ toString: 0 }, "There is no option 'toString'"],
])("the options %j are refused", async (options, problem) => {
  const error = await refusalOf(options);
  expect([error.name, error.code]).toEqual(["SandboxError", "invalid_option"]);
  expect(error.message).toContain(problem);
  expect(error.message).toMatch(/^[A-Z][^\n]*\.$/);
});

test("a secret that is refused is not shown", async () => {
  const error = await refusalOf({ credentials: { clientSecret: 424_242 } });
  expect(error.message).not.toContain("424");
});

test("undefined stands for the default, and all options together are taken", async () => {
  const nothing = { port: undefined, credentials: { clientId: undefined }, tls: undefined };
  const sandbox = await createSandbox(nothing as never);
  onTestFinished(() => sandbox.close());
  expect(sandbox.url).toMatch(/^http:/);
  const other = await createSandbox({
    host: "127.0.0.1",
    port: 0,
    provisionMs: 0,
    nonceLifetimeMs: 1000,
    credentials: { clientId: "me" },
    organizations: [
      { id, name: "first" },
      { id: "6".repeat(24), name: "second" },
    ],
    rateLimits: false,
    warn: () => {},
    clock: Date.now,
    random: Math.random,
  });
  onTestFinished(() => other.close());
  expect([other.orgId, other.clientId]).toEqual([id, "me"]);
});

test("orgId is the id of the first of the organizations", async () => {
  const organizations = [{ id, name: "first" }];
  const { sandbox } = await start({ orgId: "6".repeat(24), organizations });
  expect(sandbox.state().organizations).toEqual([{ id: "6".repeat(24), name: "first" }]);
});

test("a port that is taken is told as that", async () => {
  const { sandbox } = await start();
  const port = Number(new URL(sandbox.url).port);
  const error = await refusalOf({ port });
  expect([error.code, error.message]).toEqual([
    "port_in_use",
    `Port ${port} on 127.0.0.1 is in use.`,
  ]);
});

test("a place where nobody can listen is told as that", async () => {
  const error = await refusalOf({ host: "192.0.2.1" });
  expect([error.code, error.message]).toEqual([
    "cannot_listen",
    "The sandbox cannot listen on 192.0.2.1 port 0 (EADDRNOTAVAIL).",
  ]);
});

test("wrong options are refused before anything is opened", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const error = await refusalOf({ port, statePath: "/proc/none", provisionMs: -1 });
  expect(error.code).toBe("invalid_option");
});
