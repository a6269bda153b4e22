/** An HTTP error response with a JSON-RPC error as its body. `code` is by default JSON-RPC's server error. */
export const refusal = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
  code = -32000,
): Response =>
  Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status, headers });
