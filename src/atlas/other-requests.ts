/** Requests that are not of the Admin API's dated versions. Each is data; nothing is sent here. */
import type { Secret } from "../common/secret.ts";
import { refusedCreate, refusedLook } from "./ephemeral-refusals.ts";
import { type AtlasRequest, id, operationsOf } from "./request.ts";
import {
  type EphemeralCluster,
  ephemeralCluster,
  newEphemeralCluster,
} from "./resources/ephemeral-cluster.ts";
import { type IpInfo, ipInfo } from "./resources/ip-info.ts";

const preview = operationsOf("preview");

const ephemeralClusters = "/unauth/ephemeralClusters";

/** Needs no credentials, as the next one does not (docs/atlas.md#ephemeral-clusters). */
export const createEphemeralCluster = (clusterName: string): AtlasRequest<EphemeralCluster> => ({
  ...preview.post(`${ephemeralClusters}:create`, { clusterName }, newEphemeralCluster),
  refusal: refusedCreate,
});

export const getEphemeralCluster = (clusterId: Secret): AtlasRequest<EphemeralCluster> => ({
  ...preview.get(`${ephemeralClusters}/${id(clusterId.reveal())}`, ephemeralCluster(clusterId)),
  refusal: refusedLook,
});

/** The address from which Atlas sees this server. Not documented; the official MCP server uses it (docs/atlas.md#ip-access-list). */
export const getIpInfo = (): AtlasRequest<IpInfo> => ({
  method: "GET",
  path: "/api/private/ipinfo",
  version: "json",
  read: ipInfo,
});
