/** HTTP error responses with a JSON-RPC error as their body. */
import type { RequestId } from "@modelcontextprotocol/server";
import { isRecord } from "../../../common/json.ts";
import { rpcError } from "../messages.ts";

type More = {
  headers?: Record<string, string>;
  /** Default: JSON-RPC's server error. */
  code?: number;
  /** The id of the request; default: null. */
  id?: RequestId | null | undefined;
};

export const refusal = (
  status: number,
  message: string,
  { headers = {}, code = -32000, id = null }: More = {},
): Response => Response.json(rpcError(id, code, message), { status, headers });

/** The same response. An error that the SDK sends without the id of its request gets the id. */
export const withId = async (response: Response, id: RequestId | undefined): Promise<Response> => {
  if (response.status < 400 || id === undefined) return response;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (!isRecord(body) || !("error" in body) || body.id !== null) return response;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return Response.json({ ...body, id }, { status: response.status, headers });
};
