/** What each delete must say and leave behind under each fault. `matrix.test.ts` runs every entry. */
import { both, type Ending, type Pair, type Row, strangers } from "./expected.ts";
import { type Delete, deletes } from "./subjects.ts";

const gone = (sent: number, arrived = sent): Ending => ({
  status: "ok",
  outcome: "deleted",
  sent,
  arrived,
  resources: 0,
});

/** There before and gone after: whatever the answer was. */
const found = (sent = 1, arrived = sent): Ending => ({ ...gone(sent, arrived), reconciled: true });

const failed = (code: string, retry: string, sent = 1, more: Partial<Ending> = {}): Ending => ({
  status: "error",
  outcome: "not_deleted",
  code,
  retry,
  sent,
  arrived: sent,
  resources: 1,
  ...more,
});

const lost = (sent: number, arrived = sent): Ending =>
  failed("outcome_unknown", "same_arguments", sent, { outcome: "unknown", arrived });

const plain = (code: string, retry = "after_fix") => both(failed(code, retry));

/** Atlas did nothing and did not say so: what is still there under the same id is asked for once more. */
const undone = (delivered: 0 | 1): Pair => [gone(2, 1 + delivered), lost(2, 2 * delivered)];

const done = both(found());

const endingsOf = (subjects: readonly Delete[], [once, always]: Pair): Row<Delete>["endings"] =>
  Object.fromEntries(subjects.map((subject) => [subject, { once, always }]));

const row = (by: Row["by"], fault: string, meaning: string, pair: Pair): Row<Delete> => ({
  fault,
  by,
  meaning,
  endings: endingsOf(deletes, pair),
});

export const deleteRows: readonly Row<Delete>[] = [
  row("sandbox", "reset", "connection reset, nothing done", undone(1)),
  row("sandbox", "hang", "no answer, nothing done", undone(1)),
  row("sandbox", "truncate", "a 500 cut short, nothing done", undone(1)),
  row("sandbox", "html_503", "a proxy's page, nothing done", undone(1)),
  row("sandbox", "error:500:UNEXPECTED_ERROR", "a 500, nothing done", undone(1)),
  row("sandbox", "empty_401", "the token is not known any more: one renewal, which is no repeat", [
    gone(2),
    failed("unauthenticated", "after_fix", 2),
  ]),
  row("sandbox", "error:400:", "a 400 without an errorCode", plain("invalid_input")),
  row("sandbox", "error:401:USER_UNAUTHORIZED", "a role is missing", plain("forbidden")),
  row("sandbox", "error:403:ACCESS_FORBIDDEN", "not allowed", plain("forbidden")),
  row("sandbox", "error:409:", "a conflict without an errorCode", plain("conflict")),
  row("sandbox", "error:418:TEAPOT", "an answer that nobody expects", plain("internal", "never")),
  row(
    "sandbox",
    "rate_limit",
    "429, wait 55 s: more than there is",
    plain("rate_limited", "after_delay"),
  ),
  row("sandbox", "rate_limit:5", "429, wait 5 s: three attempts in all", [
    gone(2),
    failed("rate_limited", "after_delay", 3),
  ]),
  row("sandbox", "delay:2000", "done after 2 s", both(gone(1))),
  row("sandbox", "commit_then_reset", "done, then the connection reset", done),
  row("sandbox", "commit_then_hang", "done, then no answer", done),
  row("sandbox", "commit_then_truncate", "done, the answer cut short", done),
  row("sandbox", "commit_then_500", "done, then a 500", done),
  ...strangers.flatMap(([fault, meaning]) => [
    row("sandbox", fault, `${meaning}, nothing done`, undone(1)),
    row("sandbox", `commit_then_${fault}`, `done, then ${meaning}`, done),
  ]),
  row(
    "sandbox",
    "commit_then_error:400:ATLAS_GENERAL_ERROR",
    "somebody else's delete has begun: waited for like one's own",
    both(gone(1)),
  ),
  // Only of clusters: projects have no such sentence.
  {
    fault: "error:400:ATLAS_GENERAL_ERROR",
    by: "sandbox",
    meaning: "Atlas says that a delete has begun; none has",
    endings: {
      "delete of a cluster": {
        once: gone(2),
        always: failed("outcome_unknown", "after_delay", 2, { outcome: "unknown" }),
      },
    },
  },
  {
    ...row(
      "sandbox",
      "stale_reads:2",
      "the next 2 reads miss what is to be deleted",
      both(gone(1)),
    ),
    before: true,
  },
  {
    fault: "ignored_delete",
    by: "sandbox",
    meaning: "accepted and not acted on: asked for once more",
    endings: endingsOf(
      ["delete of a cluster", "delete of a project"],
      [gone(2), failed("outcome_unknown", "after_delay", 2, { outcome: "unknown" })],
    ),
  },

  row("wire", "pass", "nothing goes wrong", both(gone(1))),
  row("wire", "reset_before_forward", "reset before anything arrived", undone(0)),
  row("wire", "reset_before_answer", "done, reset before the answer", done),
  row("wire", "reset_after_first_byte", "done, reset after one byte of the answer", done),
  row("wire", "truncate:20", "done, the head of the answer cut short", done),
  row("wire", "black_hole_undelivered", "nothing arrives, nothing answers", undone(0)),
  row("wire", "black_hole_delivered", "done, nothing answers", done),
  row("wire", "held:16000", "arrives and is done after 16 s, past the time-out of 10 s", done),
  // The first is given up when the second has gone through; it arrives where nothing is left.
  row("wire", "held:38000", "arrives and is done after 38 s, past every look-up for the first", [
    gone(2, 1),
    found(2, 1),
  ]),
  row("wire", "latency:2000", "the answer 2 s late", both(gone(1))),
  row("wire", "latency:12000", "the answer 12 s late, past the time-out of 10 s", done),
  row("wire", "garbage", "done, the answer is no HTTP", done),
  row("wire", "portal", "somebody else's page with status 200, nothing arrived", undone(0)),
  row("wire", "drip", "the answer byte by byte", both(gone(1))),
];
