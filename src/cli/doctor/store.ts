/** Checks the store that servers share, if there is one. */
import { messageOf } from "../../common/errno.ts";
import type { Container } from "../../container.ts";
import { StoreError } from "../../store/store-error.ts";
import type { Check } from "./check.ts";

const check = "store";

const valueIn = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];

/** What would make the store forget; undefined if nothing does, or it does not say. */
const forgets = (info: string): string | undefined => {
  const policy = valueIn(info, "maxmemory_policy");
  const isBounded = (valueIn(info, "maxmemory") ?? "0") !== "0";
  return isBounded && policy !== undefined && policy !== "noeviction" ? policy : undefined;
};

/** What to do about an answer of the store. */
const fixFor = (problem: string): string => {
  if (/^(NOAUTH|WRONGPASS)/.test(problem) || /AUTH/.test(problem))
    return "Correct the user name and the password in ATLAS_MCP_STORE.";
  if (problem.includes("NOPERM")) return "Give its user the permissions that docs/store.md lists.";
  return "Start the store, or correct ATLAS_MCP_STORE. Until then this server changes nothing.";
};

export const storeChecks = async ({ store }: Container): Promise<Check[]> => {
  if (store === undefined) return [];
  try {
    await store.check();
    const began = performance.now();
    await store.check();
    const took = (performance.now() - began).toFixed(1);
    const policy = forgets(await store.memory().catch(() => ""));
    if (policy === undefined) return [{ check, result: "ok", says: `answers in ${took} ms` }];
    return [
      {
        check,
        result: "warning",
        says: `answers in ${took} ms, and may forget before time: its memory is bounded, with the policy ${policy}`,
        fix: "Set maxmemory-policy noeviction.",
      },
    ];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const says = `does not answer: ${messageOf(error)}`;
    return [{ check, result: "failed", says, fix: fixFor(messageOf(error)) }];
  }
};
