import type { Twin } from "../context.ts";
import type { Target } from "../faults/script.ts";
import { deliver } from "../http/deliver.ts";
import type { Exchange } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import type { Answer } from "../http/response.ts";
import { answerRevoke, answerToken } from "./oauth.ts";

const TOKEN: Target = { id: "token", isApi: false, changes: [] };
const REVOKE: Target = { id: "revoke", isApi: false, changes: [] };

/** The OAuth endpoints as targets of faults. */
export const OAUTH_TARGETS: readonly Target[] = [TOKEN, REVOKE];

const serve = async (
  twin: Twin,
  exchange: Exchange,
  target: Target,
  answer: (twin: Twin, exchange: Exchange) => Answer,
): Promise<void> => {
  const entry = logRequest(twin.log, exchange, target.id, twin.clock());
  await deliver(twin, exchange, entry, {
    target,
    mutates: true,
    // Only a scripted 429 looks at this: the endpoint's own limit is another (10 a minute).
    limit: { name: target.id, scope: "user", capacity: 10, refill: 10 },
    limitedPath: `api/oauth/${target.id}`,
    act: () => answer(twin, exchange),
  });
};

/** Serves POST /api/oauth/token. */
export const serveToken = (twin: Twin, exchange: Exchange): Promise<void> =>
  serve(twin, exchange, TOKEN, answerToken);

/** Serves POST /api/oauth/revoke. */
export const serveRevoke = (twin: Twin, exchange: Exchange): Promise<void> =>
  serve(twin, exchange, REVOKE, answerRevoke);
