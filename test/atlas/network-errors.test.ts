import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Attempt, isLoopback, type NetworkError, type Proxies } from "../../src/atlas/http.ts";
import { explainNetworkError, mayPass } from "../../src/atlas/network-failures.ts";
import { secret } from "../../src/common/secret.ts";
import { openFakeAtlas, openHttp } from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { startProxy } from "../support/proxy.ts";
import { type Certificates, openCertificates } from "../support/tls.ts";
import { until } from "../support/until.ts";

const never = new AbortController().signal;
const get = (url: string) => ({ method: "GET", url, headers: {} });

/** Listens on a port of this machine until the running test is over. */
const listen = async (server: ReturnType<typeof createTcpServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
};

const told = (error: NetworkError): string => {
  const { says, fix } = explainNetworkError(error);
  return `${says} ${fix}`;
};

const brokenOf = (attempt: Attempt): NetworkError => {
  if ("error" in attempt) return attempt.error;
  throw new Error(`not error: ${JSON.stringify(attempt)}`);
};

describe("what broke", () => {
  it("is that nobody listens", async () => {
    const { url, close } = await openFakeAtlas(() => true);
    await close();
    const broken = brokenOf(await openHttp().send(get(url), never));
    expect(broken).toEqual({
      code: "ECONNREFUSED",
      message: expect.anything(),
      sent: false,
      host: new URL(url).host,
    });
    expect(told(broken)).toMatch(/^127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)\. Check/);
    expect(mayPass(broken)).toBe(true);
  });

  it("is the connection, once the request has left", async () => {
    const { url } = await openFakeAtlas((_seen, response) => {
      response.socket?.resetAndDestroy();
      return true;
    });
    const broken = brokenOf(await openHttp().send(get(url), never));
    expect(broken).toMatchObject({ code: "ECONNRESET", sent: true });
    expect(broken).not.toHaveProperty("at");
    expect(told(broken)).toMatch(/^The connection to Atlas broke \(ECONNRESET\)\. Check/);
  });

  it("is the attempt's time", async () => {
    const { url } = await openFakeAtlas(() => true);
    const broken = brokenOf(await openHttp(100).send(get(url), never));
    expect(broken).toMatchObject({ code: "TimeoutError", sent: true });
    expect(told(broken)).toMatch(/^Atlas did not answer in time\./);
  });

  it("is the caller's time, where that had ended before", async () => {
    const { url } = await openFakeAtlas(() => true);
    const broken = brokenOf(await openHttp().send(get(url), AbortSignal.abort()));
    expect(broken).toEqual({ code: "AbortError", message: "out of time", sent: false });
  });

  it("is the connecting, which gets half of the attempt's time, so that nothing has left", async () => {
    const port = await listen(createTcpServer(() => {}));
    const attempt = await openHttp(3000).send(get(`https://127.0.0.1:${port}`), never);
    expect(brokenOf(attempt)).toMatchObject({ code: "UND_ERR_CONNECT_TIMEOUT", sent: false });
    expect(brokenOf(attempt).message).toContain("timeout: 1500ms");
  });

  it("is the call itself, which ends though the connecting goes on", async () => {
    const port = await listen(createTcpServer(() => {}));
    const startedAt = performance.now();
    const ended = AbortSignal.timeout(200);
    const attempt = await openHttp(8000).send(get(`https://127.0.0.1:${port}`), ended);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(brokenOf(attempt)).toMatchObject({ sent: false });
    expect(told(brokenOf(attempt))).toMatch(/^127\.0\.0\.1:\d+ could not be reached in time/);
  });
});

describe("a connection that is not secure", () => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = openCertificates();
  });
  afterAll(() => certificates.remove());

  it("since nobody vouches for the certificate has sent nothing", async () => {
    const port = await listen(createTlsServer(certificates.make(["127.0.0.1"])));
    const attempt = await openHttp().send(get(`https://127.0.0.1:${port}`), never);
    expect(brokenOf(attempt)).toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      sent: false,
      at: "tls",
    });
  });

  it.each<[code: string, says: RegExp]>([
    ["CERT_HAS_EXPIRED", /certificate of a\.test:443 is not valid today \(CERT_HAS.*clock/],
    ["CERT_NOT_YET_VALID", /is not valid today \(CERT_NOT.*clock/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /certificate of a\.test:443 is for another host name \(/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", /a\.test:443 does not speak TLS as it should \(/],
    ["EPROTO", /a\.test:443 does not speak TLS as it should \(/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /is not trusted \(SELF_SIGNED.*NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /is not trusted \(UNABLE.*NODE_EXTRA_CA_CERTS/],
  ])("says why: %s", (code, says) => {
    const broken: NetworkError = {
      code,
      message: "",
      sent: false,
      at: "tls",
      host: "a.test:443",
    };
    expect(told(broken)).toMatch(/^No secure connection: /);
    expect(told(broken)).toMatch(says);
    expect(mayPass(broken)).toBe(false);
  });
});

describe("a proxy", () => {
  /** A client that has proxies for http, https or both. */
  const through = (proxies: Proxies) => {
    const http = openHttp(5000, proxies);
    return (url: string) => http.send(get(url), never);
  };
  const open = async (hosts: Record<string, number>) => {
    const proxy = await startProxy(hosts);
    onTestFinished(() => proxy.close());
    return proxy;
  };

  it("that opens the way too late is given nothing to pass on", async () => {
    let passed = "";
    let opened = false;
    const port = await listen(
      createTcpServer((socket) => {
        socket.once("data", () => {
          setTimeout(() => {
            socket.on("data", (chunk) => {
              passed += chunk.toString();
            });
            socket.write("HTTP/1.1 200 Connection established\r\n\r\n", () => {
              opened = true;
            });
          }, 200);
        });
        socket.on("error", () => {});
      }),
    );
    const http = openHttp(8000, { httpProxy: secret(`http://127.0.0.1:${port}`) });
    const attempt = await http.send(get("http://atlas.test"), AbortSignal.timeout(50));
    expect(brokenOf(attempt)).toMatchObject({ code: "TimeoutError", sent: false, at: "proxy" });
    await until(() => opened, "the way");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(passed).toBe("");
  });

  it("is passed by for the names that need none", async () => {
    const proxy = await open({});
    const exchange = through({ httpProxy: secret(proxy.url), noProxy: "nowhere.invalid" });
    expect(brokenOf(await exchange("http://nowhere.invalid")).code).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(proxy.seen).toEqual([]);
  });

  it("is never before an address of this machine", async () => {
    const proxy = await open({});
    const { url } = await openFakeAtlas((_seen, response) => json(response, 200, { ok: true }));
    const attempt = await through({ httpProxy: secret(proxy.url) })(url);
    expect(attempt).toMatchObject({ response: { status: 200, json: { ok: true } } });
    expect(proxy.seen).toEqual([]);
  });

  it("says why its tunnel is not secure, too, where the other side has no TLS", async () => {
    const { url } = await openFakeAtlas(() => true);
    const proxy = await open({ "atlas.test:443": Number(new URL(url).port) });
    const attempt = await through({ httpsProxy: secret(proxy.url) })("https://atlas.test");
    expect(brokenOf(attempt)).toMatchObject({ sent: false, at: "tls" });
  });
});

describe("an address of this machine", () => {
  it.each([
    "http://localhost:8080/x",
    "https://127.0.0.1",
    "http://127.12.255.254",
    "http://[::1]:9",
  ])("is %s", (url) => expect(isLoopback(url)).toBe(true));

  it.each([
    "https://cloud.mongodb.com",
    "http://localhost.example.com",
    "http://my-localhost",
    "http://127.0.0.1.example.com",
    "http://x127.0.0.1.example",
    "http://128.0.0.1",
    "http://[::2]",
    "http://[::1:0]",
  ])("is not %s", (url) => expect(isLoopback(url)).toBe(false));
});
