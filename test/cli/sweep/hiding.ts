/** The API of a sandbox whose list of projects can be made empty, while the projects are there. */
import { forwardTo } from "./forward.ts";

const isList = (path: string): boolean => /^\/api\/atlas\/v2\/groups(\?|$)/.test(path);

export const startHiding = async (url: string) => {
  let isHidden = false;
  return {
    url: await forwardTo(url, {
      bodyOf: (path, body) => (isHidden && isList(path) ? '{"results":[],"totalCount":0}' : body),
    }),
    hide: (hidden = true) => {
      isHidden = hidden;
    },
  };
};
