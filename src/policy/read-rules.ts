import type { Config } from "../config/config.ts";
import type { Rules } from "./rules.ts";

/** The operator's rules. Loads the code that reads a policy file only if there is one. */
export const readRules = async (policy: Config["policy"]): Promise<Rules> => {
  if (policy === undefined) return {};
  const { readPolicy } = await import("./file.ts");
  return readPolicy(policy.path, policy.from);
};
