/** Checks what arrives as a message, because the SDK is silent about what is none. */
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
} from "@modelcontextprotocol/server";
import { isRecord } from "../../common/json.ts";

/** An error as JSON-RPC answers it. `id` is null if the message has no id that can be told. */
export type RpcError = {
  jsonrpc: "2.0";
  id: RequestId | null;
  error: { code: number; message: string };
};

/**
 * `ignored` is a broken notification or response: JSON-RPC answers neither, also not with an error. `instead` is for the SDK,
 * whose request would wait for a response in vain.
 */
export type Incoming =
  | { message: JSONRPCMessage }
  | { refused: RpcError }
  | { ignored: string; instead?: JSONRPCMessage };

export const rpcError = (id: RequestId | null, code: number, message: string): RpcError => ({
  jsonrpc: "2.0",
  id,
  error: { code, message },
});

/** Whether a message that was read is a request. Cheaper than the SDK's check, which parses it again. */
export const isRequest = (message: JSONRPCMessage): message is JSONRPCRequest =>
  "method" in message && "id" in message;

/** The ids of the requests in a message or a batch that was read. */
export const requestIdsOf = (body: JSONRPCMessage | readonly JSONRPCMessage[]): RequestId[] =>
  [body].flat().flatMap((message) => (isRequest(message) ? [message.id] : []));

/** The most messages in a batch, which is the SDK's limit over HTTP. */
const mostInBatch = 100;

/** What is wrong with a batch as a whole. */
export const batchProblem = (batch: readonly unknown[]): RpcError | undefined => {
  if (batch.length === 0) return rpcError(null, -32600, "Invalid Request: the batch is empty");
  return batch.length > mostInBatch
    ? rpcError(null, -32600, `Invalid Request: a batch has at most ${mostInBatch} messages`)
    : undefined;
};

// Deeper members are the business of the tools. The bound also keeps deeply nested JSON from the stack.
const levels = 8;

const hasNull = (value: unknown, left: number): boolean =>
  left > 0 &&
  isRecord(value) &&
  Object.values(value).some((member) => member === null || hasNull(member, left - 1));

/** Without the members that are null. Some hosts send null for what is absent, and the SDK refuses that. */
const presentIn = (value: Record<string, unknown>, left = levels): Record<string, unknown> => {
  if (!hasNull(value, left)) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    present.map(([name, member]) => [
      name,
      isRecord(member) && left > 1 ? presentIn(member, left - 1) : member,
    ]),
  );
};

/** The arguments of a tool keep their nulls: the tool's own schema decides about them. */
const paramsOf = (method: string, params: Record<string, unknown>): Record<string, unknown> => {
  if (method !== "tools/call" || !isRecord(params.arguments)) return presentIn(params);
  const { arguments: args, ...others } = params;
  return { ...presentIn(others), arguments: args };
};

const isValidId = (id: unknown): id is RequestId =>
  typeof id === "string" || Number.isSafeInteger(id);

const validId = "must be a string or a safe integer (at most 2^53 - 1)";

/** The id to answer with, whether or not it is a valid one. JavaScript has rounded an integer that is too large. */
const idOf = ({ id }: Record<string, unknown>): RequestId | null =>
  isValidId(id) || (typeof id === "number" && Math.abs(id) < Number.MAX_SAFE_INTEGER) ? id : null;

type Call = { method: string; params: Record<string, unknown> | undefined };
type Problem = { code: number; why: string };

/** Reads the members that requests and notifications share. */
const readCall = ({ jsonrpc, method, params }: Record<string, unknown>): Call | Problem => {
  if (jsonrpc !== "2.0") return { code: -32600, why: 'Invalid Request: "jsonrpc" must be "2.0"' };
  if (typeof method !== "string")
    return { code: -32600, why: 'Invalid Request: "method" must be a string' };
  if (params === undefined || isRecord(params)) return { method, params };
  const why = 'Invalid params: "params" must be an object; leave it out if it is empty';
  return { code: -32602, why };
};

const metaProblem = (meta: unknown): string => {
  if (!isRecord(meta)) return 'Invalid params: "_meta" must be an object';
  const { progressToken: token } = meta;
  return token === undefined || isValidId(token)
    ? 'Invalid params: "_meta" is not valid'
    : `Invalid params: "_meta.progressToken" ${validId}`;
};

const readRequest = (value: Record<string, unknown>): Incoming => {
  const id = idOf(value);
  if (!isValidId(id)) return { refused: rpcError(id, -32600, `Invalid Request: "id" ${validId}`) };
  const call = readCall(value);
  if ("why" in call) return { refused: rpcError(id, call.code, call.why) };
  const { method, params } = call;
  const cleaned = params === undefined ? {} : { params: paramsOf(method, params) };
  const message: unknown = { jsonrpc: "2.0", id, method, ...cleaned };
  return isJSONRPCRequest(message)
    ? { message }
    : { refused: rpcError(id, -32602, metaProblem(cleaned.params?._meta)) };
};

const readNotification = (value: Record<string, unknown>): Incoming => {
  const call = readCall(value);
  // JSON-RPC's own example: without a method that can be read, it is not a notification either.
  if ("why" in call && typeof value.method !== "string")
    return { refused: rpcError(null, call.code, call.why) };
  if ("why" in call) return { ignored: call.why };
  const { method, params } = call;
  const cleaned = params === undefined ? {} : { params: presentIn(params) };
  const message: unknown = { jsonrpc: "2.0", method, ...cleaned };
  return isJSONRPCNotification(message)
    ? { message }
    : { ignored: 'Invalid params: the "params" of the notification are not valid' };
};

const readResponse = ({ jsonrpc, id, result, error }: Record<string, unknown>): Incoming => {
  const message =
    error === undefined || error === null
      ? { jsonrpc, id, result: isRecord(result) ? presentIn(result) : result }
      : { jsonrpc, id, error };
  if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) return { message };
  const ignored = "Invalid Request: the response is not valid";
  if (!isValidId(id)) return { ignored };
  return { ignored, instead: { jsonrpc: "2.0", id, error: { code: -32600, message: ignored } } };
};

/** Reads one message that was parsed from JSON. Drops members that the protocol does not know. */
export const readMessage = (value: unknown): Incoming => {
  if (!isRecord(value))
    return { refused: rpcError(null, -32600, "Invalid Request: a message must be an object") };
  if ("method" in value) return "id" in value ? readRequest(value) : readNotification(value);
  if ("result" in value || "error" in value) return readResponse(value);
  const why = 'Invalid Request: the message has no "method", "result" or "error"';
  return { refused: rpcError(idOf(value), -32600, why) };
};
