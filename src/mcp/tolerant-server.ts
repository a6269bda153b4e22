/** The SDK's server, for hosts that send `arguments` in another form than the protocol's. */
import {
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { isRecord, parseJson } from "../common/json.ts";

type Args = Record<string, unknown>;

/** The arguments as an object: null and an empty text are none, and the JSON text of an object is that object. */
const argumentsIn = (value: unknown): Args => {
  if (value === undefined || value === null) return {};
  const object =
    typeof value !== "string" ? value : value.trim() === "" ? {} : parseJson(value)?.value;
  if (isRecord(object)) return object;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'Invalid params: "arguments" must be an object',
  );
};

/** An argument of a prompt, which is always text. */
const toText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** The arguments of a prompt: null is absent, and a number or anything else becomes text. */
const promptArguments = (args: Args): Args =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      value === null ? [] : [[name, toText(value)]],
    ),
  );

const forms: Readonly<Record<string, (args: Args) => Args>> = {
  "tools/call": (args) => args,
  "prompts/get": promptArguments,
};

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/**
 * A class, because the SDK checks `arguments` before it calls a handler, and this method is the place that it leaves
 * open before that check.
 */
export class TolerantServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    const form = forms[method];
    if (form === undefined) return wrapped;
    // Async, so that a refusal is a rejection.
    return async (request, context) => {
      const args = form(argumentsIn(request.params?.arguments));
      return wrapped({ ...request, params: { ...request.params, arguments: args } }, context);
    };
  }
}
