/** What a failed step of a connection means, and what helps. Together with what Atlas tells (`connection.ts`). */
import type { Cause } from "../connection/cause.ts";
import type { StepName } from "../connection/step.ts";

/** What helps: a repeat, an entry of the access list, the user, a new password; nothing where only a person can help. */
export type Remedy = "repeat" | "access" | "user" | "password";

export type Meaning = { says: string; remedies?: readonly Remedy[] };

type Row = readonly [steps: readonly StepName[], causes: readonly Cause[], meaning: Meaning];

const names: readonly StepName[] = ["dns_srv", "dns_address"];
const certificates: readonly Cause[] = [
  "certificate_for_other_name",
  "certificate_not_trusted",
  "certificate_not_valid_now",
];

const rows: readonly Row[] = [
  [
    names,
    ["name_not_found", "no_records"],
    {
      says: "DNS does not know the cluster's name. That of a new cluster takes a moment to be known everywhere; else the DNS server of this machine does not pass the answer on (some routers drop SRV records).",
      remedies: ["repeat"],
    },
  ],
  [
    names,
    ["reserved_name"],
    {
      says: "This is a host of the sandbox, which has no database: nothing can connect to it. Nobody was asked for its name.",
    },
  ],
  [
    names,
    ["dns_failed", "timed_out"],
    {
      says: "The DNS server of this machine failed or did not answer, so nothing was found out about the cluster. Check the network and its DNS server.",
      remedies: ["repeat"],
    },
  ],
  [
    names,
    ["foreign_host"],
    {
      says: "DNS names a host that Atlas did not return. Nothing was sent there: something may be changing the answers of DNS.",
    },
  ],
  [
    names,
    ["unreadable"],
    {
      says: "DNS or Atlas gives something that drivers of MongoDB refuse, so no application can connect with it: an option in a TXT record, or a connection string of another form.",
    },
  ],
  [
    ["tcp"],
    ["refused"],
    {
      says: "The cluster's host refused the connection, which Atlas does not do: a firewall or something else on the way did. Let this machine connect to the ports of the cluster (27017).",
    },
  ],
  [
    ["tcp"],
    ["timed_out", "unreachable"],
    {
      says: "The cluster's hosts were not reached. Usually a firewall on this side drops connections to port 27017; else the address is not on the access list, or the cluster is down.",
      remedies: ["access", "repeat"],
    },
  ],
  [
    ["tls"],
    ["alert_internal_error"],
    {
      says: "Atlas ended the handshake of TLS as it does for an address that is not on the access list.",
      remedies: ["access"],
    },
  ],
  [
    ["tls", "hello"],
    ["closed", "timed_out", "alert"],
    {
      says: "The other side ended the connection, or was silent. Atlas does so for an address that is not on the access list; a proxy or firewall on the way can look the same.",
      remedies: ["access", "repeat"],
    },
  ],
  [
    ["tls"],
    certificates,
    {
      says: "What answered has a certificate that is not good for this host: something on the way opens TLS, or the clock of this machine is wrong. Nothing was sent there. A company's own certificate can be trusted with NODE_EXTRA_CA_CERTS.",
    },
  ],
  [
    ["tls", "hello", "login", "ping"],
    ["not_tls", "incompatible"],
    {
      says: "What answered is no MongoDB that this check knows, or let nobody log in: something on the way may have answered.",
    },
  ],
  [
    ["login"],
    ["closed", "timed_out"],
    {
      says: "The connection ended in the login, before the password was judged.",
      remedies: ["repeat"],
    },
  ],
];

const stoppedMeaning: Meaning = {
  says: "The time of this call was up before the check had ended.",
  remedies: ["repeat"],
};

/** The meaning of a failed step by itself. A refused login means what Atlas says of the user. */
export const meaningOf = (step: StepName, cause: Cause): Meaning => {
  if (cause === "stopped") return stoppedMeaning;
  const row = rows.find(([steps, causes]) => steps.includes(step) && causes.includes(cause));
  return (
    row?.[2] ?? { says: "This failure is not known; code has its name.", remedies: ["repeat"] }
  );
};
