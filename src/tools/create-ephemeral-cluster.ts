import * as z from "zod/v4";
import { createEphemeralCluster as request } from "../atlas/other-requests.ts";
import { raise } from "../common/failure.ts";
import {
  existingEphemeral,
  makeEphemeral,
  nowOf,
  takenName,
} from "../operations/ephemeral-cluster.ts";
import { createOptions } from "./arguments.ts";
import { defineChange, type Risk } from "./define.ts";
import {
  clusterName,
  defaultName,
  ephemeralAlways,
  ephemeralBody,
  ephemeralContextOf,
  ephemeralMembers,
  placeOf,
} from "./ephemeral.ts";

/** What a person agrees to (docs/atlas.md#ephemeral-clusters). */
const terms: Risk = {
  says: "To make it is to agree to MongoDB's Cloud Terms of Service (https://www.mongodb.com/legal/terms-and-conditions/cloud) and Privacy Policy (https://www.mongodb.com/legal/privacy/privacy-policy). Whoever has its generated password can connect from any address (0.0.0.0/0). Atlas pauses it 2 days after its creation, and deletes it with its data after 7, unless a person claims it.",
};

// Atlas's only place for them.
const details = { provider: "AWS", region: "US_EAST_1" };

/** Makes a real cluster without an account. Its secrets go only into a file. */
export const createEphemeralCluster = defineChange({
  name: "create_ephemeral_cluster",
  title: "Create ephemeral cluster",
  description:
    "Creates a temporary MongoDB Atlas cluster (M0, AWS) that needs no account: paused after 2 days, deleted after 7 unless a person claims it. Connection string and claim URL go to a file (credentialsFile), never into an answer.",
  searchHint:
    "create a temporary MongoDB Atlas database without an account, for a try or prototype",
  access: "create",
  kind: "ephemeralCluster",
  ephemeral: true,
  input: z.strictObject({ clusterName: clusterName.optional(), ...createOptions }),
  output: [...ephemeralMembers, "request", "receipt"],
  always: ephemeralAlways,
  suggests: {
    create_ephemeral: ({ clusterName }) => ({
      arguments: { clusterName },
      why: "Makes an ephemeral cluster of this name.",
    }),
  },
  change: ({ clusterName: name = defaultName }) => ({ name, details, risks: [terms] }),
  plan: async ({ clusterName: name = defaultName, ifExists }, context) => {
    const place = placeOf(name, context);
    const own = ephemeralContextOf(context);
    const held = await own.files.holder(place, nowOf(own));
    if (held === undefined) return { request: request(name), pending: place };
    const isHere = held.kind === "made" && held.address === own.address;
    if (!isHere || ifExists !== "return") return raise(await takenName(place, own));
    const body = ephemeralBody("existing", await existingEphemeral(place, held, own), context);
    return { request: request(name), done: body };
  },
  apply: async (place, _input, context) => {
    const { aside, ...made } = await makeEphemeral(place, ephemeralContextOf(context));
    const body = ephemeralBody("created", made, context);
    if (aside === undefined) return body;
    return {
      ...body,
      note: `${body.note} The file of an earlier cluster of this name is ${aside}.`,
    };
  },
});
