/** The operations of the table of plain answers. */
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { createApiError } from "../errors/api-error.ts";
import { findOwner } from "../settings/store.ts";
import { type PlainRead, plainReads } from "./table.ts";

const providers = ["AWS", "AZURE", "GCP"];

const checkProvider = (call: Call): void => {
  const provider = pathParameter(call, "cloudProvider");
  if (provider !== "" && !providers.includes(provider)) {
    throw createApiError("INVALID_PROVIDER", { provider });
  }
};

const toOperation = ([id, path, endpointSet, body, version, later]: PlainRead): Operation => ({
  id,
  method: "GET",
  path,
  version: version ?? "2023-01-01",
  laterVersions: later === undefined ? [] : [later],
  endpointSet,
  run: (call) => {
    const ownerId = findOwner(call);
    checkProvider(call);
    if (body === "page") return createPage(call, []);
    return {
      status: 200,
      body: JSON.parse(JSON.stringify(body).replaceAll("{groupId}", ownerId)),
    };
  },
});

export const plainReadOperations: readonly Operation[] = plainReads.map(toOperation);
