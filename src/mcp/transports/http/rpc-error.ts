/** What is refused before it reaches the protocol: an HTTP status with a JSON-RPC error as its body. */

/** The answer to a message that is not taken; `code` is JSON-RPC's own "server error" where no better one exists. */
export const refusal = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
  code = -32000,
): Response =>
  Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status, headers });
