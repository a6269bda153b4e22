/** The address from which a caller comes, as clients of Atlas ask for it. Atlas does not document it (docs/atlas.md#ip-access-list). */
import type { SandboxContext } from "../context.ts";
import type { HttpRequest } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import { createJsonResponse } from "../http/response.ts";
import { authenticate } from "./authenticate.ts";
import { send } from "./deliver.ts";

/** Serves GET /api/private/ipinfo. */
export const serveIpInfo = (sandbox: SandboxContext, request: HttpRequest): void => {
  const entry = logRequest(sandbox.log, request, "getIpInfo", sandbox.clock());
  const authentication = authenticate(sandbox, request);
  if ("refusal" in authentication) {
    send(request, entry, authentication.refusal);
    return;
  }
  const body = { currentIpv4Address: request.remoteAddress.replace(/^::ffff:/, "") };
  const style = { envelope: false, pretty: false };
  send(request, entry, createJsonResponse(200, body, "application/json", style, {}));
};
