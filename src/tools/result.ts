/** What a tool returns. The result of a call adds to it; schema/result-schema.ts declares what results look like. */
import type * as z from "zod/v4";
import type { Suggestion } from "../common/failure.ts";
import type { members } from "./schema/members.ts";

/** The outcomes of a success, by the access of the tool. */
export const outcomes = {
  read: ["found"],
  create: ["created", "existing", "would_create"],
  update: ["updated", "unchanged", "would_update"],
  delete: ["deleted", "absent", "would_delete"],
} as const;

/** What a tool does. */
export type Access = keyof typeof outcomes;

/** `deleting` is of `sweep` alone, which does not wait: Atlas has accepted the delete. */
export type Outcome = (typeof outcomes)[Access][number] | "deleting";

export type Member = keyof typeof members;

type Members = { [M in Member]?: z.output<(typeof members)[M]> };

/** What a tool returns; the result adds `status` and `backend`, and turns suggestions into next actions. */
export type Body = { outcome: Outcome; suggestions?: Suggestion[] } & Members;

/** A body that has these members. */
export type BodyWith<M extends Member> = Body & Required<Pick<Members, M>>;
