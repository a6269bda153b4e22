/** What came of an operation, in the words of the table of faults. */
import { AtlasToolError } from "../../src/common/failure.ts";

export type Told = {
  status: "ok" | "error";
  outcome: string;
  reconciled?: true;
  code?: string;
  retry?: string;
};

/** How an operation has ended: with a result, or with a failure of ours. */
export const toldBy = (call: Promise<{ outcome: string; reconciled?: true }>): Promise<Told> =>
  call.then(
    ({ outcome, reconciled }) => ({ status: "ok", outcome, ...(reconciled ? { reconciled } : {}) }),
    (error: unknown): Told => {
      if (!(error instanceof AtlasToolError)) throw error;
      const { code, retry, outcome = "not_created" } = error.failure;
      return { status: "error", outcome, code, retry };
    },
  );
