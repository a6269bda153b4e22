import type { Answer } from "./answer.ts";
import { deliver } from "./deliver.ts";
import type { Exchange } from "./exchange.ts";
import type { Target } from "./fault-script.ts";
import { answerRevoke, answerToken } from "./oauth.ts";
import { logRequest } from "./request-log.ts";
import type { Twin } from "./twin.ts";

const TOKEN: Target = { id: "token", isApi: false, changes: [] };
const REVOKE: Target = { id: "revoke", isApi: false, changes: [] };

/** The OAuth endpoints as targets of faults. */
export const OAUTH_TARGETS: readonly Target[] = [TOKEN, REVOKE];

/** Serves POST /api/oauth/token. */
export function serveToken(twin: Twin, exchange: Exchange): Promise<void> {
  return serve(twin, exchange, TOKEN, answerToken);
}

/** Serves POST /api/oauth/revoke. */
export function serveRevoke(twin: Twin, exchange: Exchange): Promise<void> {
  return serve(twin, exchange, REVOKE, answerRevoke);
}

async function serve(
  twin: Twin,
  exchange: Exchange,
  target: Target,
  answer: (twin: Twin, exchange: Exchange) => Answer,
): Promise<void> {
  const entry = logRequest(twin.log, exchange, target.id, twin.clock());
  await deliver(twin, exchange, entry, {
    target,
    mutates: true,
    // Only a scripted 429 looks at this: the endpoint's own limit is another (10 a minute).
    limit: { name: target.id, scope: "user", capacity: 10, refill: 10 },
    limitedPath: `api/oauth/${target.id}`,
    act: () => answer(twin, exchange),
  });
}
