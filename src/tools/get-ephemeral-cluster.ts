import * as z from "zod/v4";
import { fail } from "../common/failure.ts";
import { lookAtEphemeral, nowOf } from "../operations/ephemeral-cluster.ts";
import { defineRead } from "./define.ts";
import {
  clusterName,
  ephemeralAlways,
  ephemeralBody,
  ephemeralContextOf,
  ephemeralMembers,
  placeOf,
} from "./ephemeral.ts";

const noFile = (name: string, path: string): never =>
  fail(
    "not_found",
    `This server has no credentials of an ephemeral cluster ${name} in ${path}. Atlas has no look-up by name.`,
    { suggestions: [{ suggest: "create_ephemeral" }] },
  );

/** Looks at an ephemeral cluster that this server has made. */
export const getEphemeralCluster = defineRead({
  name: "get_ephemeral_cluster",
  title: "Get ephemeral cluster",
  description:
    "Shows the status of an ephemeral MongoDB Atlas cluster that this server created: PROVISIONING, ACTIVE, PAUSED, or gone.",
  searchHint: "status of a temporary MongoDB Atlas cluster, when it is paused, deleted or claimed",
  access: "read",
  hasCard: true,
  ephemeral: true,
  input: z.strictObject({ clusterName }),
  output: ephemeralMembers,
  always: ephemeralAlways,
  suggests: {
    look_up_ephemeral: ({ clusterName }) => ({
      arguments: { clusterName },
      why: "Shows whether it is ready.",
    }),
  },
  run: async ({ clusterName: name }, context) => {
    const own = ephemeralContextOf(context);
    const place = placeOf(name, context);
    const path = own.files.pathOf(place);
    const file = await own.files.find(place);
    if (file === undefined) return noFile(name, path);
    if (file.kind === "foreign")
      return fail("forbidden", `${path} is no file that this server has written, or was changed.`);
    if (file.kind === "reserved") {
      const isAbandoned = (await own.files.holder(place, nowOf(own))) === undefined;
      if (isAbandoned) return noFile(name, path);
      return fail(
        "conflict",
        `A call is making ephemeral cluster ${name}, or ended before Atlas answered; then the name is free again 15 minutes after it began.`,
        { retry: "after_delay", retryAfterSeconds: 10 },
      );
    }
    return ephemeralBody("found", await lookAtEphemeral(place, file, own), context);
  },
});
