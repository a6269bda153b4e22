/** Opens the store that this server shares with others, if the operator has set one. */
import type { Clock } from "./common/deadline.ts";
import type { Log } from "./common/log.ts";
import type { Redactor } from "./common/redact.ts";
import type { Config, Credentials } from "./config/config.ts";
import { storeAddressOf } from "./store/address.ts";
import { createStore, type Store } from "./store/store.ts";

type Settings = Pick<Config, "store" | "credentials" | "requestTimeoutMs">;

type Parts = {
  /** Where changes go: servers with another address share nothing but limits of requests and used consents. */
  address: string;
  clock: Clock;
  log: Log;
  redactor: Redactor;
  /** Learns whether the store answers, each time that this changes. */
  onStore?: ((answers: boolean) => void) | undefined;
};

const idOf = (credentials: Credentials | undefined): string => {
  if (credentials === undefined) return "";
  return (credentials.kind === "api_key" ? credentials.publicKey : credentials.clientId).reveal();
};

export const openStore = (
  { store: url, credentials, requestTimeoutMs }: Settings,
  { address, clock, log, redactor, onStore }: Parts,
): Store | undefined => {
  if (url === undefined) return undefined;
  const { password } = storeAddressOf(url.reveal());
  if (password !== undefined) redactor.add(password);
  return createStore({
    url,
    clock,
    backend: address,
    credential: idOf(credentials),
    requestMs: requestTimeoutMs,
    onChange: (problem) => {
      onStore?.(problem === undefined);
      if (problem === undefined) log.warn?.({}, "store answers");
      else log.error?.({ problem }, "store does not answer");
    },
  });
};
