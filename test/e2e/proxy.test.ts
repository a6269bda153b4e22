import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createHttp } from "../../src/atlas/http.ts";
import { secret } from "../../src/common/secret.ts";
import { connect, type Driver } from "../support/clients.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type Manner, type ProxyServer, startProxy } from "../support/proxy.ts";
import { type Certificate, type Certificates, openCertificates } from "../support/tls.ts";

type Env = Record<string, string>;

const address = "https://atlas.test";
let certificates: Certificates;
let certificate: Certificate;
let sandbox: LiveSandbox;
let local: LiveSandbox;

beforeAll(async () => {
  certificates = openCertificates();
  certificate = certificates.make(["atlas.test"]);
  sandbox = await startTlsSandbox();
  local = await startSandbox();
});
afterAll(async () => {
  await Promise.all([sandbox.close(), local.close()]);
  certificates.remove();
});

// Its control endpoints are not used here: this process does not trust the certificate.
const startTlsSandbox = () => {
  const { key, cert } = certificate;
  return startSandbox({ tls: { key, cert } });
};

const proxyTo = async (manner?: Manner, password?: string): Promise<ProxyServer> => {
  const hosts = { "atlas.test:443": Number(new URL(sandbox.url).port) };
  const proxy = await startProxy(hosts, manner, password);
  onTestFinished(() => proxy.close());
  return proxy;
};

const accounts = {
  "a service account": (one: LiveSandbox): Env => ({
    MONGODB_ATLAS_CLIENT_ID: one.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: one.clientSecret,
  }),
  "an API key": (one: LiveSandbox): Env => ({
    MONGODB_ATLAS_PUBLIC_API_KEY: one.publicKey,
    MONGODB_ATLAS_PRIVATE_API_KEY: one.privateKey,
  }),
};
const kinds = Object.keys(accounts) as (keyof typeof accounts)[];

let made = 0;
/** Creates a project with a server that has this environment. */
const create = async (
  env: Env,
  at: LiveSandbox = sandbox,
  kind: (typeof kinds)[number] = "a service account",
) => {
  const driver: Driver = await connect("v2 modern", {
    env: { ...accounts[kind](at), NODE_EXTRA_CA_CERTS: certificate.certPath, ...env },
  });
  made += 1;
  try {
    const args = { name: `shop-${made}`, orgId: at.orgId };
    const { structured } = await driver.call("create_project", args);
    return { structured, stderr: driver.stderr() };
  } finally {
    await driver.close();
  }
};

const tunnels = (proxy: ProxyServer) => new Set(proxy.seen.map((one) => one.what));

describe("HTTPS_PROXY", () => {
  it.each(["HTTPS_PROXY", "https_proxy"])(
    "%s takes requests to an address that only the proxy can resolve",
    async (name) => {
      const proxy = await proxyTo();
      const env = { MONGODB_ATLAS_BASE_URL: address, [name]: proxy.url };
      const { structured } = await create(env);
      expect(structured).toMatchObject({ status: "ok", outcome: "created" });
      expect(tunnels(proxy)).toEqual(new Set(["CONNECT atlas.test:443"]));
    },
  );

  it.each(kinds)("serves %s", async (kind) => {
    const proxy = await proxyTo();
    const env = { MONGODB_ATLAS_BASE_URL: address, HTTPS_PROXY: proxy.url };
    expect((await create(env, sandbox, kind)).structured.outcome).toBe("created");
  });

  it("may hold credentials, which the proxy gets and nobody else sees", async () => {
    const proxy = await proxyTo();
    const HTTPS_PROXY = proxy.url.replace("//", "//canary-name:canary-word@");
    const { structured, stderr } = await create({ MONGODB_ATLAS_BASE_URL: address, HTTPS_PROXY });
    const basic = `Basic ${Buffer.from("canary-name:canary-word").toString("base64")}`;
    expect(structured.outcome).toBe("created");
    expect(new Set(proxy.seen.map((one) => one.authorization))).toEqual(new Set([basic]));
    expect(JSON.stringify(structured) + stderr).not.toMatch(/canary/);
  });

  it("is of no use to plain http: HTTP_PROXY is", async () => {
    const fakeAtlas = await startFakeAtlas((_seen, response) => json(response, 200, { ok: true }));
    onTestFinished(() => fakeAtlas.close());
    const hosts = { "plain.test:80": Number(new URL(fakeAtlas.url).port) };
    const [secure, plain] = [await startProxy(hosts), await startProxy(hosts)];
    onTestFinished(async () => void (await Promise.all([secure.close(), plain.close()])));
    const proxies = { httpsProxy: secret(secure.url), httpProxy: secret(plain.url) };
    const http = createHttp({ requestTimeoutMs: 5000, proxies });
    onTestFinished(() => http.close());
    const wire = { method: "GET", url: "http://plain.test/x?y=1", headers: {} };
    const attempt = await http.send(wire, AbortSignal.timeout(5000));
    expect(attempt).toMatchObject({ response: { status: 200, json: { ok: true } } });
    expect(secure.seen).toEqual([]);
    expect(plain.seen).toHaveLength(1);
    expect(fakeAtlas.seen.map((one) => one.path)).toEqual(["/x?y=1"]);
  });
});

describe("NO_PROXY", () => {
  it.each(["atlas.test", "other.example, atlas.test", ".test", "*", "atlas.test:443"])(
    "%s keeps the address from the proxy",
    async (noProxy) => {
      const proxy = await proxyTo();
      const env = {
        MONGODB_ATLAS_BASE_URL: address,
        HTTPS_PROXY: proxy.url,
        NO_PROXY: noProxy,
      };
      const { structured } = await create(env);
      expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
      expect(proxy.seen).toEqual([]);
    },
  );

  it.each(["other.test", "las.test", "atlas.test:8443"])(
    "%s is about another address",
    async (noProxy) => {
      const proxy = await proxyTo();
      const env = {
        MONGODB_ATLAS_BASE_URL: address,
        HTTPS_PROXY: proxy.url,
        no_proxy: noProxy,
      };
      expect((await create(env)).structured.outcome).toBe("created");
      expect(proxy.seen.length).toBeGreaterThan(0);
    },
  );
});

describe("an address of this machine", () => {
  it.each(["127.0.0.1", "localhost"])("%s is reached directly, proxies or not", async (host) => {
    const proxy = await proxyTo();
    const { structured } = await create(
      {
        MONGODB_ATLAS_BASE_URL: local.url.replace("127.0.0.1", host),
        HTTP_PROXY: proxy.url,
        HTTPS_PROXY: proxy.url,
      },
      local,
    );
    expect(structured.outcome).toBe("created");
    expect(proxy.seen).toEqual([]);
  });

  it("is reached directly over https, too", async () => {
    const proxy = await proxyTo();
    const env = {
      MONGODB_ATLAS_BASE_URL: sandbox.url,
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
    };
    // The certificate is for another name: what counts is who was asked.
    expect((await create(env)).structured.error.code).toBe("unavailable");
    expect(proxy.seen).toEqual([]);
  });
});

/** What a create ends with whose proxy does this in place of its work; `mend` changes the proxy's URL. */
const failThrough = async (
  kind: (typeof kinds)[number],
  manner: Manner | undefined,
  mend = (url: string) => url,
  password?: string,
) => {
  const proxy = await proxyTo(manner, password);
  const env = {
    MONGODB_ATLAS_BASE_URL: address,
    HTTPS_PROXY: mend(proxy.url),
    ATLAS_MCP_REQUEST_TIMEOUT_MS: "1000",
  };
  const { structured, stderr } = await create(env, sandbox, kind);
  return { proxy, error: structured.error, all: JSON.stringify(structured) + stderr };
};

describe.each(kinds)("a proxy that fails, with %s,", (kind) => {
  it.each<[Manner, retry: string, says: RegExp]>([
    [407, "after_fix", /wants a user name and a password.*HTTPS_PROXY/],
    [403, "after_fix", /refuses to connect to atlas\.test:443.*NO_PROXY/],
    [502, "same_arguments", /could not connect to atlas\.test:443 \(HTTP 502\)/],
    [503, "same_arguments", /could not connect to atlas\.test:443 \(HTTP 503\)/],
    ["closes", "same_arguments", /broke off the connection/],
    ["resets", "same_arguments", /broke off the connection/],
    ["is silent", "same_arguments", /opened no connection to atlas\.test:443 in time/],
    ["is no proxy", "after_fix", /answered something that is not HTTP/],
  ])("(%s) is named, and nothing is made", async (manner, retry, says) => {
    const { proxy, error } = await failThrough(kind, manner);
    expect(error).toMatchObject({ code: "unavailable", outcome: "not_created", retry });
    expect(error.message).toContain(`he proxy at ${new URL(proxy.url).host} `);
    expect(error.message).toMatch(says);
    expect(error.message).not.toMatch(/credential|undici|Tunneling/i);
    expect(tunnels(proxy)).toEqual(new Set(["CONNECT atlas.test:443"]));
    expect(proxy.seen.length).toBeLessThanOrEqual(retry === "after_fix" ? 1 : 6);
  });

  it("by not being there is named, and nothing is made", async () => {
    const gone = await startProxy({});
    await gone.close();
    const env = { MONGODB_ATLAS_BASE_URL: address, HTTPS_PROXY: gone.url };
    const { error } = (await create(env, sandbox, kind)).structured;
    expect(error).toMatchObject({
      code: "unavailable",
      outcome: "not_created",
      retry: "after_fix",
    });
    expect(error.message).toContain(`proxy at ${new URL(gone.url).host} refused the connection`);
  });

  it("for a wrong password is asked once, and no message has the password", async () => {
    const mend = (url: string) => url.replace("//", "//canary-name:canary-word@");
    const { proxy, error, all } = await failThrough(kind, undefined, mend, "name:word");
    expect(error).toMatchObject({ outcome: "not_created", retry: "after_fix" });
    expect(proxy.seen).toHaveLength(1);
    expect(all).not.toContain("canary");
  });

  it("whose name nobody knows is told from Atlas, whose name nobody knows", async () => {
    const { error } = await failThrough(kind, undefined, () => "http://proxy.invalid:3128");
    expect(error).toMatchObject({ outcome: "not_created" });
    expect(error.message).toMatch(
      /name of the proxy in HTTPS_PROXY, proxy\.invalid, was not found/,
    );
    const direct = await create({ MONGODB_ATLAS_BASE_URL: address }, sandbox, kind);
    expect(direct.structured.error).toMatchObject({ outcome: "not_created" });
    expect(direct.structured.error.message).toMatch(/The name atlas\.test was not found/);
  });

  it("by inspecting TLS is told with the variable that helps, and nothing is made", async () => {
    const proxy = await proxyTo();
    const env = {
      MONGODB_ATLAS_BASE_URL: address,
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: "",
    };
    const { error } = (await create(env, sandbox, kind)).structured;
    expect(error).toMatchObject({ outcome: "not_created", retry: "after_fix" });
    expect(error.message).toMatch(/certificate of atlas\.test:443 is not trusted.*NODE_EXTRA_CA/);
  });
});
