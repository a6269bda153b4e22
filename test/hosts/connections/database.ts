/** A cluster as Atlas has them: SRV and TXT records, TLS, and a server that speaks MongoDB's protocol and knows a user. */
import { secret } from "../../../src/common/secret.ts";
import {
  type ConnectionCheck,
  type ConnectionReport,
  checkConnection,
} from "../../../src/connection/check.ts";
import { type DnsServer, startDns } from "../../support/dns-server.ts";
import { openServers, type TcpServers } from "../../support/tcp-server.ts";
import { type Certificate, type Certificates, openCertificates } from "../../support/tls.ts";
import { type FerretDb, startFerretDb } from "../ferretdb/server.ts";

export const username = "app";
export const password = "sesame-open-it-please-4711";

/** What the server says that it belongs to. */
export const replicaSet = "atlas-test-shard-0";

/** Milliseconds that a step may take. */
export const stepMs = 1500;

export type Database = {
  ferret: FerretDb;
  dns: DnsServer;
  servers: TcpServers;
  certificates: Certificates;
  certificate: Certificate;
  /** How many connections came to the member that the server names. */
  strayed(): number;
  check(changes?: Partial<ConnectionCheck>): Promise<ConnectionReport>;
  checkWithoutUser(): Promise<ConnectionReport>;
  close(): Promise<void>;
};

const record = (port: number, target: string) => ({ priority: 0, weight: 0, port, target });

const zoneFor = (port: number) => ({
  "SRV _mongodb._tcp.orders.shop.test": [record(port, "shard-00-00.shop.test")],
  "TXT orders.shop.test": [`authSource=admin&replicaSet=${replicaSet}`],
  "A shard-00-00.shop.test": ["127.0.0.1"],
  "A shard.other.test": ["127.0.0.1"],
  "SRV _mongodb._tcp.foreign.shop.test": [record(port, "shard.other.test")],
  "SRV _mongodb._tcp.odd.shop.test": [record(port, "shard-00-00.shop.test")],
  "TXT odd.shop.test": ["tls=false"],
  "TXT _mongodb._tcp.bare.shop.test": ["known, but without the record that is asked for"],
});

/** Starts it all. The first build of the server takes a minute or two. */
export const openDatabase = async (): Promise<Database> => {
  const certificates = openCertificates();
  const certificate = certificates.make(["*.shop.test"]);
  const servers = openServers();
  let strays = 0;
  const elsewhere = await servers.tcp((_socket, count) => {
    strays = count;
  });
  const member = `127.0.0.1:${elsewhere}`;
  const ferret = await startFerretDb({ username, password, certificate, member });
  const dns = await startDns(zoneFor(ferret.tls));
  const cluster = () => ({
    connectionString: "mongodb+srv://orders.shop.test/",
    ca: certificate.cert,
    signal: new AbortController().signal,
    stepMs,
    resolver: dns.resolver({ timeout: 300, tries: 2 }),
  });
  return {
    ferret,
    dns,
    servers,
    certificates,
    certificate,
    strayed: () => strays,
    check: (changes = {}) =>
      checkConnection({ ...cluster(), username, password: secret(password), ...changes }),
    checkWithoutUser: () => checkConnection(cluster()),
    close: async () => {
      servers.close();
      await ferret.close();
      await dns.close();
      certificates.remove();
    },
  };
};
