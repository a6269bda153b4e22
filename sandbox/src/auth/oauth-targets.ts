import type { SandboxContext } from "../context.ts";
import type { FaultTarget } from "../faults/script.ts";
import { deliver } from "../http/deliver.ts";
import type { HttpRequest } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import type { HttpResponse } from "../http/response.ts";
import { handleRevoke, handleToken } from "./oauth.ts";

const tokenTarget: FaultTarget = { id: "token", isApi: false, operationFaults: [] };
const revokeTarget: FaultTarget = { id: "revoke", isApi: false, operationFaults: [] };

/** The OAuth endpoints as targets of faults. */
export const oauthTargets: readonly FaultTarget[] = [tokenTarget, revokeTarget];

const serve = async (
  sandbox: SandboxContext,
  request: HttpRequest,
  target: FaultTarget,
  response: (sandbox: SandboxContext, request: HttpRequest) => HttpResponse,
): Promise<void> => {
  const entry = logRequest(sandbox.log, request, target.id, sandbox.clock());
  await deliver(sandbox, request, entry, {
    target,
    mutates: true,
    // Only a scripted 429 looks at this: the endpoint's own limit is another (10 a minute).
    endpointSet: { name: target.id, scope: "user", capacity: 10, refill: 10 },
    limitedPath: `api/oauth/${target.id}`,
    respond: () => response(sandbox, request),
  });
};

/** Serves POST /api/oauth/token. */
export const serveToken = (sandbox: SandboxContext, request: HttpRequest): Promise<void> =>
  serve(sandbox, request, tokenTarget, handleToken);

/** Serves POST /api/oauth/revoke. */
export const serveRevoke = (sandbox: SandboxContext, request: HttpRequest): Promise<void> =>
  serve(sandbox, request, revokeTarget, handleRevoke);
