/** Every way in which a connection fails here, and at which step it is noticed. */
import { Resolver } from "node:dns/promises";
import type { Socket } from "node:net";
import { secret } from "../../../src/common/secret.ts";
import type { Cause } from "../../../src/connection/cause.ts";
import type { ConnectionCheck } from "../../../src/connection/check.ts";
import type { StepName } from "../../../src/connection/step.ts";
import { alertAtFirstWord, endAtFirstWord } from "../../support/tcp-server.ts";
import type { Database } from "./database.ts";
import { passTo } from "./pass.ts";
import { asIfOld, refusingAsAtlas } from "./wire-server.ts";

type Change = Partial<ConnectionCheck>;

/** What is wrong, where and as what it is noticed, and what makes it so. */
export type FailureRow = [
  what: string,
  step: StepName,
  cause: Cause,
  make: (database: Database) => Change | Promise<Change>,
];

const srv = (name: string): Change => ({ connectionString: `mongodb+srv://${name}/` });

/** A string as Atlas has them without SRV records. */
const at = (port: number, host = "shard-00-00.shop.test"): Change => ({
  connectionString: `mongodb://${host}:${port}/?ssl=true&authSource=admin`,
});

const says = (words: string) => (socket: Socket) => void socket.write(words);

const nothing = () => {};

/**
 * The database reads the length of a message in the handshake's first bytes. The handshake of Node 20 is so short that it
 * makes a length the database waits for; those of later releases make one that it refuses.
 */
const isShort = process.versions.node.startsWith("20.");

/** A resolver whose DNS server has ended: the port of a server that is closed. */
const withoutServer = (): Resolver => {
  const resolver = new Resolver({ timeout: 300, tries: 2 });
  resolver.setServers(["127.0.0.1:1"]);
  return resolver;
};

export const failures: FailureRow[] = [
  ["no such name", "dns_srv", "name_not_found", () => srv("nobody.shop.test")],
  ["a name without SRV records", "dns_srv", "no_records", () => srv("bare.shop.test")],
  ["a DNS server that is silent", "dns_srv", "timed_out", () => srv("silent.shop.test")],
  ["a DNS server that fails", "dns_srv", "dns_failed", () => srv("failing.shop.test")],
  ["no DNS server", "dns_srv", "dns_failed", () => ({ resolver: withoutServer() })],
  ["an SRV record to another domain", "dns_srv", "foreign_host", () => srv("foreign.shop.test")],
  ["a TXT record that sets tls", "dns_srv", "unreadable", () => srv("odd.shop.test")],
  ["no such host", "dns_address", "name_not_found", () => at(1, "nobody.shop.test")],
  ["a DNS server silent on a host", "dns_address", "timed_out", () => at(1, "silent.shop.test")],
  ["a closed port", "tcp", "refused", () => at(1)],
  [
    "a port that accepts and is silent",
    "tls",
    "timed_out",
    async ({ servers }) => at(await servers.tcp(nothing)),
  ],
  [
    "TLS alert 80, as Atlas answers an address that is not on the access list",
    "tls",
    "alert_internal_error",
    async ({ servers }) => at(await servers.tcp(alertAtFirstWord)),
  ],
  [
    "an end of the connection in the handshake",
    "tls",
    "closed",
    async ({ servers }) => at(await servers.tcp(endAtFirstWord)),
  ],
  [
    "a reset of the connection in the handshake",
    "tls",
    "closed",
    async ({ servers }) =>
      at(await servers.tcp((socket) => void socket.once("data", () => socket.resetAndDestroy()))),
  ],
  [
    "a certificate for another name",
    "tls",
    "certificate_for_other_name",
    ({ ferret }) => at(ferret.tls, "shard.other.test"),
  ],
  [
    "a certificate that nobody vouches for",
    "tls",
    "certificate_not_trusted",
    ({ certificates }) => ({ ca: certificates.make(["another.test"]).cert }),
  ],
  [
    "a certificate that has expired",
    "tls",
    "certificate_not_valid_now",
    async ({ certificates, servers }) => {
      const expired = certificates.make(["*.shop.test"], true);
      return { ...at(await servers.tls(expired, nothing)), ca: expired.cert };
    },
  ],
  [
    "a database without TLS",
    "tls",
    isShort ? "timed_out" : "closed",
    ({ ferret }) => at(ferret.tcp),
  ],
  [
    "a server of another kind without TLS",
    "tls",
    "not_tls",
    async ({ servers }) => at(await servers.tcp(says("SSH-2.0-OpenSSH_9.2\r\n"))),
  ],
  [
    "a database with TLS, asked without it",
    "hello",
    "closed",
    ({ ferret }) => ({ ...at(ferret.tls), tls: false }),
  ],
  [
    "silence after the handshake of TLS",
    "hello",
    "timed_out",
    async ({ certificate, servers }) => at(await servers.tls(certificate, nothing)),
  ],
  [
    "an end of the connection at hello",
    "hello",
    "closed",
    async ({ certificate, servers }) => at(await servers.tls(certificate, endAtFirstWord)),
  ],
  [
    "a server of another kind with TLS",
    "hello",
    "timed_out",
    async ({ certificate, servers }) =>
      at(await servers.tls(certificate, says("220 mail.shop.test ESMTP ready, says hello\r\n"))),
  ],
  [
    "a database of long ago",
    "hello",
    "incompatible",
    async ({ certificate, servers }) => at(await servers.tls(certificate, asIfOld)),
  ],
  [
    "a wrong password",
    "login",
    "login_refused",
    () => ({ password: secret("wrong-guess-of-a-password") }),
  ],
  ["a user who is not there", "login", "login_refused", () => ({ username: "nobody" })],
  [
    "a login that Atlas refuses",
    "login",
    "login_refused",
    async ({ certificate, servers }) => at(await servers.tls(certificate, refusingAsAtlas)),
  ],
  [
    "a server that goes away between hello and login",
    "login",
    "closed",
    async ({ ferret, servers }) => {
      const pass = passTo(ferret.tls);
      // The first connection is the check's own, the second says hello, and the third logs in.
      return at(await servers.tcp((socket, count) => (count < 3 ? pass(socket) : socket.end())));
    },
  ],
  [
    "a server that goes away in the login",
    "login",
    "closed",
    async ({ ferret, servers }) => {
      const pass = passTo(ferret.tcp, (said) => said.includes("saslStart"));
      return { ...at(await servers.tcp(pass)), tls: false };
    },
  ],
];
