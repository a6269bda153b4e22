/** No login, for what Atlas offers to anybody. */
import type { Authenticator } from "./authenticator.ts";

export const noLogin: Authenticator = {
  header: async () => undefined,
  renew: async () => false,
  close: async () => {},
};
