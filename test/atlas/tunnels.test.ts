import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Attempt, NetworkError, Proxies } from "../../src/atlas/http.ts";
import { explainNetworkError, mayPass } from "../../src/atlas/network-failures.ts";
import { secret } from "../../src/common/secret.ts";
import { openHttp } from "../support/atlas.ts";
import { startFakeAtlas } from "../support/fake-atlas.ts";
import { type Manner, startProxy } from "../support/proxy.ts";
import { type Certificates, openCertificates } from "../support/tls.ts";

const never = new AbortController().signal;
const post = (url: string) => ({ method: "POST", url, headers: {}, body: "{}" });

const brokenOf = (attempt: Attempt): NetworkError => {
  if ("error" in attempt) return attempt.error;
  throw new Error(`not error: ${JSON.stringify(attempt)}`);
};

const open = async (manner?: Manner, password?: string, hosts: Record<string, number> = {}) => {
  const proxy = await startProxy(hosts, manner, password);
  onTestFinished(() => proxy.close());
  return proxy;
};

/** What a POST ends with that goes through proxies. */
const sendThrough = async (proxies: Proxies, url: string, ms = 1000): Promise<NetworkError> =>
  brokenOf(await openHttp(ms, proxies).send(post(url), never));

const bothOf = (url: string): Proxies => ({ httpProxy: secret(url), httpsProxy: secret(url) });

const told = (error: NetworkError): string => {
  const { says, fix } = explainNetworkError(error);
  return `${says} ${fix}`;
};

describe.each(["https", "http"])("a proxy on the way to an address of %s", (scheme) => {
  it.each<[Manner, code: string | RegExp, says: RegExp, mayPass: boolean]>([
    [407, "PROXY_407", /wants a user name and a password.*http:\/\/USER:PASSWORD@HOST:PORT/, false],
    [403, "PROXY_403", /refuses to connect to atlas\.test:\d+ \(HTTP 403\)\..*NO_PROXY/, false],
    [302, "PROXY_302", /refuses to connect/, false],
    [404, "PROXY_404", /refuses to connect/, false],
    [204, "PROXY_204", /refuses to connect/, false],
    [429, "PROXY_429", /could not connect/, true],
    [502, "PROXY_502", /could not connect to atlas\.test:\d+ \(HTTP 502\)\..*can reach/, true],
    [503, "PROXY_503", /could not connect/, true],
    [504, "PROXY_504", /could not connect/, true],
    ["closes", /./, /broke off the connection \(.*HTTPS_PROXY/, true],
    ["resets", "ECONNRESET", /broke off the connection \(ECONNRESET\)/, true],
    ["is silent", /TIMEOUT|TimeoutError/, /opened no connection to atlas\.test:\d+ in time/, true],
    ["is no proxy", "HTTPParserError", /answered something that is not HTTP.*an HTTP proxy/, false],
  ])("that %s is named, and nothing was sent", async (manner, code, says, passes) => {
    const proxy = await open(manner);
    const broken = await sendThrough(bothOf(proxy.url), `${scheme}://atlas.test/x`);
    const name = new URL(proxy.url).host;
    expect(broken).toMatchObject({ at: "proxy", sent: false, proxy: name });
    expect(broken.code).toMatch(code);
    expect(told(broken)).toMatch(new RegExp(`^The proxy at ${name} `));
    expect(told(broken)).toMatch(says);
    expect(mayPass(broken)).toBe(passes);
    // Once, and not as often as the time allows.
    expect(proxy.seen).toHaveLength(1);
  });
});

describe("a name that NO_PROXY keeps from the proxy", () => {
  it("and that is not found is told with NO_PROXY", async () => {
    const proxies = { ...bothOf("http://proxy.invalid:3128"), noProxy: "atlas.invalid" };
    const broken = await sendThrough(proxies, "https://atlas.invalid");
    expect(broken).toMatchObject({ sent: false, direct: true });
    expect(told(broken)).toMatch(/^The name atlas\.invalid was not found .*NO_PROXY/);
    expect(mayPass(broken)).toBe(true);
  });

  it("is not spoken of without a proxy, or where it has one", async () => {
    const direct = await sendThrough({ noProxy: "atlas.invalid" }, "https://atlas.invalid");
    expect(direct).not.toHaveProperty("direct");
    expect(told(direct)).not.toContain("NO_PROXY");
    const proxied = await sendThrough(bothOf("http://proxy.invalid:3128"), "https://atlas.test");
    expect(proxied).not.toHaveProperty("direct");
  });
});

describe("a scheme of HTTPS_PROXY that may be wrong", () => {
  it("is named where the proxy of http:// speaks TLS", async () => {
    const certificates = openCertificates();
    onTestFinished(() => certificates.remove());
    const server = createTlsServer(certificates.make(["127.0.0.1"]));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const broken = await sendThrough(bothOf(`http://127.0.0.1:${port}`), "https://atlas.test");
    expect(broken).toMatchObject({ at: "proxy", sent: false });
    expect(told(broken)).toMatch(/begins with http:\/\/ or https:\/\/ as the proxy needs/);
  });

  it("is named where the proxy of http:// answers with an alert of TLS", async () => {
    const server = createServer((socket) => {
      socket
        .on("error", () => {})
        .once("data", () => {
          socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const broken = await sendThrough(bothOf(`http://127.0.0.1:${port}`), "https://atlas.test");
    expect(broken).toMatchObject({ at: "proxy", code: "HTTPParserError", sent: false });
    expect(told(broken)).toMatch(/begin with https:\/\/ if the proxy speaks TLS/);
    expect(mayPass(broken)).toBe(false);
  });

  it.each(["closes", "resets"])("is named where the proxy of https:// only %s", async (manner) => {
    const server = createServer((socket) => {
      socket
        .on("error", () => {})
        .once("data", () => {
          if (manner === "closes") socket.end();
          else socket.resetAndDestroy();
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const broken = await sendThrough(bothOf(`https://127.0.0.1:${port}`), "https://atlas.test");
    expect(broken).toMatchObject({ at: "proxy", sent: false });
    expect(told(broken)).toMatch(/begins with http:\/\/ or https:\/\/ as the proxy needs/);
  });
});

describe("a proxy", () => {
  it("that is not there is named", async () => {
    const proxy = await open();
    await proxy.close();
    const broken = await sendThrough(bothOf(proxy.url), "https://atlas.test");
    expect(broken).toMatchObject({ code: "ECONNREFUSED", at: "proxy", sent: false });
    expect(told(broken)).toMatch(/^The proxy at 127\.0\.0\.1:\d+ refused the connection/);
    expect(mayPass(broken)).toBe(false);
  });

  it("whose name nobody knows is told from Atlas, whose name nobody knows", async () => {
    const proxied = await sendThrough(bothOf("http://proxy.invalid:3128"), "https://atlas.test");
    expect(proxied).toMatchObject({ at: "proxy", sent: false, proxy: "proxy.invalid:3128" });
    expect(told(proxied)).toMatch(/^The name of the proxy in HTTPS_PROXY, proxy\.invalid, was not/);
    const direct = await sendThrough({}, "https://atlas.invalid");
    expect(direct).not.toHaveProperty("at");
    expect(direct.sent).toBe(false);
    expect(told(direct)).toMatch(/^The name atlas\.invalid was not found .*MONGODB_ATLAS_BASE_URL/);
  });

  it("is spoken to without TLS where it has none", async () => {
    const proxy = await open();
    const broken = await sendThrough(
      bothOf(proxy.url.replace("http:", "https:")),
      "https://atlas.test",
    );
    expect(broken).toMatchObject({ at: "proxy", sent: false });
    expect(told(broken)).toMatch(/^The proxy at .* does not speak TLS .*begin with http:\/\//);
    expect(mayPass(broken)).toBe(false);
  });

  it("may be one of TLS that has an IP address, without a warning of Node", async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on("warning", keep);
    onTestFinished(() => void process.off("warning", keep));
    const certificates = openCertificates();
    onTestFinished(() => certificates.remove());
    const names: unknown[] = [];
    const server = createTlsServer({
      ...certificates.make(["127.0.0.1"]),
      SNICallback: (name, callback) => {
        names.push(name);
        callback(null);
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const broken = await sendThrough(bothOf(`https://127.0.0.1:${port}`), "https://atlas.test");
    expect(broken).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT", at: "proxy" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([names, warnings]).toEqual([[], []]);
  });

  it("gets the password that it asks for, and no message has it", async () => {
    const proxy = await open(undefined, "canary-name:canary-word");
    const given = proxy.url.replace("//", "//canary-name:canary-other@");
    const broken = await sendThrough(bothOf(given), "https://atlas.test");
    expect(broken).toMatchObject({ at: "proxy", status: 407, sent: false });
    expect(JSON.stringify(broken) + told(broken)).not.toContain("canary");
    const right = await sendThrough(bothOf(given.replace("other", "word")), "https://atlas.test");
    // It knows no such host, but it has been asked.
    expect(right).toMatchObject({ status: 502 });
  });
});

describe("behind a proxy", () => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = openCertificates();
  });
  afterAll(() => certificates.remove());

  /** A server with a certificate that nobody vouches for, and a proxy that leads to it. */
  const inspected = async () => {
    const server = createTlsServer(certificates.make(["atlas.test"]));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return open(undefined, undefined, { "atlas.test:443": port });
  };

  it("a certificate of somebody else is told as that, not as the proxy's", async () => {
    const proxy = await inspected();
    const broken = await sendThrough(bothOf(proxy.url), "https://atlas.test");
    expect(broken).toMatchObject({ at: "tls", sent: false, proxy: new URL(proxy.url).host });
    expect(told(broken)).toMatch(
      /certificate of atlas\.test:443 is not trusted.*NODE_EXTRA_CA_CERTS/,
    );
    expect(mayPass(broken)).toBe(false);
  });

  it("a connection that breaks once the request has left may have done it all", async () => {
    const atlas = await startFakeAtlas(() => {
      proxy.cut();
      return true;
    });
    onTestFinished(() => atlas.close());
    const hosts = { "atlas.test:80": Number(new URL(atlas.url).port) };
    const proxy = await open(undefined, undefined, hosts);
    const broken = await sendThrough(bothOf(proxy.url), "http://atlas.test/x");
    expect(broken).toMatchObject({ sent: true, proxy: new URL(proxy.url).host });
    expect(broken).not.toHaveProperty("at");
    expect(told(broken)).toMatch(/^The connection to Atlas through the proxy at .* broke \(/);
    expect(mayPass(broken)).toBe(true);
    expect(atlas.seen).toHaveLength(1);
  });

  it("silence once the request has left may hide that it is done", async () => {
    const atlas = await startFakeAtlas(() => true);
    onTestFinished(() => atlas.close());
    const hosts = { "atlas.test:80": Number(new URL(atlas.url).port) };
    const proxy = await open(undefined, undefined, hosts);
    const broken = await sendThrough(bothOf(proxy.url), "http://atlas.test/x", 300);
    expect(broken).toMatchObject({ code: "TimeoutError", sent: true });
    expect(told(broken)).toMatch(/^Atlas did not answer in time through the proxy at /);
  });

  it("a page in place of TLS has sent nothing, and may be the proxy's", async () => {
    const proxy = await open("serves a page");
    const broken = await sendThrough(bothOf(proxy.url), "https://atlas.test");
    expect(broken).toMatchObject({ at: "tls", sent: false });
    const name = new URL(proxy.url).host;
    expect(told(broken)).toMatch(
      new RegExp(
        `atlas\\.test:443 does not speak TLS .* through the proxy at ${name} .*HTTPS_PROXY`,
      ),
    );
    expect(mayPass(broken)).toBe(false);
  });

  it("silence in place of TLS is not the proxy's, which has opened the connection", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const proxy = await open(undefined, undefined, { "atlas.test:443": port });
    const broken = await sendThrough(bothOf(proxy.url), "https://atlas.test", 400);
    const name = new URL(proxy.url).host;
    expect(broken).toMatchObject({ sent: false, proxy: name });
    expect(broken).not.toHaveProperty("at");
    expect(told(broken)).toMatch(
      new RegExp(`^atlas\\.test:443 could not be reached in time through the proxy at ${name} `),
    );
    expect(mayPass(broken)).toBe(true);
  });
});
