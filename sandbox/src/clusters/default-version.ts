/** The version of MongoDB that new clusters have, as the Atlas CLI asks for it, without credentials. Atlas does not document it. */
import type { SandboxContext } from "../context.ts";
import type { HttpRequest } from "../http/request.ts";
import { logRequest } from "../http/request-log.ts";
import { send } from "../routes/deliver.ts";
import { defaultMajorVersion } from "./settings.ts";

/** Serves GET /api/private/unauth/nds/defaultMongoDBMajorVersion: plain text, as recorded. */
export const serveDefaultVersion = (sandbox: SandboxContext, request: HttpRequest): void => {
  const id = "getDefaultMongoDBMajorVersion";
  const entry = logRequest(sandbox.log, request, id, sandbox.clock());
  const headers = { "Content-Type": "text/plain;charset=iso-8859-1", Vary: "Accept-Encoding" };
  send(request, entry, { status: 200, headers, body: defaultMajorVersion });
};
