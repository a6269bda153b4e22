/** A DNS server of the tests' own: over UDP, with the records that a test gives it, and nothing else. */
import { createSocket, type RemoteInfo } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { AddressInfo } from "node:net";
import { type Answer, decode, encode, type Packet, type Question } from "dns-packet";

/** The records by `TYPE name`, such as `A shard.shop.test`. A name that has none of any type does not exist. */
export type Zone = Record<string, unknown[]>;

export type DnsServer = {
  /** Resolves with this server alone. */
  resolver(options?: { timeout?: number; tries?: number }): Resolver;
  address: string;
  /** The questions so far, as `TYPE name`. */
  questions: string[];
  close(): Promise<void>;
};

// RFC 1035, section 4.1.1: the codes of an answer are the last four bits of the flags.
const rcodes = { none: 0, serverFailure: 2, noSuchName: 3 };

/** Names that begin with these words get no answer, or a failure in place of one. */
const silent = /\bsilent\./;
const failing = /\bfailing\./;

const keyOf = ({ type, name }: Question) => `${type} ${name.toLowerCase()}`;

const answerTo = (query: Packet, question: Question, zone: Zone): Buffer => {
  const data = zone[keyOf(question)] ?? [];
  const isKnown = Object.keys(zone).some((key) => key.endsWith(` ${question.name.toLowerCase()}`));
  const rcode = failing.test(question.name)
    ? rcodes.serverFailure
    : isKnown
      ? rcodes.none
      : rcodes.noSuchName;
  const answers = data.map((one) => ({ ...question, ttl: 0, data: one }) as Answer);
  const { id = 0 } = query;
  return encode({ type: "response", id, flags: rcode, questions: [question], answers });
};

/** Starts the server on a free port of this machine. */
export const startDns = async (zone: Zone): Promise<DnsServer> => {
  const socket = createSocket("udp4");
  const questions: string[] = [];
  socket.on("message", (message: Buffer, { port, address }: RemoteInfo) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    if (question === undefined) return;
    questions.push(keyOf(question));
    if (!silent.test(question.name)) socket.send(answerTo(query, question, zone), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(socket.address() as AddressInfo).port}`;
  return {
    address,
    questions,
    resolver: (options = {}) => {
      const resolver = new Resolver(options);
      resolver.setServers([address]);
      return resolver;
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
};
