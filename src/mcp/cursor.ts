import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

/** Refuses a cursor: none is handed out, because each list has one page. Empty is absent, as in all that hosts send. */
export const checkCursor = (params: { cursor?: string | undefined } | undefined): void => {
  if (!params?.cursor) return;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'Invalid params: "cursor" is not known; leave it out to get the whole list',
  );
};
