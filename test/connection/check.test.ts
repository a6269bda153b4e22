import node from "node:dns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkConnection } from "../../src/connection/check.ts";
import { type DnsServer, startDns } from "../support/dns-server.ts";
import {
  alertAtFirstWord,
  endAtFirstWord,
  openServers,
  type TcpServers,
} from "../support/tcp-server.ts";
import { type Certificates, openCertificates } from "../support/tls.ts";

let dns: DnsServer;
let servers: TcpServers;
let certificates: Certificates;
let zone: Record<string, unknown[]>;

beforeAll(async () => {
  zone = { "A db.shop.test": ["127.0.0.1"], "AAAA six.shop.test": ["::1"] };
  dns = await startDns(zone);
  servers = openServers();
  certificates = openCertificates();
});
afterAll(async () => {
  await dns.close();
  servers.close();
  certificates.remove();
});

const optionsOf = (connectionString: string) => ({
  connectionString,
  signal: new AbortController().signal,
  stepMs: 1000,
  resolver: dns.resolver({ timeout: 100, tries: 2 }),
});

const check = (connectionString: string, more: object = {}) =>
  checkConnection({ ...optionsOf(connectionString), ...more });

const failureOf = async (...args: Parameters<typeof check>) => {
  const report = await check(...args);
  if (report.connected) throw new Error("It is connected.");
  return [report.failedStep, report.cause, report.code];
};

const target = (name: string) => ({ priority: 0, weight: 0, port: 1, target: name });

describe("names", () => {
  const inZone = async (name: string, srv: object[], txt: string[] = []) => {
    zone[`SRV _mongodb._tcp.${name}`] = srv;
    zone[`TXT ${name}`] = txt;
    const { steps, ...report } = await check(`mongodb+srv://${name}/`);
    return { ...report, steps: steps.map(({ step }) => step) };
  };

  it.each([
    ["a.shop.test", "db.shop.test"],
    ["b.shop.test", "DB.shop.test"],
    ["shop.test", "db.shop.test"],
  ])("lets the SRV record of %s lead to %s", async (name, host) => {
    const report = await inZone(name, [target(host)]);
    expect(report).toMatchObject({ failedStep: "tcp", steps: ["dns_srv", "dns_address", "tcp"] });
  });

  it.each([
    ["c.shop.test", "db.sale.test"],
    ["d.shop.test", "db.othershop.test"],
    ["e.shop.test", "shop.test"],
    ["sale.test", "sale.test"],
    ["f.eu.shop.test", "db.shop.test"],
  ])("does not follow the SRV record of %s to %s", async (name, host) => {
    const before = dns.questions.length;
    const report = await inZone(name, [target("db.shop.test"), target(host)]);
    expect(report).toMatchObject({ cause: "foreign_host", steps: ["dns_srv"] });
    expect(dns.questions.slice(before)).not.toContain(`A ${host}`);
  });

  it.each([
    [["authSource=admin&replicaSet=a"], "tcp"],
    [[], "tcp"],
    [["tls=false"], "dns_srv"],
    [["authSource="], "dns_srv"],
    [["authSource=admin", "replicaSet=a"], "dns_srv"],
  ])("with the TXT records %j come to %s", async (txt, failedStep) => {
    const report = await inZone("t.shop.test", [target("db.shop.test")], txt);
    expect(report).toMatchObject({ failedStep });
  });

  it("are asked of the servers that Node has been given", async () => {
    const before = node.getServers();
    node.setServers([dns.address]);
    const { resolver: _, ...connection } = optionsOf("mongodb+srv://nobody.shop.test");
    expect(await checkConnection(connection)).toMatchObject({ code: "ENOTFOUND" });
    node.setServers(before);
    expect(dns.questions).toContain("SRV _mongodb._tcp.nobody.shop.test");
  });

  it("are found by either family of addresses", async () => {
    // Refused, or unreachable where this machine has no IPv6.
    expect(await failureOf("mongodb://six.shop.test:1")).toContain("tcp");
  });

  it.each([
    ["mongodb+srv://nobody.shop.test", ["dns_srv", "name_not_found", "ENOTFOUND"]],
    ["mongodb+srv://silent.shop.test", ["dns_srv", "timed_out", "ETIMEOUT"]],
    ["mongodb+srv://failing.shop.test", ["dns_srv", "dns_failed", "ESERVFAIL"]],
    ["mongodb://nobody.shop.test", ["dns_address", "name_not_found", "ENOTFOUND"]],
    ["mongodb://silent.shop.test", ["dns_address", "timed_out", "ETIMEOUT"]],
    ["mongodb://app:word@db.shop.test", ["dns_srv", "unreadable", "UNREADABLE"]],
  ])("of %s fail as %j", async (connectionString, failure) => {
    expect(await failureOf(connectionString)).toEqual(failure);
  });
});

describe("connections", () => {
  const serve = (serving: Parameters<TcpServers["tcp"]>[0]) => servers.tcp(serving);

  it("are not made after the signal", async () => {
    const signal = AbortSignal.abort();
    expect(await failureOf("mongodb://db.shop.test", { signal })).toEqual([
      "dns_address",
      "stopped",
      "STOPPED",
    ]);
  });

  it("end with the signal", async () => {
    const port = await serve(() => {});
    const signal = AbortSignal.timeout(50);
    const failure = await failureOf(`mongodb://db.shop.test:${port}`, { signal, stepMs: 60_000 });
    expect(failure).toEqual(["tls", "stopped", "STOPPED"]);
  });

  it("tell silence, an alert and an end in the handshake apart", async () => {
    const silent = await serve(() => {});
    const alerting = await serve(alertAtFirstWord);
    const ending = await serve(endAtFirstWord);
    const causeAt = async (port: number, stepMs = 5000) =>
      (await failureOf(`mongodb://db.shop.test:${port}`, { stepMs }))[1];
    expect(await causeAt(silent, 100)).toBe("timed_out");
    expect(await causeAt(alerting)).toBe("alert_internal_error");
    expect(await causeAt(ending)).toBe("closed");
  });

  it("go on with the hosts that can be reached, and name the others", async () => {
    const certificate = certificates.make(["db.shop.test"]);
    const port = await servers.tls(certificate, endAtFirstWord);
    const alerting = await serve(alertAtFirstWord);
    const hosts = ["nobody.shop.test:1", "db.shop.test:1"];
    const all = [...hosts, `db.shop.test:${alerting}`, `db.shop.test:${port}`];
    const report = await check(`mongodb://${all}/`, { ca: certificate.cert });
    expect(report).toMatchObject({ failedStep: "hello", cause: "closed" });
    expect(report.problems.map(({ step, cause }) => [step, cause])).toEqual([
      ["dns_address", "name_not_found"],
      ["tcp", "refused"],
      ["tls", "alert_internal_error"],
    ]);
  });

  it("have their steps and times in order", async () => {
    const { steps } = await check("mongodb://db.shop.test:1");
    expect(steps).toEqual([
      { step: "dns_address", ms: expect.any(Number) },
      { step: "tcp", ms: expect.any(Number), problem: expect.anything() },
    ]);
  });
});
