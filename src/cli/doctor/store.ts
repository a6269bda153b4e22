/** Checks the store that servers share, if there is one. */
import { messageOf } from "../../common/errno.ts";
import { urlHost } from "../../common/url-host.ts";
import type { Container } from "../../container.ts";
import { storeAddressOf } from "../../store/address.ts";
import type { Store } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import type { Check } from "./check.ts";
import type { DoctorSettings } from "./settings.ts";

const check = "store";

const valueIn = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];

/** What would make the store forget; undefined if nothing does, or it does not say. */
const forgets = (info: string): string | undefined => {
  const policy = valueIn(info, "maxmemory_policy");
  const isBounded = (valueIn(info, "maxmemory") ?? "0") !== "0";
  return isBounded && policy !== undefined && policy !== "noeviction" ? policy : undefined;
};

/** What the words of the store, of its client and of Node amount to. */
type Cause = {
  words: RegExp;
  /** Said instead of the words, where they are those of the client. */
  means?: string;
  fix: string;
};

const login = "Correct the user name and the password in ATLAS_MCP_STORE.";

const silence = /no connection yet|timed out|wrong version number/;

// The first that fits.
const causes: readonly Cause[] = [
  { words: /NOAUTH|WRONGPASS/, fix: login },
  {
    // The last two are how Redis 7 and Valkey say it of a command in a script.
    words: /NOPERM|can't run this command|ACL failure/,
    fix: "Give its user the commands and the keys that docs/store.md lists.",
  },
  { words: /DB index/, fix: "Correct the number of the database in ATLAS_MCP_STORE." },
  { words: /OOM/, fix: "Give the store more memory (maxmemory)." },
  { words: /READONLY/, fix: "Name the server that takes writes: this one is a copy." },
  {
    words: /ENOTFOUND|EAI_AGAIN/,
    fix: "Correct the host in ATLAS_MCP_STORE, or the DNS of this machine.",
  },
  {
    words: /altnames/,
    fix: "Name the store in ATLAS_MCP_STORE by a host that its certificate is for.",
  },
  { words: /certificate (has expired|is not yet valid)/, fix: "Renew its certificate." },
  {
    words: /certificate/,
    fix: "Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS.",
  },
  {
    words: /max retries per request/,
    means: "it ends the connection before it says anything",
    fix: "If the store takes only TLS, write rediss://. It must not ask for a certificate of its clients (tls-auth-clients no).",
  },
  {
    words: silence,
    means: "nothing was understood before the time was over",
    fix: "Correct host and port in ATLAS_MCP_STORE, or let this machine through to them. If the store takes no TLS, write redis://.",
  },
  {
    words: /Protocol error/,
    means: "what answers there is neither Redis nor Valkey",
    fix: "Correct host and port in ATLAS_MCP_STORE.",
  },
];

const failed = (address: string, words: string): Check => {
  const cause = causes.find((one) => one.words.test(words));
  return {
    check,
    result: "failed",
    says: `${address} does not answer as it should: ${cause?.means ?? words}`,
    fix: `${cause?.fix ?? "Start the store, or correct ATLAS_MCP_STORE."} Until then this server changes nothing.`,
  };
};

/** Where the machine is busy, a first connection may take longer than a call would wait for it. */
const checkIn = async (store: Store, attempts: number): Promise<void> => {
  try {
    await store.check();
  } catch (error) {
    if (attempts === 1 || !silence.test(messageOf(error))) throw error;
    await checkIn(store, attempts - 1).catch((later: unknown) => {
      // The client's next attempt is for an IPv6 address, which the host may not have.
      throw messageOf(later).includes("ENOTFOUND") ? error : later;
    });
  }
};

export const storeChecks = async (
  settings: Pick<DoctorSettings, "store">,
  { store }: Container,
): Promise<Check[]> => {
  if (store === undefined || settings.store === undefined) return [];
  const { host, port } = storeAddressOf(settings.store.reveal());
  const address = `${urlHost(host)}:${port}`;
  try {
    await checkIn(store, 3);
    const began = performance.now();
    await store.check();
    const took = (performance.now() - began).toFixed(1);
    const policy = forgets(await store.memory().catch(() => ""));
    if (policy === undefined)
      return [{ check, result: "ok", says: `${address} answers in ${took} ms` }];
    return [
      {
        check,
        result: "warning",
        says: `${address} answers in ${took} ms, and may forget before time: its memory is bounded, with the policy ${policy}`,
        fix: "Set maxmemory-policy noeviction.",
      },
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [failed(address, messageOf(error))];
  }
};
