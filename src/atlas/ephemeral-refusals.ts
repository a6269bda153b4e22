/** What refusals of ephemeral clusters mean (docs/atlas.md#ephemeral-clusters): no credentials are sent, and one limit is shared by everybody. */
import type { Failure } from "../common/failure.ts";
import { type AtlasResponse, classify } from "./classify.ts";

/** The limit that all callers share says no time to wait, unlike a caller's own. */
const sharedLimit = (response: AtlasResponse): Failure => ({
  ...classify(response),
  code: "quota_exceeded",
  retry: "after_fix",
  message:
    "Atlas makes no more ephemeral clusters at this time: the limit that all its callers share is reached, and it does not say for how long. With an account there is another way: a person makes an ordinary free cluster (M0) at https://cloud.mongodb.com, or this server gets credentials and makes a flex cluster.",
});

/** It asks for a login, or does not know the operation: this is no longer the public preview that is documented. */
const notOffered = (response: AtlasResponse): Failure => ({
  ...classify(response),
  code: "unavailable",
  retry: "never",
  suggestions: [],
  message: `The configured address does not offer ephemeral clusters without an account (HTTP ${response.status}): the preview may have changed or ended. The operator of this server can check MONGODB_ATLAS_BASE_URL, and whether a newer version of it knows more.`,
});

const withoutWait = (failed: Failure): Failure => {
  const { retryAfterSeconds: _, ...rest } = failed;
  return rest;
};

const isNotOffered = ({ status }: AtlasResponse): boolean =>
  status === 401 || status === 403 || status === 405 || status === 406;

/** The failure for a refused create, where it means something of its own. */
export const refusedCreate = (response: AtlasResponse): Failure | undefined => {
  if (response.status === 429 && response.retryAfterSeconds === undefined)
    return withoutWait(sharedLimit(response));
  return isNotOffered(response) || response.status === 404 ? notOffered(response) : undefined;
};

/** The failure for a refused look, where it means something of its own. */
export const refusedLook = (response: AtlasResponse): Failure | undefined =>
  isNotOffered(response) ? notOffered(response) : undefined;
