/** What each update must say and leave behind under each fault. `matrix.test.ts` runs every entry. */
import { both, type Ending, type Pair, type Row, strangers } from "./expected.ts";
import { type Update, updates } from "./subjects.ts";

const updated = (sent: number, arrived = sent): Ending => ({
  status: "ok",
  outcome: "updated",
  sent,
  arrived,
  resources: 1,
});

/** As asked afterwards: whatever the answer was. */
const found = (sent = 1, arrived = sent): Ending => ({
  ...updated(sent, arrived),
  reconciled: true,
});

const failed = (code: string, retry: string, sent = 1, more: Partial<Ending> = {}): Ending => ({
  status: "error",
  outcome: "not_updated",
  code,
  retry,
  sent,
  arrived: sent,
  resources: 0,
  ...more,
});

const lost = (sent: number, arrived = sent): Ending =>
  failed("outcome_unknown", "same_arguments", sent, { outcome: "unknown", arrived });

const plain = (code: string, retry = "after_fix") => both(failed(code, retry));

/** Atlas did nothing and did not say so: what is not as asked is sent once more. */
const undone = (delivered: 0 | 1): Pair => [updated(2, 1 + delivered), lost(2, 2 * delivered)];

const done = both(found());

const row = (by: Row["by"], fault: string, meaning: string, [once, always]: Pair): Row<Update> => ({
  fault,
  by,
  meaning,
  endings: Object.fromEntries(updates.map((subject) => [subject, { once, always }])),
});

export const updateRows: readonly Row<Update>[] = [
  row("sandbox", "reset", "connection reset, nothing done", undone(1)),
  row("sandbox", "hang", "no answer, nothing done", undone(1)),
  row("sandbox", "truncate", "a 500 cut short, nothing done", undone(1)),
  row("sandbox", "html_503", "a proxy's page, nothing done", undone(1)),
  row("sandbox", "error:500:UNEXPECTED_ERROR", "a 500, nothing done", undone(1)),
  row("sandbox", "empty_401", "the token is not known any more: one renewal, which is no repeat", [
    updated(2),
    failed("unauthenticated", "after_fix", 2),
  ]),
  row("sandbox", "error:400:VALIDATION_ERROR", "a 400 that may have acted", plain("invalid_input")),
  row("sandbox", "error:400:", "a 400 without an errorCode", plain("invalid_input")),
  row("sandbox", "error:401:USER_UNAUTHORIZED", "a role is missing", plain("forbidden")),
  row("sandbox", "error:402:NO_PAYMENT_INFORMATION_FOUND", "no card", plain("payment_required")),
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
    updated(2),
    failed("rate_limited", "after_delay", 3),
  ]),
  row("sandbox", "delay:2000", "done after 2 s", both(updated(1))),
  row("sandbox", "commit_then_reset", "done, then the connection reset", done),
  row("sandbox", "commit_then_hang", "done, then no answer", done),
  row("sandbox", "commit_then_truncate", "done, the answer cut short", done),
  row("sandbox", "commit_then_500", "done, then a 500", done),
  row(
    "sandbox",
    "commit_then_error:400:VALIDATION_ERROR",
    "done, then a refusal of its tags",
    done,
  ),
  ...strangers.flatMap(([fault, meaning]) => [
    row("sandbox", fault, `${meaning}, nothing done`, undone(1)),
    row("sandbox", `commit_then_${fault}`, `done, then ${meaning}`, done),
  ]),

  row("wire", "pass", "nothing goes wrong", both(updated(1))),
  row("wire", "reset_before_forward", "reset before anything arrived", undone(0)),
  row("wire", "reset_before_answer", "done, reset before the answer", done),
  row("wire", "reset_after_first_byte", "done, reset after one byte of the answer", done),
  row("wire", "truncate:20", "done, the head of the answer cut short", done),
  row("wire", "truncate:-1", "done, the last byte of the body missing", done),
  row("wire", "black_hole_undelivered", "nothing arrives, nothing answers", undone(0)),
  row("wire", "black_hole_delivered", "done, nothing answers", done),
  // The first arrives when the second has done the work: it has the same effect.
  row("wire", "held:16000", "arrives and is done after 16 s, past the time-out of 10 s", [
    updated(2, 1),
    found(2, 1),
  ]),
  row("wire", "latency:2000", "the answer 2 s late", both(updated(1))),
  row("wire", "latency:12000", "the answer 12 s late, past the time-out of 10 s", done),
  row("wire", "garbage", "done, the answer is no HTTP", done),
  row("wire", "portal", "somebody else's page with status 200, nothing arrived", undone(0)),
  row("wire", "drip", "the answer byte by byte", both(updated(1))),
];
