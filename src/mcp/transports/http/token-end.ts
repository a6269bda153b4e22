/** Ends the responses to a request when its token ends: it expires, or is taken out of the token file. */
import { endable } from "./response-end.ts";
import { isStream } from "./response-type.ts";
import type { VerifiedCaller } from "./verifier.ts";

export type TokenEnds = {
  /** Serves a request. `refuse` answers it if the token ends before there is a response. */
  serve(
    verified: VerifiedCaller,
    work: () => Promise<Response>,
    refuse: () => Response,
  ): Promise<Response>;
  /** Looks at all tokens now. */
  check(): void;
  close(): void;
};

type Open = { isValid(): boolean; end(): void };

const checkMs = 1000;

export const createTokenEnds = (): TokenEnds => {
  const opened = new Set<Open>();
  const check = () => {
    for (const open of opened) {
      if (open.isValid()) continue;
      opened.delete(open);
      open.end();
    }
  };
  const timer = setInterval(check, checkMs);
  timer.unref();

  /** The response, or the refusal if the token ends first. The call goes on, as after a lost response. */
  const answerInTime = (open: Open, work: () => Promise<Response>, refuse: () => Response) =>
    new Promise<Response>((resolve, reject) => {
      let isEnded = false;
      open.end = () => {
        isEnded = true;
        resolve(refuse());
      };
      work().then((response) => {
        if (isEnded) void response.body?.cancel().catch(() => {});
        else resolve(response);
      }, reject);
    });

  return {
    serve: async ({ isValid }, work, refuse) => {
      if (isValid === undefined) return work();
      const open: Open = { isValid, end: () => {} };
      opened.add(open);
      let isOpen = false;
      try {
        const response = await answerInTime(open, work, refuse);
        if (!isStream(response)) return response;
        isOpen = true;
        const { response: followed, cut } = endable(response, () => void opened.delete(open));
        open.end = cut;
        return followed;
      } finally {
        if (!isOpen) opened.delete(open);
      }
    },
    check,
    close: () => clearInterval(timer),
  };
};
