import type { JsonObject } from "../json.ts";
import type { Call, OperationResult } from "./operation.ts";
import { countParameter, flagParameter } from "./query.ts";

const maxPageNumber = 1_000_000;

type Page = { pageNum: number; itemsPerPage: number; includeCount: boolean };

/** Which page a call asks for; refuses one that cannot be, for whoever has something to do before answering. */
export const readPage = ({ query }: Call): Page => ({
  pageNum: countParameter(query, "pageNum", 1, maxPageNumber),
  itemsPerPage: countParameter(query, "itemsPerPage", 100, 500),
  includeCount: flagParameter(query, "includeCount", true),
});

/**
 * Answers one page of a list. `filters` are the parameters of the operation's own, which the links
 * repeat between includeCount and pageNum as the live API does.
 */
export const createPage = (
  call: Call,
  items: JsonObject[],
  filters: readonly (readonly [string, string])[] = [],
): OperationResult => {
  const { pageNum, itemsPerPage, includeCount } = readPage(call);
  const start = (pageNum - 1) * itemsPerPage;

  const link = (rel: string, page: number): JsonObject => {
    const query = new URLSearchParams({ includeCount: String(includeCount) });
    for (const [name, value] of filters) query.append(name, value);
    query.append("pageNum", String(page));
    query.append("itemsPerPage", String(itemsPerPage));
    return { href: `${call.origin}${call.path}?${query}`, rel };
  };

  return {
    status: 200,
    list: true,
    body: {
      links: [
        ...(pageNum > 1 ? [link("previous", pageNum - 1)] : []),
        link("self", pageNum),
        ...(start + itemsPerPage < items.length ? [link("next", pageNum + 1)] : []),
      ],
      results: items.slice(start, start + itemsPerPage),
      ...(includeCount ? { totalCount: items.length } : {}),
    },
  };
};
