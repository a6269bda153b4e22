import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Served, serveBundle } from "../support/bundle.ts";
import { connect, type ToolResult } from "../support/clients.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { run } from "../support/program.ts";
import { type Certificate, type Certificates, openCertificates } from "../support/tls.ts";

let certificates: Certificates;
let good: Certificate;
let served: Served;

/** `sandbox` of the real bundle, with TLS. */
const serveTls = ({ keyPath, certPath }: Certificate): Promise<Served> =>
  serveBundle(["sandbox", "--port", "0", "--tls-key", keyPath, "--tls-cert", certPath]);

beforeAll(async () => {
  certificates = openCertificates();
  good = certificates.make(["localhost"]);
  served = await serveTls(good);
});
afterAll(async () => {
  await served.end("SIGTERM");
  certificates.remove();
});

type Env = Record<string, string>;

const portOf = ({ line }: Served) => new URL(line.url ?? "").port;
const nobody = { clientId: "x", clientSecret: "y", publicKey: "z", privateKey: "w" };

const accounts = {
  "a service account": ({ clientId = "", clientSecret = "" }: Env): Env => ({
    MONGODB_ATLAS_CLIENT_ID: clientId,
    MONGODB_ATLAS_CLIENT_SECRET: clientSecret,
  }),
  "an API key": ({ publicKey = "", privateKey = "" }: Env): Env => ({
    MONGODB_ATLAS_PUBLIC_API_KEY: publicKey,
    MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
  }),
};
const kinds = Object.keys(accounts) as (keyof typeof accounts)[];

const create = async (env: Env, orgId = "a".repeat(24), name = "shop"): Promise<ToolResult> => {
  const driver = await connect("v2 modern", { env });
  try {
    return await driver.call("create_project", { name, orgId });
  } finally {
    await driver.close();
  }
};

describe("an https address whose certificate is signed by nobody that Node knows", () => {
  it.each(kinds)("is not trusted, and with %s the error says so and what helps", async (kind) => {
    const { structured } = await create({
      ...accounts[kind](served.line),
      MONGODB_ATLAS_BASE_URL: `https://localhost:${portOf(served)}`,
    });
    expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(structured.error.message).toMatch(/certificate.*SELF_SIGNED_CERT/);
    expect(structured.error.message).toContain("NODE_EXTRA_CA_CERTS");
  });

  it.each(kinds)("is trusted where NODE_EXTRA_CA_CERTS names the signer, with %s", async (kind) => {
    const env = {
      ...accounts[kind](served.line),
      MONGODB_ATLAS_BASE_URL: `https://localhost:${portOf(served)}`,
      NODE_EXTRA_CA_CERTS: good.certPath,
    };
    const name = kind.replaceAll(" ", "-");
    const { structured } = await create(env, served.line.orgId, name);
    expect(structured).toMatchObject({ status: "ok", outcome: "created", project: { name } });
  });

  it("fails the doctor, who says so", async () => {
    const { code, stdout } = await run(["doctor"], {
      ...accounts["a service account"](served.line),
      MONGODB_ATLAS_BASE_URL: `https://localhost:${portOf(served)}`,
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +reachable .*SELF_SIGNED_CERT/);
    expect(stdout).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("satisfies the doctor where NODE_EXTRA_CA_CERTS names the signer", async () => {
    const { code, stdout } = await run(["doctor"], {
      ...accounts["an API key"](served.line),
      MONGODB_ATLAS_BASE_URL: `https://localhost:${portOf(served)}`,
      NODE_EXTRA_CA_CERTS: good.certPath,
    });
    expect({ code, ready: /Ready/.test(stdout) }).toEqual({ code: 0, ready: true });
  });
});

describe.each(kinds)("with %s, the error", (kind) => {
  it("says that a certificate has expired", async () => {
    const expired = certificates.make(["localhost"], true);
    const other = await serveTls(expired);
    onTestFinished(async () => void (await other.end("SIGTERM")));
    const { structured } = await create({
      ...accounts[kind](other.line),
      MONGODB_ATLAS_BASE_URL: `https://localhost:${portOf(other)}`,
      NODE_EXTRA_CA_CERTS: expired.certPath,
    });
    expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(structured.error.message).toMatch(/certificate/i);
    expect(structured.error.message).toMatch(/expired/i);
  });

  it("says that a certificate is for another name", async () => {
    const { structured } = await create({
      ...accounts[kind](served.line),
      MONGODB_ATLAS_BASE_URL: `https://127.0.0.1:${portOf(served)}`,
      NODE_EXTRA_CA_CERTS: good.certPath,
    });
    expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(structured.error.message).toMatch(/certificate/i);
    expect(structured.error.message).toMatch(/name/i);
  });

  it("says that the address does not speak TLS", async () => {
    const plain = await startFakeAtlas((_seen, response) => json(response, 200, {}));
    onTestFinished(() => plain.close());
    const { structured } = await create({
      ...accounts[kind](nobody),
      MONGODB_ATLAS_BASE_URL: plain.url.replace("http:", "https:"),
    });
    expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect(structured.error.message).toMatch(/TLS|SSL|secure connection/);
    // What is trusted is not the question here.
    expect(structured.error.message).not.toMatch(/certificate .* is not trusted/);
  });
});
