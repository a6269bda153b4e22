/** What each create must say and leave behind under each fault, derived from docs/architecture.md#lost-answers. `matrix.test.ts` runs every entry. */
import type { Create, Subject } from "./subjects.ts";

export const repeats = ["once", "always"] as const;

export type Repeat = (typeof repeats)[number];

/** The answer, and what is true when it is given. */
export type Ending = {
  status: "ok" | "error";
  outcome: string;
  reconciled?: true;
  code?: string;
  retry?: string;
  /** Posts or deletes: those that left this server, and those that arrived. */
  sent: number;
  arrived: number;
  /** Resources of the name. */
  resources: number;
};

export type Row<S extends Subject = Subject> = {
  /** As the sandbox or the proxy is told it; milliseconds and seconds are those of the server's clock. */
  fault: string;
  by: "sandbox" | "wire";
  meaning: string;
  /** The fault strikes what is made before the call, not the call's own request. */
  before?: true;
  endings: Partial<Record<S, Record<Repeat, Ending>>>;
};

/** Answers that something on the way gives instead of Atlas, as [fault, meaning]; each comes before or after the work is done. */
export const strangers: readonly [fault: string, meaning: string][] = [
  ["json_portal", "a login message with status 200"],
  ["json_portal:302", "a redirect to a login page"],
  ["json_portal:403", "a gateway's 403"],
  ["html:404", "a proxy's page with status 404"],
  ["html:418", "a page with a status that nobody expects"],
  ["json_portal:499", "a proxy that has given up"],
  ["foreign", "somebody else's resource"],
];

export type Pair = readonly [once: Ending, always: Ending];

export const both = (ending: Ending): Pair => [ending, ending];

const made = (sent: number, arrived = sent): Ending => ({
  status: "ok",
  outcome: "created",
  sent,
  arrived,
  resources: 1,
});

/** Absent before and present after: it is ours. */
const found = (sent = 1): Ending => ({ ...made(sent), reconciled: true });

const lost = (sent: number, arrived = sent, more: Partial<Ending> = {}): Ending => ({
  status: "error",
  outcome: "unknown",
  code: "outcome_unknown",
  retry: "same_arguments",
  sent,
  arrived,
  resources: 0,
  ...more,
});

const refused = (code: string, retry: string, sent = 1, more: Partial<Ending> = {}): Ending => ({
  status: "error",
  outcome: "not_created",
  code,
  retry,
  sent,
  arrived: sent,
  resources: 0,
  ...more,
});

type Endings = Row<Create>["endings"];

const toldOf = ([once, always]: Pair): Record<Repeat, Ending> => ({ once, always });

/** Users and entries go as clusters do: Atlas keeps their names unique itself. */
const forms = (
  project: Pair,
  cluster: Pair,
  { taggedProject = project, taggedCluster = cluster, entry = cluster } = {},
): Endings => ({
  project: toldOf(project),
  "tagged project": toldOf(taggedProject),
  cluster: toldOf(cluster),
  "tagged cluster": toldOf(taggedCluster),
  "database user": toldOf(cluster),
  "access list entry": toldOf(entry),
});

const all = (pair: Pair) => forms(pair, pair);

/** Atlas did nothing and did not say so: a project stays unknown, a cluster, whose name is enforced, is posted once more. */
const undone = (delivered: 0 | 1) =>
  forms(both(lost(1, delivered)), [made(2, 1 + delivered), lost(2, 2 * delivered)]);

const done = all(both(found()));

const plain = (code: string, retry = "after_fix") => all(both(refused(code, retry)));

// A refusal of tags may come after the resource was made, so it is looked for; the tags have to be mended.
const tagsRefused = both(refused("invalid_input", "after_fix", 1, { outcome: "unknown" }));
const maybeRefused = forms(
  both(refused("invalid_input", "after_fix")),
  both(refused("invalid_input", "after_fix")),
  { taggedProject: tagsRefused, taggedCluster: tagsRefused },
);

// Not known of Atlas for a create without tags: there a 400 is believed, and the answer is wrong.
const believed = both(refused("invalid_input", "after_fix", 1, { resources: 1 }));

// The name is taken by what cannot be seen: that it exists is all that is known.
const takenUnseen: Ending = {
  ...refused("name_conflict", "after_delay", 2),
  outcome: "exists",
  resources: 1,
};
const unseen = { resources: 1 };

const sandbox = (fault: string, meaning: string, endings: Endings): Row<Create> => ({
  fault,
  by: "sandbox",
  meaning,
  endings,
});

const wire = (fault: string, meaning: string, endings: Endings): Row<Create> => ({
  fault,
  by: "wire",
  meaning,
  endings,
});

const onlyProjects = ({ project, "tagged project": tagged }: Endings) =>
  ({ project, "tagged project": tagged }) as Endings;

const onlyClusters = ({ cluster, "tagged cluster": tagged }: Endings) =>
  ({ cluster, "tagged cluster": tagged }) as Endings;

export const rows: readonly Row<Create>[] = [
  sandbox("reset", "connection reset, nothing done", undone(1)),
  sandbox("hang", "no answer, nothing done", undone(1)),
  sandbox("truncate", "a 500 cut short, nothing done", undone(1)),
  sandbox("html_503", "a proxy's page, nothing done", undone(1)),
  sandbox("error:500:UNEXPECTED_ERROR", "a 500, nothing done", undone(1)),
  sandbox(
    "empty_401",
    "the token is not known any more: one renewal, which is no repeat",
    all([made(2), refused("unauthenticated", "after_fix", 2)]),
  ),
  sandbox("error:400:VALIDATION_ERROR", "a 400 that the table does not trust", maybeRefused),
  sandbox("error:400:", "a 400 without an errorCode", maybeRefused),
  sandbox("error:400:INVALID_ENUM_VALUE", "a plain refusal", plain("invalid_input")),
  sandbox("error:401:USER_UNAUTHORIZED", "a role is missing", plain("forbidden")),
  sandbox("error:402:NO_PAYMENT_INFORMATION_FOUND", "no card", plain("payment_required")),
  sandbox("error:403:ACCESS_FORBIDDEN", "not allowed", plain("forbidden")),
  sandbox("error:409:", "a conflict without an errorCode", plain("conflict")),
  sandbox("error:418:TEAPOT", "an answer that nobody expects", plain("internal", "never")),
  sandbox("rate_limit", "429, wait 55 s: more than there is", plain("rate_limited", "after_delay")),
  sandbox(
    "rate_limit:5",
    "429, wait 5 s: three attempts in all",
    all([made(2), refused("rate_limited", "after_delay", 3)]),
  ),
  sandbox(
    "rate_limit_no_header",
    "429, the wait stands in the body only",
    plain("rate_limited", "after_delay"),
  ),
  sandbox("delay:2000", "done after 2 s", all(both(made(1)))),
  sandbox("commit_then_reset", "done, then the connection reset", done),
  sandbox("commit_then_hang", "done, then no answer", done),
  sandbox("commit_then_truncate", "done, the answer cut short", done),
  sandbox("commit_then_500", "done, then a 500", done),
  sandbox(
    "commit_then_error:400:VALIDATION_ERROR",
    "done, then a refusal (seen of Atlas only with tags)",
    forms(believed, believed, {
      taggedProject: both(found()),
      taggedCluster: both(found()),
    }),
  ),
  ...strangers.flatMap(([fault, meaning]) => [
    sandbox(fault, `${meaning}, nothing done`, undone(1)),
    sandbox(`commit_then_${fault}`, `done, then ${meaning}`, done),
  ]),
  sandbox("stale_reads:2", "done, the next 2 reads miss it", all(both(made(1)))),
  sandbox("stale_reads:2+commit_then_reset", "done, reset, the next 2 reads miss it", done),
  sandbox(
    "stale_reads:20+commit_then_reset",
    "done, reset, no look-up sees it",
    forms(both(lost(1, 1, unseen)), [takenUnseen, lost(2, 2, unseen)], {
      // A second entry takes the place of the first.
      entry: [made(2, 2), lost(2, 2, unseen)],
    }),
  ),
  sandbox("stuck_creating", "never ready", onlyClusters(all(both(made(1))))),
  sandbox("racy", "the name is not checked; nobody races here", onlyProjects(all(both(made(1))))),

  wire("pass", "nothing goes wrong", all(both(made(1)))),
  wire("reset_before_forward", "reset before anything arrived", undone(0)),
  wire("reset_before_answer", "done, reset before the answer", done),
  wire("reset_after_first_byte", "done, reset after one byte of the answer", done),
  wire("truncate:20", "done, the head of the answer cut short", done),
  wire("truncate:-1", "done, the last byte of the body missing", done),
  wire("black_hole_undelivered", "nothing arrives, nothing answers", undone(0)),
  wire("black_hole_delivered", "done, nothing answers", done),
  wire("held:16000", "arrives and is done after 16 s, past the time-out of 10 s", done),
  wire(
    "held:38000",
    "arrives and is done after 38 s, past every look-up for the first post",
    forms(both(lost(1, 0)), [made(2, 1), { ...found(2), arrived: 1 }]),
  ),
  wire("latency:2000", "the answer 2 s late", all(both(made(1)))),
  wire("latency:12000", "the answer 12 s late, past the time-out of 10 s", done),
  wire("garbage", "done, the answer is no HTTP", done),
  wire("portal", "somebody else's page with status 200, nothing arrived", undone(0)),
  wire("drip", "the answer byte by byte", all(both(made(1)))),
];
