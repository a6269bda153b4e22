/** Serves a connection one request at a time. Node serves all requests of a chunk in one turn, so a client that does not wait for responses could hold up everybody else. */
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";

/** Closes a connection that sends a request before the response to the one before is complete (pipelining, RFC 9112 9.3.2, which clients of MCP do not use). */
export const oneAtATime = (serve: RequestListener): RequestListener => {
  const busy = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    response.once("close", () => busy.delete(socket));
    serve(request, response);
  };
};
