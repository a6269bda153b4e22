/** Names and addresses, by Node's resolver and by the driver's rules for SRV and TXT records. */
import type { LookupAddress, SrvRecord } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { Clock } from "../common/deadline.ts";
import { errnoOf } from "../common/errno.ts";
import { errorWith } from "./cause.ts";
import { isReservedName } from "./reserved.ts";
import type { Host } from "./step.ts";

/** What a check needs of `Resolver` in node:dns/promises. */
export type NameResolver = {
  resolveSrv(name: string): Promise<SrvRecord[]>;
  resolveTxt(name: string): Promise<string[][]>;
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  cancel(): void;
};

/** A host with its addresses. */
export type Endpoint = Host & { addresses: LookupAddress[] };

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** Whether an SRV record of a name may lead to a host: the driver demands the same parent domain. */
const mayLeadTo = (name: string, host: string): boolean => {
  const labels = normal(name).split(".");
  const parent = labels.length < 3 ? labels : labels.slice(1);
  return host.endsWith(`.${parent.join(".")}`);
};

/** Refuses a name that cannot exist, so that nobody is asked for it. */
const refuseReserved = (name: string): void => {
  if (isReservedName(name))
    throw errorWith("RESERVED_NAME", `${name} is a name that never exists.`);
};

const resolveHosts = async (
  resolver: NameResolver,
  name: string,
  known: readonly string[] | undefined,
): Promise<Host[]> => {
  const records = await resolver.resolveSrv(`_mongodb._tcp.${name}`);
  const hosts = records.map((record) => ({ host: normal(record.name), port: record.port }));
  const isKnown = ({ host, port }: Host) =>
    known === undefined || known.map(normal).includes(`${host}:${port}`);
  const foreign = hosts.find((host) => !mayLeadTo(name, host.host) || !isKnown(host));
  if (foreign !== undefined)
    throw errorWith("FOREIGN_HOST", `The SRV record of ${name} names ${foreign.host}.`);
  return hosts;
};

const isNothing = (error: unknown): boolean => /^(ENODATA|ENOTFOUND)$/.test(errnoOf(error) ?? "");

const optionsInText = /^(authSource|replicaSet|loadBalanced)$/;

/** The options in the TXT record of a name, which need not have one. */
const resolveOptions = async (resolver: NameResolver, name: string): Promise<URLSearchParams> => {
  const records = await resolver.resolveTxt(name).catch((error: unknown): string[][] => {
    if (isNothing(error)) return [];
    throw error;
  });
  const options = new URLSearchParams(records[0]?.join(""));
  const isGood = ([option, value]: [string, string]) => optionsInText.test(option) && value !== "";
  if (records.length > 1 || ![...options].every(isGood))
    throw errorWith("UNREADABLE", `The TXT record of ${name} has options that it may not have.`);
  return options;
};

/** The hosts that a name of `mongodb+srv` stands for, and the database that knows its users. `known` are those it may name. */
export const resolveSrv = async (
  resolver: NameResolver,
  name: string,
  known?: readonly string[],
): Promise<{ hosts: Host[]; authSource: string | null }> => {
  refuseReserved(name);
  // Side by side, as the driver does it.
  const [hosts, options] = await Promise.all([
    resolveHosts(resolver, name, known),
    resolveOptions(resolver, name),
  ]);
  return { hosts, authSource: options.get("authSource") };
};

// Milliseconds that addresses of the other family may still take when one is known (RFC 8305, section 3).
const otherFamilyMs = 50;

// Milliseconds for names that only the machine itself knows, such as those in its file of hosts.
const ownNamesMs = 500;

/** What the machine's own look-up says, which applications use; nothing if it does not know the name. */
const lookUpHere = (host: string, clock: Clock): Promise<LookupAddress[]> =>
  Promise.race([
    lookup(host, { all: true }).catch(() => []),
    clock.sleep(ownNamesMs).then((): LookupAddress[] => []),
  ]);

const findAddresses = async (
  resolver: NameResolver,
  host: string,
  clock: Clock,
): Promise<LookupAddress[]> => {
  const found: LookupAddress[] = [];
  const collect = async (family: 4 | 6, asked: Promise<string[]>) => {
    for (const address of await asked) found.push({ address, family });
  };
  const asked = [collect(4, resolver.resolve4(host)), collect(6, resolver.resolve6(host))];
  await Promise.any(asked).catch(async ({ errors }: AggregateError) => {
    const own = await lookUpHere(host, clock);
    if (own.length === 0) throw errors.find((error) => errnoOf(error) !== "ENODATA") ?? errors[0];
    found.push(...own);
  });
  await Promise.race([Promise.allSettled(asked), clock.sleep(otherFamilyMs)]);
  return found.sort((one, other) => one.family - other.family);
};

/** A host with its addresses. An address in place of a name stands for itself. */
export const resolveAddresses = async (
  resolver: NameResolver,
  host: Host,
  clock: Clock,
): Promise<Endpoint> => {
  refuseReserved(host.host);
  const family = isIP(host.host);
  if (family !== 0) return { ...host, addresses: [{ address: host.host, family }] };
  return { ...host, addresses: await findAddresses(resolver, host.host, clock) };
};

/** A look-up for connections that knows this host and nothing else. */
export const lookupOf =
  ({ host, addresses }: Endpoint): LookupFunction =>
  (name, { all }, done) => {
    const [first] = addresses;
    if (first === undefined || normal(name) !== host)
      done(errorWith("ENOTFOUND", `${name} is not the host that is checked.`), "");
    else if (all) done(null, addresses);
    else done(null, first.address, first.family);
  };
