/** The keys of an issuer. However many tokens come, they are fetched at most twice a minute. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { messageOf } from "../../../common/errno.ts";
import { discoverKeys } from "./issuer.ts";
import { fetchDocument } from "./issuer-document.ts";

export type KeysOptions = {
  issuer: string;
  /** Called once for each fetch that fails. */
  onProblem(problem: string): void;
  /** Milliseconds between two fetches because of an unknown key, and after one that failed. */
  pauseMs?: number | undefined;
  now?: () => number;
};

/** In milliseconds: how long keys are used, and the address of the keys. */
const keysMs = 600_000;
const addressMs = 3_600_000;

type Found = { find: JWTVerifyGetKey; at: number };

export const createIssuerKeys = (options: KeysOptions): JWTVerifyGetKey => {
  const { issuer, onProblem, pauseMs = 30_000, now = () => performance.now() } = options;
  let address: { url: string; at: number } | undefined;
  let found: Found | undefined;
  let fetching: Promise<Found> | undefined;
  let last: { at: number; failed?: Error } | undefined;

  const isPaused = () => last !== undefined && now() - last.at < pauseMs;

  const load = async (): Promise<Found> => {
    if (address === undefined || now() - address.at > addressMs)
      address = { url: await discoverKeys(issuer), at: now() };
    const read = await fetchDocument(address.url);
    if ("problem" in read) throw new Error(read.problem);
    const set = read.json as JSONWebKeySet;
    // It throws unless the document is a key set.
    const find = createLocalJWKSet(set);
    // Those that are known stay, which an issuer that has lost its own would take away.
    if (set.keys.length === 0) throw new Error(`${address.url} has no keys`);
    return { find, at: now() };
  };

  const fetchKeys = async (): Promise<Found> => {
    try {
      found = await load();
      last = { at: now() };
      return found;
    } catch (error) {
      // The issuer may have moved its keys.
      address = undefined;
      const failed = new Error(`keys of ${issuer}: ${messageOf(error)}`);
      last = { at: now(), failed };
      onProblem(failed.message);
      throw failed;
    }
  };

  const reload = (): Promise<Found> => {
    if (fetching !== undefined) return fetching;
    if (last?.failed !== undefined && isPaused()) return Promise.reject(last.failed);
    fetching = fetchKeys().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return async (header, token) => {
    const isFresh = found !== undefined && now() - found.at < keysMs;
    const keys = found !== undefined && isFresh ? found : await reload();
    try {
      return await keys.find(header, token);
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey;
      if (!isUnknown || (last?.failed === undefined && isPaused())) throw error;
      return (await reload()).find(header, token);
    }
  };
};
